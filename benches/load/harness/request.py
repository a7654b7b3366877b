"""HTTP as the harness speaks it: prepared requests for the load generator, and single ones of its own."""

import http.client
from dataclasses import dataclass, field
from pathlib import Path

# Eight digits stand here in the end, which no other request of the run has: see requests.lua.
UNIQUE = "@@@@@@@@"

# What the HTTP library of the yardstick writes itself.
OWN_HEADERS = {"connection", "content-length", "date", "keep-alive", "transfer-encoding"}


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def raw(self, port: int) -> str:
        """The request as it goes over the wire."""
        headers = {"Host": f"127.0.0.1:{port}"} | self.headers
        if self.body:
            headers["Content-Length"] = str(len(self.body.encode()))
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"{self.method} {self.path} HTTP/1.1\r\n{lines}\r\n{self.body}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: str

    def header(self, name: str) -> str | None:
        return next((value for other, value in self.headers if other.lower() == name.lower()), None)

    def own_headers(self) -> list[tuple[str, str]]:
        """The headers that the application wrote, and not its HTTP library."""
        return [(name.lower(), value) for name, value in self.headers if name.lower() not in OWN_HEADERS]

    def is_fine(self) -> bool:
        return 200 <= self.status < 300


def ask(port: int, request: Request, number: int = 0, timeout: float = 30) -> Answer:
    """Makes one request and returns the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        body = request.body.replace(UNIQUE, f"{number:08d}").encode() if request.body else None
        path = request.path.replace(UNIQUE, f"{number:08d}")
        connection.request(request.method, path, body, request.headers)
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read().decode())
    finally:
        connection.close()


def prepare(file: Path, port: int, requests: list[Request]) -> None:
    """Writes the requests as requests.lua reads them."""
    file.write_text("\0".join(request.raw(port) for request in requests), newline="")
