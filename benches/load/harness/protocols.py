"""Compares the server with bare axum over HTTP/2 and over https, by operation."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import median

from harness import baseline, h2load, load
from harness.dialects import DIALECTS, Dialect, Operation
from harness.errors import HarnessError
from harness.load import Load
from harness.report import Section, table, thousands, verdict
from harness.request import Request
from harness.server import Program, Server
from harness.settings import Settings

# The minimum ratio of the operations that read one group.
GET_TARGET = 0.85
GETS = ("get", "member check")


@dataclass(frozen=True)
class Protocol:
    name: str
    is_tls: bool
    # Returns the requests and the requests per second of a load on a port.
    run: Callable[[int, list[Request], Settings], tuple[int, float]]


def http2(connections: int | None, streams: int | None) -> Callable[[int, list[Request], Settings], tuple[int, float]]:
    """Returns the load of HTTP/2; `None` is as many as the keep-alive connections of HTTP/1.1."""

    def run(port: int, requests: list[Request], settings: Settings) -> tuple[int, float]:
        counts = (connections or settings.connections, streams or settings.connections)
        result = h2load.run(f"http://127.0.0.1:{port}", requests, settings.seconds, *counts)
        return result.requests, result.rate

    return run


def https(port: int, requests: list[Request], settings: Settings) -> tuple[int, float]:
    result = load.run(port, requests, Load(settings.seconds, settings.connections, scheme="https"))
    result.expect_no_errors("https")
    return result.requests, result.rate


PROTOCOLS = [
    Protocol("HTTP/2, one connection", False, http2(1, None)),
    Protocol("HTTP/2, many connections", False, http2(None, 1)),
    Protocol("https with HTTP/1.1", True, https),
]


@dataclass(frozen=True)
class Comparison:
    """The requests per second of all rounds of one operation with one protocol."""

    ours: list[float]
    baseline: list[float]

    def ratio(self) -> float:
        return median(self.ours) / median(self.baseline)


def section(settings: Settings) -> Section:
    """Measures all operations with all protocols, and returns the section."""
    h2load.h2load()
    rows = [
        row(dialect, operation, settings)
        for dialect in DIALECTS for operation in dialect.operations
        if settings.only in f"{dialect.name}, {operation.name}"
    ]
    if not rows:
        raise HarnessError(f"the name of no operation contains `{settings.only}`")
    connections = settings.connections
    return Section(
        f"{settings.groups:,} groups at the start, medians of {settings.rounds} rounds of {settings.seconds} s. "
        f"HTTP/2 without TLS: one connection with {connections} streams, and {connections} connections with one; "
        f"https: {connections} keep-alive connections.\n"
        "Each cell has the requests per second of the server and of bare axum, and their ratio.\n\n"
        + table(["operation", *(protocol.name for protocol in PROTOCOLS), "target", ""], rows)
    )


def row(dialect: Dialect, operation: Operation, settings: Settings) -> list[str]:
    name = f"{dialect.name}, {operation.name}"
    comparisons = [compare(dialect, operation, protocol, settings) for protocol in PROTOCOLS]
    for protocol, comparison in zip(PROTOCOLS, comparisons):
        print(f"{name}, {protocol.name}: {comparison.ratio():.2f} of the baseline", flush=True)
    cells = [
        f"{thousands(median(it.ours))} / {thousands(median(it.baseline))} **{it.ratio():.2f}**" for it in comparisons
    ]
    if operation.name not in GETS:
        return [name, *cells, "", ""]
    is_met = all(comparison.ratio() >= GET_TARGET for comparison in comparisons)
    return [name, *cells, f"≥ {GET_TARGET:.2f}", verdict(is_met)]


def compare(dialect: Dialect, operation: Operation, protocol: Protocol, settings: Settings) -> Comparison:
    """Measures one operation on the server and on the baseline in turn, each time in fresh processes."""
    pair = baseline.pair(dialect, operation, settings)
    program, bare = pair.ours, pair.bare
    if protocol.is_tls:
        program, bare = with_tls(program), replace(with_tls(bare), is_tls_only=True)
    ours, base = [], []
    for _ in range(settings.rounds):
        ours.append(measure_ours(program, dialect, operation, protocol, settings))
        with Server(bare) as server:
            base.append(protocol.run(server.port, pair.requests, settings)[1])
    return Comparison(ours, base)


def with_tls(program: Program) -> Program:
    return replace(program, arguments=[*program.arguments, "--tls"])


def measure_ours(
    program: Program, dialect: Dialect, operation: Operation, protocol: Protocol, settings: Settings
) -> float:
    """Measures the server; raises an error if it has created fewer groups than there were requests."""
    with Server(program) as server:
        # Cursors are valid only for the process that returned them.
        requests = operation.requests(server, settings.groups)
        before = dialect.count(server)
        done, rate = protocol.run(server.port, requests, settings)
        created = dialect.count(server) - before
    if operation.creates and created < done:
        raise HarnessError(f"{done} requests of {dialect.name}, {operation.name} created {created} groups")
    return rate
