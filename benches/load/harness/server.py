"""A server that runs as a process of its own, and what it takes: time, memory, CPU, open files."""

import os
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from harness import places
from harness.failure import Failure
from harness.request import Answer, Request, ask

TICK_SECONDS = 1 / os.sysconf("SC_CLK_TCK")
MEGABYTE = 1_000_000
# How long the harness waits between two attempts to connect to a server that starts.
ATTEMPT_SECONDS = 0.0001
SUCCESS = re.compile(rb"HTTP/1\.[01] 2")


@dataclass(frozen=True)
class Program:
    """How a server is started: `{port}` in its arguments is the port."""

    name: str
    arguments: list[str]
    first: Request
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None
    # How long it may take to its first answer.
    patience_seconds: float = 60


class Server:
    """A program that runs until the end of a `with`."""

    def __init__(self, program: Program):
        self.program = program
        self.port = free_port()
        self._log = places.scratch(f"{program.name.replace(' ', '-')}.log")
        arguments = [argument.replace("{port}", str(self.port)) for argument in program.arguments]
        with self._log.open("wb") as log:
            began = time.perf_counter()
            self.process = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, close_fds=False,
                cwd=program.folder, env=os.environ | program.environment,
            )
        self.pid = self.process.pid
        try:
            self.first_answer_seconds = self._first_answer(began) - began
        except BaseException:
            self.kill()
            raise

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def _first_answer(self, began: float) -> float:
        """Asks until there is a success, and returns when that was."""
        request = self.program.first.raw(self.port).encode()
        last = b""
        while time.perf_counter() - began < self.program.patience_seconds:
            if self.process.poll() is not None:
                raise Failure(f"{self.program.name} ended before it answered:\n{self.log()}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
                    connection.sendall(request)
                    last = connection.recv(65536)
                    answered = time.perf_counter()
                if SUCCESS.match(last):
                    return answered
            except OSError:
                pass
            time.sleep(ATTEMPT_SECONDS)
        raise Failure(f"{self.program.name} does not answer {self.program.first.path}: {last[:300]!r}\n{self.log()}")

    def log(self) -> str:
        """The end of what it printed."""
        return self._log.read_text(errors="replace")[-2000:]

    def ask(self, request: Request, number: int = 0) -> Answer:
        return ask(self.port, request, number)

    def must_answer(self, request: Request, number: int = 0) -> Answer:
        """Makes one request that has to succeed."""
        answer = self.ask(request, number)
        if not answer.is_fine():
            call = f"{request.method} {request.path}"
            raise Failure(f"{self.program.name}: {call} is {answer.status}: {answer.body[:500]}")
        return answer

    def memory_mb(self) -> float:
        """The resident memory of the process and its descendants, in MB of a million bytes."""
        return sum(resident_bytes(pid) for pid in family(self.pid)) / MEGABYTE

    def cpu_seconds(self) -> float:
        """The time that the process and its descendants have spent on CPUs."""
        return sum(cpu_ticks(pid) for pid in family(self.pid)) * TICK_SECONDS

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def stop(self, patience_seconds: float) -> float:
        """Sends SIGTERM and returns how many seconds passed to the end; it must end by itself and with success."""
        began = time.perf_counter()
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(patience_seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"{self.program.name} has not stopped {patience_seconds} s after SIGTERM") from None
        if code != 0:
            raise Failure(f"{self.program.name} stopped with exit code {code}:\n{self.log()}")
        return time.perf_counter() - began

    def kill(self) -> None:
        """Ends the process and its descendants."""
        for pid in reversed(family(self.pid)):
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
    """The fields of /proc/PID/stat behind the command, or nothing where the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    except OSError:
        return None


def family(pid: int) -> list[int]:
    """The process and its descendants, parents first."""
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (fields := stat_fields(int(name))):
            parents[int(name)] = int(fields[1])
    members = [pid]
    for member in members:
        members += [child for child, parent in parents.items() if parent == member]
    return members


def resident_bytes(pid: int) -> int:
    fields = stat_fields(pid)
    return int(fields[21]) * os.sysconf("SC_PAGE_SIZE") if fields else 0


def cpu_ticks(pid: int) -> int:
    fields = stat_fields(pid)
    return int(fields[11]) + int(fields[12]) if fields else 0
