"""From the start of the process to its first answer, what it takes while it has nothing to do, and its size."""

import json
import subprocess
import time
from statistics import median

from harness import places, yardstick
from harness.dialects import BEARER, CLOUDFLARE
from harness.failure import Failure
from harness.report import Section, table, verdict
from harness.request import Request
from harness.server import MEGABYTE, Program, Server
from harness.settings import Settings

STARTS = 41
QUICK_STARTS = 11
# The aims of the project.
RATIO_AIM, MILLISECONDS_AIM, IDLE_AIM_MB, BINARY_AIM_MB, FIXTURE_AIM_MS = 2, 10, 8, 8, 5
# After that long a server has done whatever it does at its start.
SETTLED_SECONDS = 0.05

FIRST = Request("GET", CLOUDFLARE, BEARER)


def section(settings: Settings) -> Section:
    """Starts both in turn and returns the text of the section."""
    ours_binary, bare_binary = places.build()
    ours = Program("access-groups-mock", [str(ours_binary), "--port", "{port}"], FIRST)
    with Server(ours) as server:
        answer = server.must_answer(FIRST)
    bare = yardstick.program(bare_binary, CLOUDFLARE, FIRST, answer)
    starts = QUICK_STARTS if settings.is_quick else STARTS
    ours_seen, bare_seen = [], []
    for _ in range(starts):
        ours_seen.append(start(ours))
        bare_seen.append(start(bare))
    ours_ms, bare_ms = (median(time_ms for time_ms, _ in seen) for seen in (ours_seen, bare_seen))
    ours_mb, bare_mb = (median(idle_mb for _, idle_mb in seen) for seen in (ours_seen, bare_seen))
    ours_size, bare_size = (binary.stat().st_size / MEGABYTE for binary in (ours_binary, bare_binary))
    print(f"start: {ours_ms:.1f} ms, yardstick {bare_ms:.1f} ms; idle {ours_mb:.1f} MB, binary {ours_size:.1f} MB")
    rows = [
        ["start of the process to its first answer", f"{ours_ms:.1f} ms", f"{bare_ms:.1f} ms",
         f"≤ {RATIO_AIM} × bare axum ({ours_ms / bare_ms:.2f} ×), ≤ {MILLISECONDS_AIM} ms",
         verdict(ours_ms <= RATIO_AIM * bare_ms and ours_ms <= MILLISECONDS_AIM)],
        ["resident memory after it", f"{ours_mb:.1f} MB", f"{bare_mb:.1f} MB", f"≤ {IDLE_AIM_MB} MB",
         verdict(ours_mb <= IDLE_AIM_MB)],
        ["binary, stripped, with TLS (bare axum has none)", f"{ours_size:.1f} MB", f"{bare_size:.1f} MB",
         f"≤ {BINARY_AIM_MB} MB", verdict(ours_size <= BINARY_AIM_MB)],
    ]
    if not settings.is_quick:
        fixture_ms = fixture()
        rows.append(["`MockServer` in a test in Rust, start and stop", f"{fixture_ms:.2f} ms", "",
                     f"≤ {FIXTURE_AIM_MS} ms", verdict(fixture_ms <= FIXTURE_AIM_MS)])
    return Section(
        f"Default configuration, no seed; the first answer is a list; medians of {starts} starts in turn.\n\n"
        + table(["", "server", "bare axum", "aim", ""], rows)
    )


def fixture() -> float:
    """Runs the bench of the fixture, and returns the median milliseconds of a start and stop."""
    name = "fixture/start and stop"
    command = ["cargo", "bench", "--locked", "--bench", "fixture", "--", name]
    print("$ " + " ".join(command), flush=True)
    if subprocess.run(command, cwd=places.ROOT).returncode != 0:
        raise Failure("the bench of the fixture failed")
    file = places.TARGET / "criterion" / name.replace("/", "_") / "new" / "estimates.json"
    return json.loads(file.read_text())["median"]["point_estimate"] / 1e6


def start(program: Program) -> tuple[float, float]:
    """Starts it once: milliseconds to the first answer, and MB afterwards."""
    with Server(program) as server:
        time.sleep(SETTLED_SECONDS)
        return server.first_answer_seconds * 1000, server.memory_mb()
