"""Compares the server with other servers for the same purpose, with the same work."""

from dataclasses import dataclass, field
from statistics import median

from harness import load
from harness.errors import HarnessError, PeerUnavailable
from harness.load import Load
from harness.peer import Peer
from harness.report import Section, milliseconds, table, thousands, verdict
from harness.request import Request
from harness.server import Server
from harness.settings import Settings
from peers import OURS, PEERS

# The target ratios of the throughput to the fastest stateful peer, and to Prism.
TARGETS = {"get": 2.5, "create": 3.0, "page": 8.0}
PRISM_TARGET = 25.0
# Creation is last, so that the other kinds run with the initial number of groups.
KINDS = ("get", "page", "create")
# Time for peers with a JIT compiler to warm up.
WARM_UP_SECONDS = 1


@dataclass
class Results:
    """The results of one server in all rounds."""

    peer: Peer
    rates: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    get_cpu_microseconds: list[float] = field(default_factory=list)
    get_p99_ms: list[float] = field(default_factory=list)
    first_response_seconds: list[float] = field(default_factory=list)
    idle_mb: list[float] = field(default_factory=list)
    loaded_mb: list[float] = field(default_factory=list)

    def rate(self, kind: str) -> float:
        return median(self.rates[kind])


def section(settings: Settings) -> Section:
    """Measures all peers, and the server before and after them; returns the section."""
    ours, results, skipped = Results(OURS), [], []
    measure(ours, settings)
    for peer in PEERS:
        if settings.only.lower() not in peer.name.lower():
            continue
        print(f"   {peer.name}", flush=True)
        try:
            one = Results(peer)
            measure(one, settings)
            results.append(one)
        except (PeerUnavailable, HarnessError) as reason:
            print(f"   skipped: {reason}", flush=True)
            skipped.append((peer, str(reason).splitlines()[0]))
    measure(ours, settings)
    return Section(text(ours, results, skipped, settings))


def measure(found: Results, settings: Settings) -> None:
    """Starts the peer once, and runs all rounds."""
    peer = found.peer
    folder = peer.installed()
    with Server(peer.program(folder, settings.groups)) as server:
        found.first_response_seconds.append(server.first_response_seconds)
        found.idle_mb.append(server.memory_mb())
        work = peer.work(server, settings.groups)
        requests = dict(zip(("get", "create", "page"), (work.gets, work.creates, work.pages)))
        for kind in KINDS:
            server.expect_success(requests[kind][0], number=99_999_999)
            load.run(server.port, requests[kind], Load(WARM_UP_SECONDS, settings.connections))
            for _ in range(settings.rounds):
                run_round(found, kind, server, requests[kind], settings)
        found.loaded_mb.append(server.memory_mb())


def run_round(found: Results, kind: str, server: Server, requests: list[Request], settings: Settings) -> None:
    before, cpu = found.peer.count(server), server.cpu_seconds()
    result = load.run(server.port, requests, Load(settings.seconds, settings.connections))
    cpu = server.cpu_seconds() - cpu
    result.expect_no_errors(found.peer.name)
    found.rates[kind].append(result.rate)
    if kind == "get":
        found.get_cpu_microseconds.append(cpu * 1e6 / result.requests)
        found.get_p99_ms.append(result.p99_ms)
    created = found.peer.count(server)
    if kind == "create" and before is not None and created < before + result.requests:
        raise HarnessError(f"{found.peer.name}: {result.requests} creation requests created {created - before} groups")


def text(ours: Results, results: list[Results], skipped: list[tuple[Peer, str]], settings: Settings) -> str:
    everyone = sorted([ours, *results], key=lambda one: -one.rate("get"))
    parts = [
        f"One group by its id, a new group, a page of 50; {settings.groups:,} groups at the start, "
        f"{settings.connections} keep-alive connections, medians of {settings.rounds} rounds of "
        f"{settings.seconds} s after {WARM_UP_SECONDS} s to warm up, for this server before and after all peers.\n"
        "CPU time and p99 are for reading a group; memory is that of all processes, at the start and at the end.\n\n",
        table(["server", "state", "get /s", "create /s", "page /s", "CPU µs", "p99 ms", "first response s", "MB"],
              [row(one, ours) for one in everyone]),
    ]
    targets = target_rows(ours, results)
    if targets:
        parts += ["\n", table(["compared with", "times as fast", "target", ""], targets)]
    if skipped:
        parts += ["\nSkipped:\n\n", *(f"- {peer.name} {peer.version}: {reason}\n" for peer, reason in skipped)]
    return "".join(parts)


def row(one: Results, ours: Results) -> list[str]:
    name = f"**{one.peer.name}**" if one is ours else f"{one.peer.name} {one.peer.version}"
    return [
        f"{name}, {one.peer.note}" if one.peer.note else name,
        "yes" if one.peer.keeps_state else "no",
        *(thousands(one.rate(kind)) for kind in ("get", "create", "page")),
        f"{median(one.get_cpu_microseconds):,.0f}", milliseconds(median(one.get_p99_ms)),
        f"{median(one.first_response_seconds):.3f}",
        f"{median(one.idle_mb):.0f} → {median(one.loaded_mb):.0f}",
    ]


def target_rows(ours: Results, results: list[Results]) -> list[list[str]]:
    """Returns the comparisons with the fastest stateful peer and with Prism."""
    rows = []
    stateful = [one for one in results if one.peer.keeps_state]
    for kind, target in TARGETS.items() if stateful else ():
        fastest = max(stateful, key=lambda one: one.rate(kind))
        times = ours.rate(kind) / fastest.rate(kind)
        rows.append([f"fastest stateful peer, {kind} ({fastest.peer.name})", f"{times:.1f}",
                     f"≥ {target:g}", verdict(times >= target)])
    for one in results:
        if one.peer.name == "Prism":
            times = [ours.rate(kind) / one.rate(kind) for kind in TARGETS]
            rows.append(["Prism, get / create / page", " / ".join(f"{ratio:.0f}" for ratio in times),
                         f"≥ {PRISM_TARGET:g}", verdict(min(times) >= PRISM_TARGET)])
    return rows
