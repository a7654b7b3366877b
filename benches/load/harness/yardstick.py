"""The bare axum handler that the server is held against."""

import json
from pathlib import Path

from harness import places
from harness.failure import Failure
from harness.request import Answer, Request
from harness.server import Program, Server


def program(binary: Path, route: str, request: Request, answer: Answer) -> Program:
    """A yardstick that gives `answer` to whatever `request` stands for."""
    routes = [{
        "method": request.method, "path": route, "status": answer.status,
        "headers": answer.own_headers(), "body": answer.body,
    }]
    file = places.scratch("routes.json")
    file.write_text(json.dumps(routes))
    return Program("bare axum", [str(binary), "{port}", str(file)], request)


def must_agree(server: Server, request: Request, expected: Answer) -> None:
    """Fails where the yardstick does not answer as the server did."""
    found = server.ask(request)
    same_headers = sorted(found.own_headers()) == sorted(expected.own_headers())
    if (found.status, found.body) != (expected.status, expected.body) or not same_headers:
        raise Failure(f"the yardstick answers {request.method} {request.path} otherwise than the server: {found}")
