"""json-server: a REST API for a JSON file that is written on every change."""

import json
from pathlib import Path

from harness import paths
from harness.peer import Peer, Work, example_groups, npm, rest_work
from harness.request import Request
from harness.server import Program, Server


class JsonServer(Peer):
    name = "json-server"
    version = "0.17.4"
    note = "without log"

    def install(self, folder: Path) -> None:
        npm(folder, f"json-server@{self.version}")

    def program(self, folder: Path, groups: int) -> Program:
        # The file is written on every creation.
        file = paths.scratch("json-server.json")
        file.write_text(json.dumps({"groups": example_groups(groups)}))
        script = folder / "node_modules/json-server/lib/cli/bin.js"
        return Program("json-server", ["node", str(script), "--port", "{port}", "--host", "127.0.0.1", "--quiet",
                                       str(file)], Request("GET", "/groups?_page=1&_limit=1"))

    def work(self, server: Server, groups: int) -> Work:
        return rest_work("/groups", groups, "_page={page}&_limit={length}")

    def count(self, server: Server) -> int:
        response = server.expect_success(Request("GET", "/groups?_page=1&_limit=1"))
        return int(response.header("X-Total-Count"))
