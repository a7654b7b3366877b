"""Measures the time from process start to first response, the idle memory and the size of the binary."""

import json
import subprocess
import time
from statistics import median

from harness import baseline, paths
from harness.dialects import BEARER, CLOUDFLARE, CLOUDFLARE_ROUTE
from harness.errors import HarnessError
from harness.report import Section, table, verdict
from harness.request import Request
from harness.server import MEGABYTE, Program, Server
from harness.settings import Settings

STARTS = 41
QUICK_STARTS = 11
# The targets of the project.
MAX_RATIO, MAX_MILLISECONDS, MAX_IDLE_MB, MAX_BINARY_MB, MAX_MOCK_SERVER_MS = 2, 10, 7, 10, 5
# The time after which a server has finished its start.
SETTLED_SECONDS = 0.05

FIRST = Request("GET", CLOUDFLARE, BEARER)


def section(settings: Settings) -> Section:
    """Starts server and baseline in turn, and returns the section."""
    ours_binary, baseline_binary = paths.build()
    ours = Program("access-groups-mock", [str(ours_binary), "--port", "{port}"], FIRST)
    with Server(ours) as server:
        response = server.expect_success(FIRST)
        routes = baseline.routes(server)
    baseline_program = baseline.program(baseline_binary, routes, CLOUDFLARE_ROUTE, FIRST, response)
    starts = QUICK_STARTS if settings.is_quick else STARTS
    ours_runs, baseline_runs = [], []
    for _ in range(starts):
        ours_runs.append(start(ours))
        baseline_runs.append(start(baseline_program))
    ours_ms, baseline_ms = (median(time_ms for time_ms, _ in runs) for runs in (ours_runs, baseline_runs))
    ours_mb, baseline_mb = (median(idle_mb for _, idle_mb in runs) for runs in (ours_runs, baseline_runs))
    ours_size, baseline_size = (binary.stat().st_size / MEGABYTE for binary in (ours_binary, baseline_binary))
    print(f"start: {ours_ms:.1f} ms, baseline {baseline_ms:.1f} ms; idle {ours_mb:.1f} MB, binary {ours_size:.1f} MB")
    rows = [
        ["process start to first response", f"{ours_ms:.1f} ms", f"{baseline_ms:.1f} ms",
         f"≤ {MAX_RATIO} × bare axum ({ours_ms / baseline_ms:.2f} ×), ≤ {MAX_MILLISECONDS} ms",
         verdict(ours_ms <= MAX_RATIO * baseline_ms and ours_ms <= MAX_MILLISECONDS)],
        ["resident memory after the first response", f"{ours_mb:.1f} MB", f"{baseline_mb:.1f} MB",
         f"≤ {MAX_IDLE_MB} MB", verdict(ours_mb <= MAX_IDLE_MB)],
        ["binary, stripped, with TLS (bare axum: without)", f"{ours_size:.1f} MB", f"{baseline_size:.1f} MB",
         f"≤ {MAX_BINARY_MB} MB", verdict(ours_size <= MAX_BINARY_MB)],
    ]
    if not settings.is_quick:
        mock_server_ms = mock_server()
        rows.append(["`MockServer` in a Rust test, start and stop", f"{mock_server_ms:.2f} ms", "",
                     f"≤ {MAX_MOCK_SERVER_MS} ms", verdict(mock_server_ms <= MAX_MOCK_SERVER_MS)])
    return Section(
        f"Default configuration, no seed; the first response is a list; medians of {starts} alternating starts.\n\n"
        + table(["", "server", "bare axum", "target", ""], rows)
    )


def mock_server() -> float:
    """Runs the `MockServer` benchmark, and returns the median milliseconds of a start and stop."""
    name = "mock_server/start and stop"
    command = ["cargo", "bench", "--locked", "--bench", "fixture", "--", name]
    print("$ " + " ".join(command), flush=True)
    if subprocess.run(command, cwd=paths.ROOT).returncode != 0:
        raise HarnessError("the benchmark of `MockServer` failed")
    file = paths.TARGET / "criterion" / name.replace("/", "_") / "new" / "estimates.json"
    return json.loads(file.read_text())["median"]["point_estimate"] / 1e6


def start(program: Program) -> tuple[float, float]:
    """Starts a program once, and returns the milliseconds to the first response and its memory in MB."""
    with Server(program) as server:
        time.sleep(SETTLED_SECONDS)
        return server.first_response_seconds * 1000, server.memory_mb()
