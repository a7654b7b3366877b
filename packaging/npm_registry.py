"""A registry for npm with the packages of all platforms, of which it can send those that were built."""

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote

from common import NAME, TARGETS, VERSION


class NpmRegistry:
    """Serves the tarballs in a folder under the scope of the packages of platforms."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def __enter__(self) -> "NpmRegistry":
        Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def response(self, path: str) -> bytes | None:
        """Returns the body for a path; nothing if there is no such package."""
        if path.endswith(".tgz"):
            file = self.folder / path.rsplit("/", 1)[1]
            return file.read_bytes() if file.exists() else None
        for target in TARGETS.values():
            if path == f"/{target.npm_name}":
                tarball = f"{self.url}{NAME}-{target.node_os}-{target.node_cpu}-{VERSION}.tgz"
                version = {"name": target.npm_name, "version": VERSION, "os": [target.node_os], "cpu": [target.node_cpu],
                           "dist": {"tarball": tarball}}
                package = {"name": target.npm_name, "dist-tags": {"latest": VERSION}, "versions": {VERSION: version}}
                return json.dumps(package).encode()
        return None

    def handler(self) -> type[BaseHTTPRequestHandler]:
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = registry.response(unquote(self.path))
                self.send_response(404 if body is None else 200)
                self.end_headers()
                self.wfile.write(body or b"{}")

            def log_message(self, *_: object) -> None:
                """Does not log requests."""

        return Handler
