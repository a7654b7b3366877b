"""A server process, and its measurements: start time, memory, CPU time, open files."""

import os
import re
import signal
import socket
import ssl
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from harness import paths
from harness.errors import HarnessError
from harness.request import Request, Response, send

TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
MEGABYTE = 1_000_000
# The pause between two attempts to connect to a starting server.
ATTEMPT_SECONDS = 0.0001
SUCCESS = re.compile(rb"HTTP/1\.[01] 2")


@dataclass(frozen=True)
class Program:
    """The command of a server; `{port}` in its arguments is replaced by the port."""

    name: str
    arguments: list[str]
    first: Request
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None
    # The maximum time to the first response.
    timeout_seconds: float = 60
    # Whether the port speaks only TLS, with a certificate that nobody checks.
    is_tls_only: bool = False


class Server:
    """A running program; it is killed at the end of the `with` block."""

    def __init__(self, program: Program):
        self.program = program
        self.port = free_port()
        self._log = paths.scratch(f"{program.name.replace(' ', '-')}.log")
        arguments = [argument.replace("{port}", str(self.port)) for argument in program.arguments]
        with self._log.open("wb") as log:
            started = time.perf_counter()
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, close_fds=False,
                cwd=program.folder, env=os.environ | program.environment,
            )
        self.pid = self.process.pid
        try:
            self.first_response_seconds = self._first_response(started) - started
        except BaseException:
            self.kill()
            raise

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _first_response(self, started: float) -> float:
        """Repeats the first request until it succeeds, and returns the time of the response."""
        request = self.program.first.raw(self.port).encode()
        last = b""
        while time.perf_counter() - started < self.program.timeout_seconds:
            if self.process.poll() is not None:
                raise HarnessError(f"{self.program.name} exited before its first response:\n{self.log()}")
            try:
                with self._connect() as connection:
                    connection.sendall(request)
                    last = connection.recv(65536)
                    received_at = time.perf_counter()
                if SUCCESS.match(last):
                    return received_at
            except OSError:
                pass
            time.sleep(ATTEMPT_SECONDS)
        call = f"{self.program.name}: {self.program.first.path}"
        raise HarnessError(f"{call} does not succeed: {last[:300]!r}\n{self.log()}")

    def _connect(self) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        if not self.program.is_tls_only:
            return connection
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        return context.wrap_socket(connection)

    def log(self) -> str:
        """Returns the end of the output."""
        return self._log.read_text(errors="replace")[-2000:]

    def send(self, request: Request, number: int = 0) -> Response:
        return send(self.port, request, number)

    def expect_success(self, request: Request, number: int = 0) -> Response:
        """Sends one request, and raises an error unless it succeeds."""
        response = self.send(request, number)
        if not response.is_success():
            call = f"{request.method} {request.path}"
            raise HarnessError(f"{self.program.name}: {call} returned {response.status}: {response.body[:500]}")
        return response

    def memory_mb(self) -> float:
        """Returns the resident memory of the process and its descendants, in MB of a million bytes."""
        return sum(resident_bytes(pid) for pid in process_tree(self.pid)) / MEGABYTE

    def cpu_seconds(self) -> float:
        """Returns the CPU time of the process and its descendants."""
        return sum(cpu_ticks(pid) for pid in process_tree(self.pid)) * TICK_SECONDS

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def stop(self, timeout_seconds: float) -> float:
        """Sends SIGTERM, and returns the seconds to the exit; raises an error unless the exit code is 0."""
        started = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout_seconds)
        except subprocess.TimeoutExpired:
            raise HarnessError(f"{self.program.name} has not stopped {timeout_seconds} s after SIGTERM") from None
        if code != 0:
            raise HarnessError(f"{self.program.name} stopped with exit code {code}:\n{self.log()}")
        return time.perf_counter() - started

    def kill(self) -> None:
        """Kills the process and its descendants."""
        for pid in reversed(process_tree(self.pid)):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def stat_fields(pid: int) -> list[str] | None:
    """Returns the fields of /proc/PID/stat after the command, or `None` if the process has exited."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None


def process_tree(pid: int) -> list[int]:
    """Returns the process and its descendants, parents first."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (fields := stat_fields(int(name))):
            parents[int(name)] = int(fields[1])
    tree = [pid]
    for process in tree:
        tree += [child for child, parent in parents.items() if parent == process]
    return tree


def resident_bytes(pid: int) -> int:
    fields = stat_fields(pid)
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def cpu_ticks(pid: int) -> int:
    fields = stat_fields(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0
