"""The server beside those that people use for the same purpose, on the same work."""

from dataclasses import dataclass, field
from statistics import median

from harness import load
from harness.failure import Failure, Unavailable
from harness.load import Load
from harness.peer import Peer
from harness.report import Section, milliseconds, table, thousands, verdict
from harness.request import Request
from harness.server import Server
from harness.settings import Settings
from peers import OURS, PEERS

# How many times faster than the fastest peer that keeps state the server is to be, and than Prism.
AIMS = {"get": 2.5, "create": 3.0, "page": 4.0}
PRISM_AIM = 25.0
# What creates groups comes last, so that the others find as many as at the start.
KINDS = ("get", "page", "create")
# What compiles its code while it runs needs a while to come to speed.
WARM_UP_SECONDS = 1


@dataclass
class Found:
    """What one server did in all rounds."""

    peer: Peer
    rates: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    get_cpu_microseconds: list[float] = field(default_factory=list)
    get_p99_ms: list[float] = field(default_factory=list)
    first_answer_seconds: list[float] = field(default_factory=list)
    idle_mb: list[float] = field(default_factory=list)
    loaded_mb: list[float] = field(default_factory=list)

    def rate(self, kind: str) -> float:
        return median(self.rates[kind])


def section(settings: Settings) -> Section:
    """Measures all peers, and the server before and after them; returns the text of the section."""
    ours, found, left_out = Found(OURS), [], []
    measure(ours, settings)
    for peer in PEERS:
        if settings.only.lower() not in peer.name.lower():
            continue
        print(f"   {peer.name}", flush=True)
        try:
            one = Found(peer)
            measure(one, settings)
            found.append(one)
        except (Unavailable, Failure) as reason:
            print(f"   left out: {reason}", flush=True)
            left_out.append((peer, str(reason).splitlines()[0]))
    measure(ours, settings)
    return Section(text(ours, found, left_out, settings))


def measure(found: Found, settings: Settings) -> None:
    """Starts the peer once and puts all rounds on it."""
    peer = found.peer
    folder = peer.installed()
    with Server(peer.program(folder, settings.groups)) as server:
        found.first_answer_seconds.append(server.first_answer_seconds)
        found.idle_mb.append(server.memory_mb())
        work = peer.work(server, settings.groups)
        requests = dict(zip(("get", "create", "page"), (work.gets, work.creates, work.pages)))
        for kind in KINDS:
            server.must_answer(requests[kind][0], number=99_999_999)
            load.run(server.port, requests[kind], Load(WARM_UP_SECONDS, settings.connections))
            for _ in range(settings.rounds):
                round_of(found, kind, server, requests[kind], settings)
        found.loaded_mb.append(server.memory_mb())


def round_of(found: Found, kind: str, server: Server, requests: list[Request], settings: Settings) -> None:
    before, cpu = found.peer.count(server), server.cpu_seconds()
    result = load.run(server.port, requests, Load(settings.seconds, settings.connections))
    cpu = server.cpu_seconds() - cpu
    result.must_be_clean(found.peer.name)
    found.rates[kind].append(result.rate)
    if kind == "get":
        found.get_cpu_microseconds.append(cpu * 1e6 / result.requests)
        found.get_p99_ms.append(result.p99_ms)
    created = found.peer.count(server)
    if kind == "create" and before is not None and created < before + result.requests:
        raise Failure(f"{found.peer.name}: {result.requests} creations made {created - before} groups")


def text(ours: Found, found: list[Found], left_out: list[tuple[Peer, str]], settings: Settings) -> str:
    everyone = sorted([ours, *found], key=lambda one: -one.rate("get"))
    parts = [
        f"One group by its id, a new group, a page of 50; {settings.groups:,} groups at the start, "
        f"{settings.connections} keep-alive connections, medians of {settings.rounds} rounds of "
        f"{settings.seconds} s after {WARM_UP_SECONDS} s to warm up, the server's own before and after all others.\n"
        "CPU time and p99 are those of getting a group; memory is that of all its processes, after the start and "
        "after everything.\n\n",
        table(["server", "state", "get /s", "create /s", "page /s", "CPU µs", "p99 ms", "first answer s", "MB"],
              [row(one, ours) for one in everyone]),
    ]
    aims = aim_rows(ours, found)
    if aims:
        parts += ["\n", table(["the server against", "times as fast", "aim", ""], aims)]
    if left_out:
        parts += ["\nLeft out:\n\n", *(f"- {peer.name} {peer.version}: {reason}\n" for peer, reason in left_out)]
    return "".join(parts)


def row(one: Found, ours: Found) -> list[str]:
    name = f"**{one.peer.name}**" if one is ours else f"{one.peer.name} {one.peer.version}"
    return [
        f"{name}, {one.peer.note}" if one.peer.note else name,
        "yes" if one.peer.keeps_state else "no",
        *(thousands(one.rate(kind)) for kind in ("get", "create", "page")),
        f"{median(one.get_cpu_microseconds):,.0f}", milliseconds(median(one.get_p99_ms)),
        f"{median(one.first_answer_seconds):.3f}",
        f"{median(one.idle_mb):.0f} → {median(one.loaded_mb):.0f}",
    ]


def aim_rows(ours: Found, found: list[Found]) -> list[list[str]]:
    """The server against the fastest peer that keeps state, and against Prism."""
    rows = []
    stateful = [one for one in found if one.peer.keeps_state]
    for kind, aim in AIMS.items() if stateful else ():
        fastest = max(stateful, key=lambda one: one.rate(kind))
        times = ours.rate(kind) / fastest.rate(kind)
        rows.append([f"the fastest peer that keeps state, {kind} ({fastest.peer.name})", f"{times:.1f}",
                     f"≥ {aim:g}", verdict(times >= aim)])
    for one in found:
        if one.peer.name == "Prism":
            times = [ours.rate(kind) / one.rate(kind) for kind in AIMS]
            rows.append(["Prism, get / create / page", " / ".join(f"{ratio:.0f}" for ratio in times),
                         f"≥ {PRISM_AIM:g}", verdict(min(times) >= PRISM_AIM)])
    return rows
