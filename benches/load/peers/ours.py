"""This server, with the same work as its peers."""

import json
from pathlib import Path

from harness import paths
from harness.dialects import BEARER, CLOUDFLARE, DIALECTS
from harness.peer import Peer, Work, rest_work
from harness.request import Request
from harness.server import Program, Server


class Ours(Peer):
    name = "access-groups-mock"
    version = "as built"
    note = "the cloudflare dialect"

    def installed(self) -> Path:
        return paths.build()[0]

    def program(self, folder: Path, groups: int) -> Program:
        return DIALECTS[0].program(folder, groups)

    def work(self, server: Server, groups: int) -> Work:
        plain = rest_work(CLOUDFLARE, groups)
        return Work(*([with_token(request) for request in requests]
                      for requests in (plain.gets, plain.creates, plain.pages)))

    def count(self, server: Server) -> int:
        response = server.expect_success(Request("GET", f"{CLOUDFLARE}?per_page=1", BEARER))
        return json.loads(response.body)["result_info"]["total_count"]


def with_token(request: Request) -> Request:
    return Request(request.method, request.path, BEARER | request.headers, request.body)
