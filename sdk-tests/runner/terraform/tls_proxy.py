"""A proxy that terminates TLS for the host that is hard-coded in an old provider.

The Cloudflare provider of 2020 can only use the base URL https://api.cloudflare.com/client/v4.
Like every Go program, it honors HTTPS_PROXY and SSL_CERT_FILE, so it can stay unmodified: the proxy terminates TLS
for that host with a self-signed certificate, and forwards the requests to a namespace of the server.
"""

import http.client
import ssl
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "api.cloudflare.com"
# Headers that the proxy does not forward: they belong to a single connection, or are set by the proxy.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
# Cases run in parallel, and all use the same certificate.
_CERTIFICATE_LOCK = threading.Lock()


def certificate(folder: Path) -> Path:
    """Returns a file with a certificate for the host and its key; creates it if the folder does not contain it."""
    path = folder / "certificate.pem"
    with _CERTIFICATE_LOCK:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _create_certificate(folder / "key.pem", folder / "public.pem")
            path.write_text((folder / "key.pem").read_text() + (folder / "public.pem").read_text())
    return path


def _create_certificate(key: Path, public: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "3650", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(public)], check=True, capture_output=True)


class TlsProxy:
    """A running proxy to the namespace at `url`, as a context manager."""

    def __init__(self, url: str, folder: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        handler = type("Handler", (_Handler,), {"context": context, "target": urllib.parse.urlsplit(url)})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        proxy = f"http://127.0.0.1:{self._server.server_port}"
        self.env = {"HTTPS_PROXY": proxy, "NO_PROXY": "", "SSL_CERT_FILE": str(folder / "public.pem")}

    def __enter__(self) -> "TlsProxy":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    context: ssl.SSLContext
    target: urllib.parse.SplitResult

    def do_CONNECT(self) -> None:
        """Terminates TLS; the tunneled requests then follow on the same connection."""
        if self.path != f"{HOST}:443":
            self.send_error(403, f"this proxy only connects to {HOST}")
            return
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        self.connection = self.context.wrap_socket(self.connection, server_side=True)
        self.rfile = self.connection.makefile("rb")
        self.wfile = self.connection.makefile("wb")
        self.close_connection = False

    def _forward(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name: value for name, value in self.headers.items() if name.lower() not in HOP_BY_HOP}
        upstream = http.client.HTTPConnection(self.target.netloc, timeout=60)
        upstream.request(self.command, self.target.path + self.path, body or None, headers)
        response = upstream.getresponse()
        content = response.read()
        upstream.close()
        self.send_response_only(response.status, response.reason)
        for name, value in response.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _forward

    def log_message(self, *_: object) -> None:
        """Logs nothing: the journal of the server contains all requests."""
