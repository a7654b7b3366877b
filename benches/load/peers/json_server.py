"""json-server: a REST API over a JSON file, which it writes with each change."""

import json
from pathlib import Path

from harness import places
from harness.peer import Peer, Work, example_groups, npm, rest_work
from harness.request import Request
from harness.server import Program, Server


class JsonServer(Peer):
    name = "json-server"
    version = "0.17.4"
    note = "without its log"

    def install(self, folder: Path) -> None:
        npm(folder, f"json-server@{self.version}")

    def program(self, folder: Path, groups: int) -> Program:
        # It writes here what is created.
        file = places.scratch("json-server.json")
        file.write_text(json.dumps({"groups": example_groups(groups)}))
        script = folder / "node_modules/json-server/lib/cli/bin.js"
        return Program("json-server", ["node", str(script), "--port", "{port}", "--host", "127.0.0.1", "--quiet",
                                       str(file)], Request("GET", "/groups?_page=1&_limit=1"))

    def work(self, server: Server, groups: int) -> Work:
        return rest_work("/groups", groups, "_page={page}&_limit={length}")

    def count(self, server: Server) -> int:
        answer = server.must_answer(Request("GET", "/groups?_page=1&_limit=1"))
        return int(answer.header("X-Total-Count"))
