"""HTTP requests: prepared ones for the load generator, and single ones of the harness."""

import http.client
from dataclasses import dataclass, field
from pathlib import Path

# A placeholder for eight digits that are unique to each request of a run: see requests.lua.
UNIQUE = "@@@@@@@@"

# The headers that the HTTP library of the baseline adds.
LIBRARY_HEADERS = {"connection", "content-length", "date", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def raw(self, port: int) -> str:
        """Returns the request in HTTP/1.1 format."""
        headers = {"Host": f"127.0.0.1:{port}"} | self.headers
        if self.body:
            headers["Content-Length"] = str(len(self.body.encode()))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{lines}\r\n{self.body}"


@dataclass(frozen=True)
class Response:
    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> str | None:
        return next((value for other, value in self.headers if other.lower() == name.lower()), None)

    def application_headers(self) -> list[tuple[str, str]]:
        """Returns the headers of the application, without those of its HTTP library."""
        return [(name.lower(), value) for name, value in self.headers if name.lower() not in LIBRARY_HEADERS]

    def is_success(self) -> bool:
        return 200 <= self.status < 300


def send(port: int, request: Request, number: int = 0, timeout: float = 30) -> Response:
    """Sends one request, and returns the response."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        body = request.body.replace(UNIQUE, f"{number:08d}").encode() if request.body else None
        path = request.path.replace(UNIQUE, f"{number:08d}")
        connection.request(request.method, path, body, request.headers)
        response = connection.getresponse()
        return Response(response.status, response.getheaders(), response.read().decode())
    finally:
        connection.close()


def prepare(file: Path, port: int, requests: list[Request]) -> None:
    """Writes the requests in the format of requests.lua."""
    file.write_text("\0".join(request.raw(port) for request in requests), newline="")
