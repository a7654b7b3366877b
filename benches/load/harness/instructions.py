"""Counts the instructions of a request outside the kernel with callgrind, on the server and on the baseline.

Unlike times, the counts hardly depend on what else the machine does.
"""

import re
import shutil
import socket
import subprocess
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

from harness import baseline, paths
from harness.dialects import DIALECTS, Dialect, Operation
from harness.errors import HarnessError
from harness.report import Section, table
from harness.request import UNIQUE, Request
from harness.server import Program, Server
from harness.settings import Settings

# Requests on each connection before counting starts, so that caches are filled, and counted requests on each.
WARM_UP, COUNTED = 50, 100
TOTAL = re.compile(r"^totals: (\d+)", re.MULTILINE)


def section(settings: Settings) -> Section:
    """Counts all operations, and returns the section."""
    if not shutil.which("valgrind"):
        raise HarnessError("valgrind is not installed: `apt-get install valgrind`")
    rows = [
        row(dialect, operation, settings)
        for dialect in DIALECTS for operation in dialect.operations
        if settings.only in f"{dialect.name}, {operation.name}"
    ]
    return Section(
        f"Instructions outside the kernel for each of {settings.connections * COUNTED:,} requests on "
        f"{settings.connections} keep-alive connections, as counted by callgrind; {settings.groups:,} groups at the "
        "start.\n\n"
        + table(["operation", "server", "bare axum", "difference"], rows)
    )


def row(dialect: Dialect, operation: Operation, settings: Settings) -> list[str]:
    pair = baseline.pair(dialect, operation, settings)
    # Cursors are valid only for the process that returned them.
    ours = count(pair.ours, lambda server: operation.requests(server, settings.groups), settings.connections)
    base = count(pair.bare, lambda _: pair.requests, settings.connections)
    print(f"{dialect.name}, {operation.name}: {ours:,} instructions, bare axum {base:,}", flush=True)
    return [f"{dialect.name}, {operation.name}", f"{ours:,}", f"{base:,}", f"{ours - base:,}"]


def count(program: Program, requests_of: Callable[[Server], list[Request]], connections: int) -> int:
    """Returns the instructions of a request to a program."""
    output = paths.scratch("callgrind.out")
    for old in output.parent.glob("callgrind.out*"):
        old.unlink()
    with Server(under_callgrind(program, output)) as server:
        clients = Clients(server.port, requests_of(server), connections)
        clients.send(WARM_UP)
        control(server.pid, "--zero")
        clients.send(COUNTED)
        control(server.pid, "--dump")
    dumps = (TOTAL.search(file.read_text()) for file in output.parent.glob("callgrind.out*"))
    counts = [int(dump[1]) for dump in dumps if dump]
    if not counts:
        raise HarnessError("callgrind has counted nothing")
    return max(counts) // (COUNTED * connections)


def under_callgrind(program: Program, output: Path) -> Program:
    arguments = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={output}", *program.arguments]
    return Program(program.name, arguments, program.first, program.environment)


def control(pid: int, option: str) -> None:
    command = ["callgrind_control", option, str(pid)]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0 or "OK" not in done.stdout:
        raise HarnessError(f"`{' '.join(command)}` failed:\n{done.stdout}")


class Clients:
    """Keep-alive connections, on which requests are sent in turn."""

    def __init__(self, port: int, requests: list[Request], connections: int):
        self._requests = cycle(request.raw(port) for request in requests)
        self._sockets = [socket.create_connection(("127.0.0.1", port), timeout=60) for _ in range(connections)]
        self._sent = 0

    def send(self, rounds: int) -> None:
        """Sends rounds of requests, one on each connection, and waits for the responses to each round."""
        for _ in range(rounds):
            requests = [next(self._requests) for _ in self._sockets]
            for connection, request in zip(self._sockets, requests):
                self._sent += 1
                connection.sendall(request.replace(UNIQUE, f"{self._sent:08d}").encode())
            for connection, request in zip(self._sockets, requests):
                receive(connection, is_head=request.startswith("HEAD "))


def receive(connection: socket.socket, is_head: bool) -> None:
    """Receives a response, and raises an error unless it is a success."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += read(connection)
    head, body = received.split(b"\r\n\r\n", 1)
    if not re.match(rb"HTTP/1\.1 2", head):
        raise HarnessError(f"the response is an error: {received[:500]!r}")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    missing = 0 if is_head or not length else int(length[1]) - len(body)
    while missing > 0:
        missing -= len(read(connection))


def read(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise HarnessError("the server has closed the connection")
    return data
