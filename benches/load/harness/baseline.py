"""The baseline: a bare axum handler that the server is compared with."""

import json
from pathlib import Path

from harness import paths
from harness.errors import HarnessError
from harness.request import Request, Response
from harness.server import Program, Server


def program(binary: Path, route: str, request: Request, response: Response) -> Program:
    """Returns the baseline that returns `response` for requests like `request`."""
    routes = [{
        "method": request.method, "path": route, "status": response.status,
        "headers": response.application_headers(), "body": response.body,
    }]
    file = paths.scratch("routes.json")
    file.write_text(json.dumps(routes))
    return Program("bare axum", [str(binary), "{port}", str(file)], request)


def expect_same_response(server: Server, request: Request, expected: Response) -> None:
    """Raises an error if the response of the baseline differs from that of the server."""
    received = server.send(request)
    same_headers = sorted(received.application_headers()) == sorted(expected.application_headers())
    if (received.status, received.body) != (expected.status, expected.body) or not same_headers:
        call = f"{request.method} {request.path}"
        raise HarnessError(f"the baseline responds to {call} differently from the server: {received}")
