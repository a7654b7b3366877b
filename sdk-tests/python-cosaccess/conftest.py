"""A client for the namespace of the test; its URLs are hard-coded, so that it is redirected by a proxy."""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cosaccess import CosAccessManager
from runner.tls_proxy import TlsProxy

BUCKETS = "config.cloud-object-storage.cloud.ibm.com"
INSTANCE = "5a7d3a1e-4f0c-4c5e-8f43-2f1d8e2b6f10"


class BucketConfigurations(BaseHTTPRequestHandler):
    """The configuration of every bucket, which belongs to another service."""

    def do_GET(self) -> None:
        body = json.dumps({"name": self.path.split("/")[-1], "service_instance_id": INSTANCE}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


@pytest.fixture(scope="session")
def buckets() -> Iterator[str]:
    """Returns the URL of the service of buckets."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BucketConfigurations) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def manager(namespace, buckets, tmp_path_factory, monkeypatch) -> Iterator[CosAccessManager]:
    """Returns a client of the account of its API key."""
    targets = {
        "iam.cloud.ibm.com": namespace.url,
        "user-management.cloud.ibm.com": namespace.url,
        BUCKETS: buckets,
    }
    with TlsProxy(targets, tmp_path_factory.getbasetemp() / "tls-proxy") as proxy:
        for name, value in proxy.env.items():
            monkeypatch.setenv(name, value)
        yield CosAccessManager("any-key")
