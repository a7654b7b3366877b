"""A typical fake in Express: fakes/express_fake.js."""

import json
from pathlib import Path

from harness import paths
from harness.peer import Peer, Work, groups_file, npm, rest_work
from harness.request import Request
from harness.server import Program, Server

PATH = "/accounts/a1/access/groups"


class ExpressFake(Peer):
    name = "Express fake"
    version = "5.3.0"
    package = "express"
    script = "express_fake.js"

    def install(self, folder: Path) -> None:
        npm(folder, f"{self.package}@{self.version}")

    def program(self, folder: Path, groups: int) -> Program:
        environment = {"NODE_PATH": str(folder / "node_modules"), "NODE_ENV": "production",
                       "GROUPS": str(groups_file(groups))}
        return Program(self.package, ["node", str(paths.LOAD / "fakes" / self.script), "{port}"],
                       Request("GET", f"{PATH}?per_page=1"), environment)

    def work(self, server: Server, groups: int) -> Work:
        return rest_work(PATH, groups)

    def count(self, server: Server) -> int:
        response = server.expect_success(Request("GET", f"{PATH}?per_page=1"))
        return json.loads(response.body)["result_info"]["total_count"]
