"""The server beside a bare axum handler that returns the same bytes, operation by operation."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from harness import load, places, yardstick
from harness.dialects import DIALECTS, Dialect, Operation
from harness.failure import Failure
from harness.load import Load, Result
from harness.report import Section, milliseconds, table, thousands, verdict
from harness.request import Request
from harness.server import Program, Server
from harness.settings import Settings

# The greatest p99 that the project aims at, as a multiple of the yardstick's.
P99_AIM = 1.3


@dataclass(frozen=True)
class Run:
    """One load on one server."""

    result: Result
    cpu_seconds: float
    idle_mb: float
    loaded_mb: float

    @property
    def cpu_microseconds(self) -> float:
        """For each request."""
        return self.cpu_seconds * 1e6 / self.result.requests


@dataclass(frozen=True)
class Comparison:
    """All rounds of one operation."""

    name: str
    aim: float
    body_bytes: int
    ours: list[Run]
    bare: list[Run]

    def ratio(self) -> float:
        return middle(self.ours, rate) / middle(self.bare, rate)

    def ratios(self) -> list[float]:
        return [rate(ours) / rate(bare) for ours, bare in zip(self.ours, self.bare)]


def middle(runs: list[Run], value: Callable[[Run], float]) -> float:
    return median(value(run) for run in runs)


def rate(run: Run) -> float:
    return run.result.rate


def p99(run: Run) -> float:
    return run.result.p99_ms


def section(settings: Settings) -> Section:
    """Measures all operations and returns the text of the section."""
    comparisons = [
        compare(dialect, operation, settings)
        for dialect in DIALECTS for operation in dialect.operations
        if settings.only in name_of(dialect, operation)
    ]
    if not comparisons:
        raise Failure(f"no operation has `{settings.only}` in its name")
    return Section(text(comparisons, settings))


def name_of(dialect: Dialect, operation: Operation) -> str:
    return f"{dialect.name}, {operation.name}"


def compare(dialect: Dialect, operation: Operation, settings: Settings) -> Comparison:
    """Measures one operation on the server and on the yardstick in turn, each time in fresh processes."""
    ours_binary, bare_binary = places.build()
    program = dialect.program(ours_binary, settings.groups)
    with Server(program) as server:
        requests = operation.requests(server, settings.groups)
        answer = server.must_answer(requests[0])
    bare_program = yardstick.program(bare_binary, operation.route, requests[0], answer)
    with Server(bare_program) as server:
        yardstick.must_agree(server, requests[0], answer)
    ours, bare = [], []
    for _ in range(settings.rounds):
        ours.append(measure_ours(program, dialect, operation, settings))
        with Server(bare_program) as server:
            bare.append(measure(server, requests, settings))
    found = Comparison(name_of(dialect, operation), operation.aim, len(answer.body), ours, bare)
    print(f"{found.name}: {found.ratio():.2f} of the yardstick "
          f"({', '.join(f'{ratio:.2f}' for ratio in found.ratios())})", flush=True)
    return found


def measure_ours(program: Program, dialect: Dialect, operation: Operation, settings: Settings) -> Run:
    """Measures the server, and fails where other groups came about than were asked for."""
    with Server(program) as server:
        # Cursors are good for the process that gave them.
        requests = operation.requests(server, settings.groups)
        before = dialect.count(server)
        run = measure(server, requests, settings)
        created = dialect.count(server) - before
    # What is under way when the load generator ends is done all the same.
    least = run.result.requests if operation.creates else 0
    most = least + settings.connections if operation.creates else 0
    if not least <= created <= most:
        raise Failure(f"{run.result.requests} requests of {name_of(dialect, operation)} made {created} groups")
    return run


def measure(server: Server, requests: list[Request], settings: Settings) -> Run:
    idle, cpu = server.memory_mb(), server.cpu_seconds()
    result = load.run(server.port, requests, Load(settings.seconds, settings.connections))
    result.must_be_clean(server.program.name)
    return Run(result, server.cpu_seconds() - cpu, idle, server.memory_mb())


def text(comparisons: list[Comparison], settings: Settings) -> str:
    return (
        f"{settings.groups:,} groups in the store at the start, {settings.connections} keep-alive connections, "
        f"medians of {settings.rounds} rounds of {settings.seconds} s.\n"
        "Behind the ratio stand the least and the greatest of the rounds.\n\n"
        + table(
            ["operation", "bytes", "server /s", "bare axum /s", "ratio", "aim", ""],
            [throughput_row(comparison) for comparison in comparisons],
        )
        + "\nLatency in milliseconds as p50 / p99 / p99.9, CPU time in microseconds a request, memory in MB "
        "before and after the load:\n\n"
        + table(
            ["operation", "server ms", "bare axum ms", "p99 ratio", f"≤ {P99_AIM}", "server µs", "bare axum µs",
             "server MB", "bare axum MB"],
            [latency_row(comparison) for comparison in comparisons],
        )
    )


def throughput_row(comparison: Comparison) -> list[str]:
    ratios, ratio = comparison.ratios(), comparison.ratio()
    return [
        comparison.name, f"{comparison.body_bytes:,}",
        thousands(middle(comparison.ours, rate)), thousands(middle(comparison.bare, rate)),
        f"**{ratio:.2f}** ({min(ratios):.2f}–{max(ratios):.2f})", f"≥ {comparison.aim:.2f}",
        verdict(ratio >= comparison.aim),
    ]


def latency_row(comparison: Comparison) -> list[str]:
    ratio = middle(comparison.ours, p99) / middle(comparison.bare, p99)
    return [
        comparison.name, latencies(comparison.ours), latencies(comparison.bare),
        f"{ratio:.2f}", verdict(ratio <= P99_AIM),
        *(f"{middle(runs, lambda run: run.cpu_microseconds):.1f}" for runs in (comparison.ours, comparison.bare)),
        *(memory(runs) for runs in (comparison.ours, comparison.bare)),
    ]


def latencies(runs: list[Run]) -> str:
    values = (lambda run: run.result.p50_ms, p99, lambda run: run.result.p999_ms)
    return " / ".join(milliseconds(middle(runs, value)) for value in values)


def memory(runs: list[Run]) -> str:
    return f"{middle(runs, lambda run: run.idle_mb):.0f} → {middle(runs, lambda run: run.loaded_mb):.0f}"
