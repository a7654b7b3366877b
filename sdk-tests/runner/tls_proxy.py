"""A proxy that terminates TLS for hosts that are hard-coded in a client, such as the Cloudflare provider of 2020.

Such a client can stay unmodified if it honors HTTPS_PROXY and a variable for certificate authorities: the proxy
terminates TLS for those hosts with a self-signed certificate, and forwards the requests to other URLs.
"""

import http.client
import ssl
import subprocess
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# Headers that the proxy does not forward: they belong to a single connection, or are set by the proxy.
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "host"}
# Tests run in parallel, and those of a client use the same certificate.
_CERTIFICATE_LOCK = threading.Lock()


def certificate(folder: Path, hosts: list[str]) -> Path:
    """Returns a file with a certificate for the hosts and its key; creates it if the folder does not contain it."""
    path = folder / "certificate.pem"
    with _CERTIFICATE_LOCK:
        if not path.exists():
            folder.mkdir(parents=True, exist_ok=True)
            _create_certificate(folder / "key.pem", folder / "public.pem", hosts)
            path.write_text((folder / "key.pem").read_text() + (folder / "public.pem").read_text())
    return path


def _create_certificate(key: Path, public: Path, hosts: list[str]) -> None:
    names = ",".join(f"DNS:{host}" for host in hosts)
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "3650", "-subj", f"/CN={hosts[0]}", "-addext", f"subjectAltName={names}"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(public)], check=True, capture_output=True)


class TlsProxy:
    """A running proxy, as a context manager; `targets` maps each host to the base URL to which it forwards."""

    def __init__(self, targets: dict[str, str], folder: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder, list(targets)))
        urls = {host: urllib.parse.urlsplit(url) for host, url in targets.items()}
        handler = type("Handler", (_Handler,), {"context": context, "targets": urls})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        proxy, authorities = f"http://127.0.0.1:{self._server.server_port}", str(folder / "public.pem")
        # Python prefers the lower case of the names of proxies, Go the upper case.
        proxies = {"HTTPS_PROXY": proxy, "https_proxy": proxy, "NO_PROXY": "", "no_proxy": ""}
        self.env = proxies | {"SSL_CERT_FILE": authorities, "REQUESTS_CA_BUNDLE": authorities}

    def __enter__(self) -> "TlsProxy":
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    context: ssl.SSLContext
    targets: dict[str, urllib.parse.SplitResult]

    def do_CONNECT(self) -> None:
        """Terminates TLS; the tunneled requests then follow on the same connection."""
        host = self.path.removesuffix(":443")
        if host not in self.targets:
            self.send_error(403, f"this proxy only connects to {', '.join(self.targets)}")
            return
        self.target = self.targets[host]
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
