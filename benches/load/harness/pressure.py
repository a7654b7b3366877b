"""A thousand connections that read and write, with and without neighbors that behave badly."""

import json
import random
import resource
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median

from harness import load, places, yardstick
from harness.dialects import BEARER, CLOUDFLARE, DIALECTS, JSON, NEW_NAME, PAGE, body, cloudflare_group, uuid
from harness.load import Load, Result
from harness.neighbors import KINDS
from harness.report import Section, milliseconds, table, thousands
from harness.request import Request
from harness.server import Program, Server
from harness.settings import Settings

CONNECTIONS = 1_000
NEIGHBORS_OF_EACH = 50
# A request that waits longer than the first fails the run. One that waits longer than the second has starved, unless
# the machine is so busy that requests wait a good part of it without neighbors, too.
TIMEOUT_SECONDS, STARVED_SECONDS, STARVED_RATIO = 10, 2, 3
# Of 100 requests so many are of each kind.
MIX = {"get": 60, "page": 10, "create": 15, "replace": 10, "delete": 5}
# The limit of a request, by default and in a quick run.
LIMIT_SECONDS, QUICK_LIMIT_SECONDS = 30, 5
# So long the server goes on reading the body of a request that it refused, so that the client sees the answer.
DRAIN_SECONDS = 2
# Beyond both, a stop may take so long: the rest of the connections is cut off by then.
STOP_SECONDS = 3
# The long round is longer than all limits by that.
MARGIN_SECONDS = 4
# How much more memory the later rounds may leave behind than the earlier ones.
GROWTH, GROWTH_MB = 1.25, 10
# Those that the limit of a request ends. An answer may be taken as slowly as a client likes.
ENDED_KINDS = ("silent", "one_letter", "slow_head", "slow_body")
SAMPLE_SECONDS = 0.1
SETTLE_SECONDS = 10


@dataclass
class Peak:
    """The most that was seen of a server while something went on."""

    memory_mb: float = 0
    open_files: int = 0


@dataclass
class Found:
    """What was seen in all rounds."""

    quiet: list[Result] = field(default_factory=list)
    disturbed: list[Result] = field(default_factory=list)
    before_mb: float = 0
    before_files: int = 0
    peaks: list[Peak] = field(default_factory=list)
    after_mb: list[float] = field(default_factory=list)
    after_files: list[int] = field(default_factory=list)
    siege: Result | None = None
    ends: dict[str, dict[str, int]] = field(default_factory=dict)
    stop_seconds: float = 0
    # What the yardstick takes after its start, and after as many connections.
    bare_mb: tuple[float, float] = (0, 0)
    limit_seconds: int = LIMIT_SECONDS


def section(settings: Settings) -> Section:
    """Puts the server under pressure, and returns the text of the section and what did not hold."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    found = Found(limit_seconds=QUICK_LIMIT_SECONDS if settings.is_quick else LIMIT_SECONDS)
    with Server(program(settings, found.limit_seconds)) as server:
        requests = mixed(settings.groups)
        found.before_mb, found.before_files = server.memory_mb(), server.open_files()
        for _ in range(settings.rounds):
            round_of(found, server, requests, settings)
        found.bare_mb = bare_memory(server, settings)
        siege(found, server, requests)
        stop(found, server, requests)
    faults = faults_of(found)
    return Section(text(found, faults, settings), faults)


def program(settings: Settings, limit_seconds: int) -> Program:
    """The server with groups that come back when they are deleted."""
    seed = DIALECTS[0].groups(settings.groups)
    for group in seed["cloudflare"]["accounts"]["a1"]["access_groups"]:
        group["pinned"] = True
    file = places.scratch("seed-pressure.json")
    file.write_text(json.dumps(seed))
    binary, _ = places.build()
    arguments = [str(binary), "--port", "{port}", "--seed", str(file), "--request-timeout", str(limit_seconds)]
    return Program("access-groups-mock", arguments, Request("GET", "/__admin/health"))


def mixed(groups: int) -> list[Request]:
    """Reads and writes in a random order that is the same in every run."""
    drawn = random.Random(groups)

    def one(kind: str) -> Request:
        path = f"{CLOUDFLARE}/{uuid(drawn.randint(1, groups))}"
        match kind:
            case "get":
                return Request("GET", path, BEARER)
            case "page":
                page = drawn.randint(1, max(1, groups // PAGE))
                return Request("GET", f"{CLOUDFLARE}?page={page}&per_page={PAGE}", BEARER)
            case "create":
                return Request("POST", CLOUDFLARE, BEARER | JSON, body(cloudflare_group(NEW_NAME, 1)))
            case "replace":
                return Request("PUT", path, BEARER | JSON, body(cloudflare_group(NEW_NAME, 1)))
            case _:
                return Request("DELETE", path, BEARER)

    return [one(kind) for kind in drawn.choices(list(MIX), list(MIX.values()), k=2_000)]


def round_of(found: Found, server: Server, requests: list[Request], settings: Settings) -> None:
    """One load without neighbors and one with them; both begin with the groups of the seed."""
    how = Load(settings.seconds, CONNECTIONS, TIMEOUT_SECONDS)
    found.quiet.append(load.run(server.port, requests, how))
    found.quiet[-1].must_be_clean("the load without neighbors")
    reset(server)
    with watched(server) as peak:
        with neighbors(server):
            found.disturbed.append(load.run(server.port, requests, how))
    found.disturbed[-1].must_be_clean("the load with neighbors")
    reset(server)
    found.peaks.append(peak)
    found.after_files.append(settled_files(server, found.before_files))
    found.after_mb.append(server.memory_mb())
    print(f"   {found.quiet[-1].rate:,.0f}/s alone, {found.disturbed[-1].rate:,.0f}/s with neighbors; "
          f"MB {found.before_mb:.0f}, {peak.memory_mb:.0f}, {found.after_mb[-1]:.0f}; "
          f"files {found.before_files}, {peak.open_files}, {found.after_files[-1]}", flush=True)


def bare_memory(server: Server, settings: Settings) -> tuple[float, float]:
    """The memory of the yardstick before and after as many connections that get groups."""
    operation = DIALECTS[0].operations[0]
    requests = operation.requests(server, settings.groups)
    _, binary = places.build()
    with Server(yardstick.program(binary, operation.route, requests[0], server.must_answer(requests[0]))) as bare:
        before = bare.memory_mb()
        load.run(bare.port, requests, Load(settings.seconds, CONNECTIONS, TIMEOUT_SECONDS))
        # The connections are closed by then.
        time.sleep(1)
        return before, bare.memory_mb()


def long_seconds(found: Found) -> int:
    return found.limit_seconds + DRAIN_SECONDS + MARGIN_SECONDS


def siege(found: Found, server: Server, requests: list[Request]) -> None:
    """The same for longer than a request may take, so that the limits strike."""
    how = Load(long_seconds(found), CONNECTIONS, TIMEOUT_SECONDS)
    with neighbors(server) as ends:
        found.siege = load.run(server.port, requests, how)
    found.siege.must_be_clean("the long load with neighbors")
    found.ends = ends
    reset(server)
    print(f"   neighbors: {ends}", flush=True)


def stop(found: Found, server: Server, requests: list[Request]) -> None:
    """Stops the server while everything goes on."""
    with neighbors(server):
        process = load.start(server.port, requests, Load(found.limit_seconds + 10, CONNECTIONS, TIMEOUT_SECONDS))
        try:
            time.sleep(2)
            found.stop_seconds = server.stop(found.limit_seconds + DRAIN_SECONDS + STOP_SECONDS)
        finally:
            process.kill()
            process.communicate()
    print(f"   stopped after {found.stop_seconds:.1f} s", flush=True)


@contextmanager
def neighbors(server: Server):
    """Bad neighbors for as long as the `with` lasts; afterwards the value holds what became of them."""
    script = places.LOAD / "harness" / "neighbors.py"
    process = subprocess.Popen([sys.executable, str(script), str(server.port), str(NEIGHBORS_OF_EACH)],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ends: dict[str, dict[str, int]] = {}
    try:
        time.sleep(1)
        yield ends
        output, _ = process.communicate("", timeout=30)
        ends.update(json.loads(output))
    finally:
        process.kill()
        process.wait()


@contextmanager
def watched(server: Server):
    """Looks at the server while the `with` lasts."""
    peak, ended = Peak(), threading.Event()

    def look() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            peak.memory_mb = max(peak.memory_mb, server.memory_mb())
            peak.open_files = max(peak.open_files, server.open_files())

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        ended.set()
        watcher.join()


def reset(server: Server) -> None:
    server.must_answer(Request("POST", "/__admin/reset"))


def settled_files(server: Server, before: int) -> int:
    """Waits until the connections are closed, and returns how many files are open then."""
    until = time.monotonic() + SETTLE_SECONDS
    while (files := server.open_files()) > before and time.monotonic() < until:
        time.sleep(SAMPLE_SECONDS)
    return files


def faults_of(found: Found) -> list[str]:
    """What grew, and which bad neighbors were let alone for good."""
    faults = []
    if found.after_files[-1] > found.before_files:
        faults.append(f"{found.after_files[-1]} files are open afterwards, {found.before_files} were before")
    # In the first rounds the allocator still takes what it then keeps.
    half = max(2, len(found.after_mb) // 2)
    earlier, later = max(found.after_mb[:half]), max(found.after_mb[half:], default=0)
    if later > earlier * GROWTH + GROWTH_MB:
        faults.append(f"the memory that is left after a round grows from {earlier:.0f} to {later:.0f} MB")
    alone = slowest_seconds(found.quiet)
    with_neighbors = slowest_seconds([*found.disturbed, found.siege])
    if with_neighbors > max(STARVED_SECONDS, alone * STARVED_RATIO):
        faults.append(f"a request waited {with_neighbors:.1f} s beside bad neighbors, and {alone:.1f} s at most alone")
    for kind in ENDED_KINDS:
        ended = sum(count for end, count in found.ends[kind].items() if end != "opened")
        if ended < NEIGHBORS_OF_EACH:
            faults.append(f"of {NEIGHBORS_OF_EACH} neighbors of the kind `{kind.replace('_', ' ')}` the server ended "
                          f"only {ended}, though the limit of a request was over")
    return faults


def slowest_seconds(results: list[Result]) -> float:
    return max(result.max_ms for result in results) / 1000


def text(found: Found, faults: list[str], settings: Settings) -> str:
    mix = ", ".join(f"{share} % {kind}" for kind, share in MIX.items())
    return (
        f"{CONNECTIONS:,} keep-alive connections ({mix}; {settings.groups:,} groups at the start), alone and with "
        f"{NEIGHBORS_OF_EACH} each of {len(KINDS)} kinds of bad neighbors, in turn; medians of {settings.rounds} rounds of "
        f"{settings.seconds} s, then one of {long_seconds(found)} s, longer than a request may take.\n"
        "Every request was answered with success.\n"
        "The neighbors take CPU time from the server, too.\n\n"
        + table(["", "requests /s", "p50 ms", "p99 ms", "p99.9 ms", "slowest ms"], [
            load_row("alone", found.quiet), load_row("with bad neighbors", found.disturbed),
            load_row("with them, for long", [found.siege]),
        ])
        + "\n"
        + table(["", "before", "at most", "after each round"], [
            ["memory MB", f"{found.before_mb:.0f}", f"{max(peak.memory_mb for peak in found.peaks):.0f}",
             ", ".join(f"{after:.0f}" for after in found.after_mb)],
            ["open files", f"{found.before_files}", f"{max(peak.open_files for peak in found.peaks)}",
             ", ".join(str(after) for after in found.after_files)],
        ])
        + f"\nFor comparison, bare axum without neighbors: {found.bare_mb[0]:.0f} MB before as many connections, "
        f"{found.bare_mb[1]:.0f} MB once they are closed.\n"
        f"\nWhat became of the neighbors in the long round, with a limit of {found.limit_seconds} s for a request:\n\n"
        + table(["neighbor", "what it does", "connections", "ends"], [
            [kind.__name__.replace("_", " "), kind.__doc__.rstrip("."),
             f"{found.ends[kind.__name__].get('opened', 0):,}", ends_text(found.ends[kind.__name__])]
            for kind in KINDS
        ])
        + f"\nSIGTERM in the middle of it: the server ended by itself, with exit code 0, after "
        f"{found.stop_seconds:.1f} s; slow bodies may take until the limit of {found.limit_seconds} s, and "
        f"{DRAIN_SECONDS} s more.\n\n"
        + ("".join(f"- **Did not hold**: {fault}.\n" for fault in faults)
           or "Nothing grew and no request starved: the files are closed, the memory stays, and the limits ended the "
              "neighbors that they are for.\n")
    )


def load_row(name: str, results: list[Result]) -> list[str]:
    def cell(value) -> str:
        return milliseconds(median(value(result) for result in results))

    return [
        name, thousands(median(result.rate for result in results)), cell(lambda result: result.p50_ms),
        cell(lambda result: result.p99_ms), cell(lambda result: result.p999_ms),
        milliseconds(max(result.max_ms for result in results)),
    ]


def ends_text(ends: dict[str, int]) -> str:
    shown = [f"{count:,} × {end}" for end, count in ends.items() if end != "opened"]
    return ", ".join(shown) or "none: they go on"
