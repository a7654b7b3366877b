"""A proxy that answers for the host which an old provider has built in.

The Cloudflare provider of 2020 knows no other base URL than https://api.cloudflare.com/client/v4.
It honors HTTPS_PROXY and SSL_CERT_FILE, as every Go program does, so it stays unmodified: the proxy ends
TLS for that one host with a certificate of its own, and hands the requests to a namespace of the server.
"""

import http.client
import ssl
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "api.cloudflare.com"
# Headers of one connection, which do not pass a proxy.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
# Cases run side by side, and all use one certificate.
_MAKING = threading.Lock()


def certificate(folder: Path) -> Path:
    """Returns a file with a certificate for the host and its key, made when the folder has none."""
    path = folder / "certificate.pem"
    with _MAKING:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _make(folder / "key.pem", folder / "public.pem")
            path.write_text((folder / "key.pem").read_text() + (folder / "public.pem").read_text())
    return path


def _make(key: Path, public: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "3650", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(public)], check=True, capture_output=True)


class Gateway:
    """A running proxy to the namespace at `url`; use it in a `with`."""

    def __init__(self, url: str, folder: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        handler = type("Handler", (_Handler,), {"context": context, "target": urllib.parse.urlsplit(url)})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        proxy = f"http://127.0.0.1:{self._server.server_port}"
        self.env = {"HTTPS_PROXY": proxy, "NO_PROXY": "", "SSL_CERT_FILE": str(folder / "public.pem")}

    def __enter__(self) -> "Gateway":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    context: ssl.SSLContext
    target: urllib.parse.SplitResult

    def do_CONNECT(self) -> None:
        """Ends TLS here; what follows on the connection are the requests inside."""
        if self.path != f"{HOST}:443":
            self.send_error(403, f"only {HOST} can be reached from here")
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
        inner = http.client.HTTPConnection(self.target.netloc, timeout=60)
        inner.request(self.command, self.target.path + self.path, body or None, headers)
        answer = inner.getresponse()
        content = answer.read()
        inner.close()
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.getheaders():
            if name.lower() not in HOP_BY_HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _forward

    def log_message(self, *_: object) -> None:
        """Says nothing: the server's journal has every request."""
