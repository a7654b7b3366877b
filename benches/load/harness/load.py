"""Runs wrk, and reads what it says."""

import json
import subprocess
from dataclasses import dataclass
from itertools import count

from harness import places
from harness.failure import Failure
from harness.request import Request, prepare

# Each run of the load generator begins its numbers elsewhere, so that names are unique on a server across runs.
RUNS = count(1)
NUMBERS_OF_A_RUN = 1_000_000


@dataclass(frozen=True)
class Result:
    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float
    refused: int
    broken: int
    timeouts: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    def must_be_clean(self, what: str) -> None:
        """Fails where a request was not answered with success."""
        if self.refused or self.broken or self.timeouts or not self.requests:
            raise Failure(f"{what}: of {self.requests} requests {self.refused} were refused, "
                          f"{self.timeouts} timed out, {self.broken} connections broke")


@dataclass(frozen=True)
class Load:
    """How hard and how long."""

    seconds: int = 8
    connections: int = 32
    timeout_seconds: int = 10


def start(port: int, requests: list[Request], load: Load) -> subprocess.Popen:
    """Starts the load generator on a server of this machine."""
    run = next(RUNS)
    file = places.scratch(f"requests-{port}")
    prepare(file, port, requests)
    command = [
        places.wrk(), "--threads", "1", "--connections", str(load.connections),
        "--duration", f"{load.seconds}s", "--timeout", f"{load.timeout_seconds}s", "--latency",
        "--script", str(places.LOAD / "requests.lua"), f"http://127.0.0.1:{port}/",
        "--", str(file), str(run % 100 * NUMBERS_OF_A_RUN),
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(process: subprocess.Popen) -> Result:
    """Waits for the load generator and returns its result."""
    output, _ = process.communicate(timeout=600)
    line = next((line for line in output.splitlines() if line.startswith("result: ")), None)
    if process.returncode != 0 or line is None:
        raise Failure(f"wrk failed:\n{output}")
    found = json.loads(line.removeprefix("result: "))
    milliseconds = [found[name] / 1000 for name in ("p50", "p99", "p999", "max")]
    return Result(found["requests"], found["microseconds"] / 1e6, *milliseconds,
                  found["refused"], found["broken"], found["timeouts"])


def run(port: int, requests: list[Request], load: Load) -> Result:
    """Puts a load on a server and returns the result."""
    return finish(start(port, requests, load))
