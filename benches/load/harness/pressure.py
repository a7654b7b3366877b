"""A load of a thousand connections that read and write, with and without misbehaving clients."""

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

from harness import baseline, load, paths
from harness.bad_clients import KINDS
from harness.dialects import BEARER, CLOUDFLARE, DIALECTS, JSON, NEW_NAME, PAGE, body, cloudflare_group, uuid
from harness.load import Load, Result
from harness.report import Section, milliseconds, table, thousands
from harness.request import Request
from harness.server import Program, Server
from harness.settings import Settings

CONNECTIONS = 1_000
BAD_CLIENTS_OF_EACH_KIND = 50
# A request that takes longer than the first limit fails the run. One that takes longer than the second has starved,
# unless requests without bad clients are similarly slow: the third limit is the ratio to them.
TIMEOUT_SECONDS, STARVED_SECONDS, STARVED_RATIO = 10, 2, 3
# Percentage of each kind of request.
MIX = {"get": 60, "page": 10, "create": 15, "replace": 10, "delete": 5}
# The request timeout, for full and quick runs.
REQUEST_TIMEOUT_SECONDS, QUICK_REQUEST_TIMEOUT_SECONDS = 30, 5
# The time for which the server drains the body of a rejected request, so that the client receives the response.
DRAIN_SECONDS = 2
# The time after both in which a shutdown must finish: the remaining connections are aborted.
STOP_SECONDS = 3
# The long round exceeds all timeouts by this time.
MARGIN_SECONDS = 4
# The maximum growth of the memory after a round from the earlier to the later rounds.
MAX_GROWTH, MAX_GROWTH_MB = 1.25, 10
# The kinds that the request timeout ends. A response may be read at any speed.
ENDED_KINDS = ("silent", "one_byte", "slow_headers", "slow_body")
SAMPLE_SECONDS = 0.1
SETTLE_SECONDS = 10


@dataclass
class Peak:
    """The maximum use of resources during a load."""

    memory_mb: float = 0
    open_files: int = 0


@dataclass
class Results:
    """The results of all rounds."""

    without_bad_clients: list[Result] = field(default_factory=list)
    with_bad_clients: list[Result] = field(default_factory=list)
    before_mb: float = 0
    before_files: int = 0
    peaks: list[Peak] = field(default_factory=list)
    after_mb: list[float] = field(default_factory=list)
    after_files: list[int] = field(default_factory=list)
    long_round: Result | None = None
    ends: dict[str, dict[str, int]] = field(default_factory=dict)
    stop_seconds: float = 0
    # The memory of the baseline after its start, and after the same number of connections.
    baseline_mb: tuple[float, float] = (0, 0)
    request_timeout_seconds: int = REQUEST_TIMEOUT_SECONDS


def section(settings: Settings) -> Section:
    """Measures the server under pressure, and returns the section with the failures."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    timeout = QUICK_REQUEST_TIMEOUT_SECONDS if settings.is_quick else REQUEST_TIMEOUT_SECONDS
    found = Results(request_timeout_seconds=timeout)
    with Server(program(settings, found.request_timeout_seconds)) as server:
        requests = mixed(settings.groups)
        found.before_mb, found.before_files = server.memory_mb(), server.open_files()
        for _ in range(settings.rounds):
            run_round(found, server, requests, settings)
        found.baseline_mb = baseline_memory(server, settings)
        run_long_round(found, server, requests)
        stop(found, server, requests)
    failures = find_failures(found)
    return Section(text(found, failures, settings), failures)


def program(settings: Settings, request_timeout_seconds: int) -> Program:
    """Returns the server with pinned groups: they are restored when they are deleted."""
    seed = DIALECTS[0].groups(settings.groups)
    for group in seed["cloudflare"]["accounts"]["a1"]["access_groups"]:
        group["pinned"] = True
    file = paths.scratch("seed-pressure.json")
    file.write_text(json.dumps(seed))
    binary, _ = paths.build()
    arguments = [str(binary), "--port", "{port}", "--seed", str(file),
                 "--request-timeout", str(request_timeout_seconds)]
    return Program("access-groups-mock", arguments, Request("GET", "/__admin/health"))


def mixed(groups: int) -> list[Request]:
    """Returns reads and writes in a random order that is the same in every run."""
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


def run_round(found: Results, server: Server, requests: list[Request], settings: Settings) -> None:
    """Runs one load without bad clients and one with them; both start with the groups of the seed."""
    load_settings = Load(settings.seconds, CONNECTIONS, TIMEOUT_SECONDS)
    found.without_bad_clients.append(load.run(server.port, requests, load_settings))
    found.without_bad_clients[-1].expect_no_errors("the load without bad clients")
    reset(server)
    with watched(server) as peak:
        with bad_clients(server):
            found.with_bad_clients.append(load.run(server.port, requests, load_settings))
    found.with_bad_clients[-1].expect_no_errors("the load with bad clients")
    reset(server)
    found.peaks.append(peak)
    found.after_files.append(settled_files(server, found.before_files))
    found.after_mb.append(server.memory_mb())
    print(f"   {found.without_bad_clients[-1].rate:,.0f}/s without bad clients, "
          f"{found.with_bad_clients[-1].rate:,.0f}/s with bad clients; "
          f"MB {found.before_mb:.0f}, {peak.memory_mb:.0f}, {found.after_mb[-1]:.0f}; "
          f"files {found.before_files}, {peak.open_files}, {found.after_files[-1]}", flush=True)


def baseline_memory(server: Server, settings: Settings) -> tuple[float, float]:
    """Returns the memory of the baseline before and after the same number of connections that read groups."""
    operation = DIALECTS[0].operations[0]
    requests = operation.requests(server, settings.groups)
    _, binary = paths.build()
    response = server.expect_success(requests[0])
    bare = baseline.program(binary, baseline.routes(server), operation.route, requests[0], response)
    with Server(bare) as baseline_server:
        before = baseline_server.memory_mb()
        load.run(baseline_server.port, requests, Load(settings.seconds, CONNECTIONS, TIMEOUT_SECONDS))
        # Wait until the connections are closed.
        time.sleep(1)
        return before, baseline_server.memory_mb()


def long_seconds(found: Results) -> int:
    return found.request_timeout_seconds + DRAIN_SECONDS + MARGIN_SECONDS


def run_long_round(found: Results, server: Server, requests: list[Request]) -> None:
    """Runs a load with bad clients for longer than the request timeout."""
    load_settings = Load(long_seconds(found), CONNECTIONS, TIMEOUT_SECONDS)
    with bad_clients(server) as ends:
        found.long_round = load.run(server.port, requests, load_settings)
    found.long_round.expect_no_errors("the long load with bad clients")
    found.ends = ends
    reset(server)
    print(f"   bad clients: {ends}", flush=True)


def stop(found: Results, server: Server, requests: list[Request]) -> None:
    """Stops the server during a load with bad clients."""
    with bad_clients(server):
        load_settings = Load(found.request_timeout_seconds + 10, CONNECTIONS, TIMEOUT_SECONDS)
        process = load.start(server.port, requests, load_settings)
        try:
            time.sleep(2)
            found.stop_seconds = server.stop(found.request_timeout_seconds + DRAIN_SECONDS + STOP_SECONDS)
        finally:
            process.kill()
            process.communicate()
    print(f"   stopped after {found.stop_seconds:.1f} s", flush=True)


@contextmanager
def bad_clients(server: Server):
    """Runs bad clients during the `with` block; the value contains the ends of their connections afterwards."""
    script = paths.LOAD / "harness" / "bad_clients.py"
    process = subprocess.Popen([sys.executable, str(script), str(server.port), str(BAD_CLIENTS_OF_EACH_KIND)],
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
    """Samples the server during the `with` block."""
    peak, stopped = Peak(), threading.Event()

    def sample() -> None:
        while not stopped.wait(SAMPLE_SECONDS):
            peak.memory_mb = max(peak.memory_mb, server.memory_mb())
            peak.open_files = max(peak.open_files, server.open_files())

    watcher = threading.Thread(target=sample)
    watcher.start()
    try:
        yield peak
    finally:
        stopped.set()
        watcher.join()


def reset(server: Server) -> None:
    server.expect_success(Request("POST", "/__admin/reset"))


def settled_files(server: Server, before: int) -> int:
    """Waits until the connections are closed, and returns the number of open files."""
    until = time.monotonic() + SETTLE_SECONDS
    while (files := server.open_files()) > before and time.monotonic() < until:
        time.sleep(SAMPLE_SECONDS)
    return files


def find_failures(found: Results) -> list[str]:
    """Returns failures: resources that grew, starved requests, and bad clients that were not disconnected."""
    failures = []
    if found.after_files[-1] > found.before_files:
        failures.append(f"{found.after_files[-1]} files are open afterwards, {found.before_files} before")
    # In the first rounds the allocator reserves memory that it keeps.
    half = max(2, len(found.after_mb) // 2)
    earlier, later = max(found.after_mb[:half]), max(found.after_mb[half:], default=0)
    if later > earlier * MAX_GROWTH + MAX_GROWTH_MB:
        failures.append(f"the memory after a round grows from {earlier:.0f} to {later:.0f} MB")
    without = slowest_seconds(found.without_bad_clients)
    with_clients = slowest_seconds([*found.with_bad_clients, found.long_round])
    if with_clients > max(STARVED_SECONDS, without * STARVED_RATIO):
        failures.append(f"a request took {with_clients:.1f} s with bad clients, and at most {without:.1f} s without")
    for kind in ENDED_KINDS:
        ended = sum(count for end, count in found.ends[kind].items() if end != "opened")
        if ended < BAD_CLIENTS_OF_EACH_KIND:
            name = kind.replace("_", " ")
            failures.append(f"of {BAD_CLIENTS_OF_EACH_KIND} bad clients of the kind `{name}` the server disconnected "
                            f"only {ended} after the request timeout")
    return failures


def slowest_seconds(results: list[Result]) -> float:
    return max(result.max_ms for result in results) / 1000


def text(found: Results, failures: list[str], settings: Settings) -> str:
    mix = ", ".join(f"{share} % {kind}" for kind, share in MIX.items())
    return (
        f"{CONNECTIONS:,} keep-alive connections ({mix}; {settings.groups:,} groups at the start), without and with "
        f"{BAD_CLIENTS_OF_EACH_KIND} each of {len(KINDS)} kinds of bad clients, in turn; medians of "
        f"{settings.rounds} rounds of {settings.seconds} s, then one of {long_seconds(found)} s, longer than the "
        "request timeout.\n"
        "Every request succeeded.\n"
        "The bad clients use CPU time as well.\n\n"
        + table(["", "requests /s", "p50 ms", "p99 ms", "p99.9 ms", "slowest ms"], [
            load_row("without bad clients", found.without_bad_clients),
            load_row("with bad clients", found.with_bad_clients),
            load_row("with bad clients, long round", [found.long_round]),
        ])
        + "\n"
        + table(["", "before", "maximum", "after each round"], [
            ["memory MB", f"{found.before_mb:.0f}", f"{max(peak.memory_mb for peak in found.peaks):.0f}",
             ", ".join(f"{after:.0f}" for after in found.after_mb)],
            ["open files", f"{found.before_files}", f"{max(peak.open_files for peak in found.peaks)}",
             ", ".join(str(after) for after in found.after_files)],
        ])
        + "\nFor comparison, bare axum without bad clients: "
        f"{found.baseline_mb[0]:.0f} MB before the same number of connections, "
        f"{found.baseline_mb[1]:.0f} MB after they are closed.\n"
        "\nEnds of the bad clients' connections in the long round, "
        f"with a request timeout of {found.request_timeout_seconds} s:\n\n"
        + table(["client", "behavior", "connections", "ends"], [
            [kind.__name__.replace("_", " "), kind.__doc__.rstrip("."),
             f"{found.ends[kind.__name__].get('opened', 0):,}", ends_text(found.ends[kind.__name__])]
            for kind in KINDS
        ])
        + f"\nSIGTERM during this load: the server exited with code 0 after "
        f"{found.stop_seconds:.1f} s; slow bodies may take the request timeout of {found.request_timeout_seconds} s "
        f"and {DRAIN_SECONDS} s more.\n\n"
        + ("".join(f"- **Failed**: {failure}.\n" for failure in failures)
           or "Nothing grew and no request starved: the files are closed, the memory is stable, and the request "
              "timeout ended the connections that it applies to.\n")
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
    return ", ".join(shown) or "none: still open"
