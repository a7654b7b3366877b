"""Runs h2load, the load generator for HTTP/2, and parses its results."""

import re
import shutil
import subprocess
from dataclasses import dataclass

from harness import paths
from harness.errors import HarnessError
from harness.request import UNIQUE, Request

# Before the measurement, so that all connections are open.
WARM_UP_SECONDS = 1
RATE = re.compile(r"^finished in .*?, ([0-9.]+) req/s", re.MULTILINE)
COUNTS = re.compile(r"^requests: .*, (\d+) done, (\d+) succeeded, .*, (\d+) errored, (\d+) timeout$", re.MULTILINE)


@dataclass(frozen=True)
class Result:
    requests: int
    # Requests per second.
    rate: float


def run(base_url: str, requests: list[Request], seconds: int, connections: int, streams: int) -> Result:
    """Runs a load of requests that differ only in their paths, and returns the result.

    The bodies of all requests are the same: h2load cannot write numbers into them.
    """
    first = requests[0]
    urls = paths.scratch("h2load-urls")
    urls.write_text("".join(f"{base_url}{request.path}\n" for request in requests))
    command = [
        h2load(), f"--duration={seconds}", f"--warm-up-time={WARM_UP_SECONDS}", "--threads=1",
        f"--clients={connections}", f"--max-concurrent-streams={streams}", f"--input-file={urls}",
        *(f"--header={name.lower()}: {value}" for name, value in first.headers.items()),
    ]
    if first.body:
        body = paths.scratch("h2load-body")
        body.write_text(first.body.replace(UNIQUE, "00000000"))
        command.append(f"--data={body}")
    elif first.method != "GET":
        command.append(f"--header=:method: {first.method}")
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
    rate, counts = RATE.search(done.stdout), COUNTS.search(done.stdout)
    if done.returncode != 0 or rate is None or counts is None:
        raise HarnessError(f"h2load failed:\n{done.stdout}")
    all_done, succeeded, errored, timeouts = (int(count) for count in counts.groups())
    if errored or timeouts or succeeded != all_done or not all_done:
        raise HarnessError(f"{base_url}: requests were not successful:\n{done.stdout}")
    return Result(all_done, float(rate[1]))


def h2load() -> str:
    """Returns the path of the load generator."""
    found = shutil.which("h2load")
    if found is None:
        raise HarnessError("h2load is not installed: `apt-get install nghttp2-client`, `brew install nghttp2`")
    return found
