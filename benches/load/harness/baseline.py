"""The baseline: bare axum with the same routes, each of which returns a prepared response."""

import json
from dataclasses import dataclass
from pathlib import Path

from harness import paths
from harness.dialects import Dialect, Operation
from harness.errors import HarnessError
from harness.request import Request, Response
from harness.server import Program, Server
from harness.settings import Settings

DOCUMENT = Request("GET", "/__admin/openapi.json")
METHODS = {"get", "put", "post", "delete", "options", "head", "patch"}


@dataclass(frozen=True)
class Pair:
    """The server, and the baseline that returns the server's response to the first of the requests."""

    ours: Program
    bare: Program
    requests: list[Request]
    response: Response


def pair(dialect: Dialect, operation: Operation, settings: Settings) -> Pair:
    """Returns the programs for an operation; raises an error if their responses differ."""
    ours_binary, baseline_binary = paths.build()
    ours = dialect.program(ours_binary, settings.groups)
    with Server(ours) as server:
        requests = operation.requests(server, settings.groups)
        response = server.expect_success(requests[0])
        server_routes = routes(server)
    bare = program(baseline_binary, server_routes, operation.route, requests[0], response)
    with Server(bare) as server:
        expect_same_response(server, requests[0], response)
    return Pair(ours, bare, requests, response)


def routes(server: Server) -> list[dict]:
    """Returns the vendors' routes of the server, each with an empty response."""
    document = json.loads(server.expect_success(DOCUMENT).body)
    return [
        {"method": method.upper(), "path": path, "status": 204, "headers": [], "body": ""}
        for described, operations in document["paths"].items() if not described.startswith("/__admin")
        for path in paths_of(described)
        for method in METHODS & operations.keys()
    ]


def paths_of(described: str) -> list[str]:
    """Returns the paths of the routes behind a path of the OpenAPI document."""
    if described.startswith(("/accounts/", "/zones/")):
        # Cloudflare's paths are also served without their prefix.
        return [described, f"/client/v4{described}"]
    # axum's router cannot match a suffix after a parameter; the server itself cuts off `.json`.
    return [described.replace("}.json", "}")]


def program(binary: Path, server_routes: list[dict], path: str, request: Request, response: Response) -> Program:
    """Returns the baseline with all routes; the one with `path` returns `response` to requests like `request`."""
    prepared = {
        "method": request.method, "path": path, "status": response.status,
        "headers": response.application_headers(), "body": response.body,
    }
    others = [route for route in server_routes if (route["method"], route["path"]) != (request.method, path)]
    if len(others) != len(server_routes) - 1:
        raise HarnessError(f"the server has no route {request.method} {path}")
    file = paths.scratch("routes.json")
    file.write_text(json.dumps([prepared, *others]))
    return Program("bare axum", [str(binary), "{port}", str(file)], request)


def expect_same_response(server: Server, request: Request, expected: Response) -> None:
    """Raises an error if the response of the baseline differs from that of the server."""
    received = server.send(request)
    same_headers = sorted(received.application_headers()) == sorted(expected.application_headers())
    if (received.status, received.body) != (expected.status, expected.body) or not same_headers:
        call = f"{request.method} {request.path}"
        raise HarnessError(f"the baseline responds to {call} differently from the server: {received}")
