"""A typical fake in FastAPI: fakes/fastapi_fake.py."""

import json
from pathlib import Path

from harness import paths
from harness.peer import Peer, Work, groups_file, pip, rest_work
from harness.request import Request
from harness.server import Program, Server

PATH = "/accounts/a1/access/groups"


class FastApiFake(Peer):
    name = "FastAPI fake"
    version = "0.165.0"
    note = "uvicorn with uvloop and httptools, without access log"

    def install(self, folder: Path) -> None:
        pip(folder, f"fastapi=={self.version}", "uvicorn==0.54.0", "uvloop", "httptools")

    def program(self, folder: Path, groups: int) -> Program:
        arguments = [str(folder / "venv/bin/uvicorn"), "fastapi_fake:app", "--app-dir", str(paths.LOAD / "fakes"),
                     "--port", "{port}", "--no-access-log", "--log-level", "warning"]
        return Program("fastapi", arguments, Request("GET", f"{PATH}?per_page=1"),
                       {"GROUPS": str(groups_file(groups))})

    def work(self, server: Server, groups: int) -> Work:
        return rest_work(PATH, groups)

    def count(self, server: Server) -> int:
        response = server.expect_success(Request("GET", f"{PATH}?per_page=1"))
        return json.loads(response.body)["result_info"]["total_count"]
