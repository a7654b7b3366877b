"""Runs wrk, and parses its results."""

import json
import subprocess
from dataclasses import dataclass
from itertools import count

from harness import paths
from harness.errors import HarnessError
from harness.request import Request, prepare

# Each run of the load generator uses its own range of numbers, so that names are unique on a server across runs.
RUNS = count(1)
NUMBERS_PER_RUN = 1_000_000


@dataclass(frozen=True)
class Result:
    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    p999_ms: float
    max_ms: float
    error_statuses: int
    connection_errors: int
    timeouts: int

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.requests / self.seconds

    def expect_no_errors(self, name: str) -> None:
        """Raises an error if a request was not successful."""
        if self.error_statuses or self.connection_errors or self.timeouts or not self.requests:
            raise HarnessError(f"{name}: of {self.requests} requests {self.error_statuses} got error responses, "
                          f"{self.timeouts} timed out, with {self.connection_errors} connection errors")


@dataclass(frozen=True)
class Load:
    """The settings of a load."""

    seconds: int = 8
    connections: int = 32
    timeout_seconds: int = 10
    scheme: str = "http"


def start(port: int, requests: list[Request], load: Load) -> subprocess.Popen:
    """Starts the load generator for a local server."""
    run = next(RUNS)
    file = paths.scratch(f"requests-{port}")
    prepare(file, port, requests)
    command = [
        paths.wrk(), "--threads", "1", "--connections", str(load.connections),
        "--duration", f"{load.seconds}s", "--timeout", f"{load.timeout_seconds}s", "--latency",
        "--script", str(paths.LOAD / "requests.lua"), f"{load.scheme}://127.0.0.1:{port}/",
        "--", str(file), str(run % 100 * NUMBERS_PER_RUN),
    ]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def finish(process: subprocess.Popen) -> Result:
    """Waits for the load generator, and returns its result."""
    output, _ = process.communicate(timeout=600)
    line = next((line for line in output.splitlines() if line.startswith("result: ")), None)
    if process.returncode != 0 or line is None:
        raise HarnessError(f"wrk failed:\n{output}")
    values = json.loads(line.removeprefix("result: "))
    milliseconds = [values[name] / 1000 for name in ("p50", "p99", "p999", "max")]
    return Result(values["requests"], values["microseconds"] / 1e6, *milliseconds,
                  values["error_statuses"], values["connection_errors"], values["timeouts"])


def run(port: int, requests: list[Request], load: Load) -> Result:
    """Runs a load on a server, and returns the result."""
    return finish(start(port, requests, load))
