"""A server that records requests and sends the responses of a function."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Callable, Optional


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


def iam_token() -> dict[str, Any]:
    """Returns the response of IBM's token endpoint, with a token that is valid for an hour."""
    now = int(time.time())
    parts = [{"alg": "HS256", "typ": "JWT"}, {"iat": now, "exp": now + 3600}]
    token = ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return {"access_token": f"{token}.c2ln", "token_type": "Bearer", "expires_in": 3600, "expiration": now + 3600}


Respond = Callable[[Request], Optional[tuple[int, Any]]]


class Stub:
    """Sends JSON with a status; closes the connection without a response if the function returns None."""

    def __init__(self, respond: Respond) -> None:
        self.requests: list[Request] = []
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def respond(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                # `self.path` has only one slash at its beginning.
                path = self.requestline.split()[1]
                requests.append(Request(self.command, path, headers, body))
                response = respond(requests[-1])
                if response is None:
                    self.close_connection = True
                    return
                content = json.dumps(response[1]).encode()
                self.send_response(response[0])
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = respond

            def log_message(self, *_: object) -> None:
                """Does not log requests."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        Thread(target=self.server.serve_forever, daemon=True).start()
