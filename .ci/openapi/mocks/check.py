"""Every operation and every documented error of a document, from the mock servers Prism and Steady: `check.py PROGRAMS DOCUMENT`.

Prism returns the example that `Prefer` names. Steady returns the first response only: for each status of an error it gets
a document without the other responses.
"""

import copy
import http.client
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

METHODS = ("get", "put", "post", "delete", "patch", "head")


@dataclass
class Operation:
    """An operation with the request of its examples."""

    method: str
    target: str
    headers: dict[str, str]
    body: str | None
    responses: dict[str, dict]

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


def resolve(document: dict, value: dict) -> dict:
    """Returns the component that a value refers to, or the value."""
    while "$ref" in value:
        target = document
        for name in value["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        value = target
    return value


def text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def operations(document: dict) -> Iterator[Operation]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if operation := item.get(method):
                yield request(document, path, item, method, operation)


def request(document: dict, path: str, item: dict, method: str, operation: dict) -> Operation:
    parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
    query, headers = {}, credentials(document, operation)
    for parameter in (resolve(document, it) for it in parameters):
        if not parameter.get("required"):
            continue
        example = text(parameter["example"])
        if parameter["in"] == "path":
            path = path.replace(f"{{{parameter['name']}}}", quote(example, safe=""))
        elif parameter["in"] == "query":
            query[parameter["name"]] = example
        else:
            headers[parameter["name"]] = example
    body = None
    if "requestBody" in operation:
        media_type, content = next(iter(resolve(document, operation["requestBody"])["content"].items()))
        headers["Content-Type"] = media_type
        body = urlencode(content["example"]) if "form" in media_type else json.dumps(content["example"])
    target = f"{path}?{urlencode(query)}" if query else path
    responses = {status: resolve(document, it) for status, it in operation["responses"].items()}
    return Operation(method.upper(), target, headers, body, responses)


def credentials(document: dict, operation: dict) -> dict[str, str]:
    """Returns the headers of the first requirement."""
    headers = {}
    for name in next(iter(operation["security"]), {}):
        scheme = document["components"]["securitySchemes"][name]
        if scheme["type"] == "http":
            headers["Authorization"] = f"{scheme['scheme'].capitalize()} any"
        else:
            headers[scheme["name"]] = "any"
    return headers


class MockServer:
    """A mock server on a free port, as a context manager."""

    def __init__(self, program: Path, arguments: list[str], document: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [str(program), *arguments, "-p", str(self.port), "--host", "127.0.0.1", str(document)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self) -> "MockServer":
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and self._process.poll() is None:
            with socket.socket() as connection:
                if connection.connect_ex(("127.0.0.1", self.port)) == 0:
                    self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
                    return self
            time.sleep(0.1)
        raise RuntimeError(f"{self._process.args} did not start")

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)

    def send(self, operation: Operation, prefer: str = "") -> tuple[int, bytes]:
        headers = operation.headers | ({"Prefer": prefer} if prefer else {})
        try:
            self.connection.request(operation.method, operation.target, operation.body, headers)
            response = self.connection.getresponse()
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()
            self.connection.request(operation.method, operation.target, operation.body, headers)
            response = self.connection.getresponse()
        return response.status, response.read()


def examples(response: dict) -> dict[str, dict]:
    for content in response.get("content", {}).values():
        if "examples" in content:
            return content["examples"]
    return {}


def check_prism(programs: Path, document: dict, path: Path) -> Iterator[str]:
    with MockServer(programs / "prism", ["mock"], path) as prism:
        for operation in operations(document):
            for status, response in operation.responses.items():
                if "application/yaml" in response.get("content", {}):
                    # Prism 5.16.0 has no serializer for it.
                    continue
                for name, example in examples(response).items() or [("", {})]:
                    prefer = f"code={status}, example={name}" if name else f"code={status}"
                    actual, body = prism.send(operation, prefer)
                    expected = resolve(document, example).get("value")
                    if str(actual) != status:
                        yield f"Prism: {operation} {prefer}: {actual} {body[:200]!r}"
                    elif expected is not None and operation.method != "HEAD" and text(expected) != read(body):
                        yield f"Prism: {operation} {prefer}: {body[:200]!r} is not {expected}"


def read(body: bytes) -> str:
    """Returns a JSON body in the notation of `text`."""
    try:
        return text(json.loads(body))
    except ValueError:
        return body.decode()


def check_steady(programs: Path, document: dict) -> Iterator[str]:
    statuses = {status for operation in operations(document) for status in operation.responses if status >= "400"}
    for kept in ["success", *sorted(statuses)]:
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(with_status(document, kept), file)
            file.flush()
            with MockServer(programs / "steady", ["-q"], Path(file.name)) as steady:
                for operation in operations(document):
                    allowed = [it for it in operation.responses if it == kept or (kept == "success" and it < "300")]
                    if not allowed:
                        continue
                    actual, body = steady.send(operation)
                    if str(actual) not in allowed:
                        yield f"Steady: {operation} {kept}: {actual} {body[:300]!r}"


def with_status(document: dict, kept: str) -> dict:
    """Returns a copy in which the operations that have the response `kept` have no other."""
    changed = copy.deepcopy(document)
    for item in changed["paths"].values():
        for method in METHODS:
            responses = item.get(method, {}).get("responses", {})
            if kept in responses:
                item[method]["responses"] = {kept: responses[kept]}
    return changed


def main() -> int:
    programs, path = Path(sys.argv[1]), Path(sys.argv[2])
    document = json.loads(path.read_text())
    errors = [*check_prism(programs, document, path), *check_steady(programs, document)]
    print("\n".join(errors))
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
