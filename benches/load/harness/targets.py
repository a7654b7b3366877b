"""Compares the server with a bare axum router that returns the same bytes, by operation."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import geometric_mean, median

from harness import baseline, load
from harness.dialects import DIALECTS, GET_TARGET, Dialect, Operation
from harness.errors import HarnessError
from harness.load import Load, Result
from harness.report import Section, milliseconds, table, thousands, verdict
from harness.request import Request
from harness.server import Program, Server
from harness.settings import Settings

# The maximum ratio of the p99 latency to that of the baseline that the project aims for.
MAX_P99_RATIO = 1.3

# The minimum geometric mean of the ratios of the operations that read one group.
MEAN_TARGET = 0.88


@dataclass(frozen=True)
class Run:
    """The results of one load on one server."""

    result: Result
    cpu_seconds: float
    idle_mb: float
    loaded_mb: float

    @property
    def cpu_microseconds(self) -> float:
        """CPU time per request."""
        return self.cpu_seconds * 1e6 / self.result.requests


@dataclass(frozen=True)
class Comparison:
    """The results of all rounds of one operation."""

    name: str
    target: float
    body_bytes: int
    ours: list[Run]
    baseline: list[Run]

    def ratio(self) -> float:
        return median_of(self.ours, rate) / median_of(self.baseline, rate)

    def ratios(self) -> list[float]:
        return [rate(ours) / rate(base) for ours, base in zip(self.ours, self.baseline)]


def median_of(runs: list[Run], value: Callable[[Run], float]) -> float:
    return median(value(run) for run in runs)


def rate(run: Run) -> float:
    return run.result.rate


def p99(run: Run) -> float:
    return run.result.p99_ms


def cpu_microseconds(run: Run) -> float:
    return run.cpu_microseconds


def section(settings: Settings) -> Section:
    """Measures all operations, and returns the section."""
    comparisons = [
        compare(dialect, operation, settings)
        for dialect in DIALECTS for operation in dialect.operations
        if settings.only in full_name(dialect, operation)
    ]
    if not comparisons:
        raise HarnessError(f"the name of no operation contains `{settings.only}`")
    return Section(text(comparisons, settings))


def full_name(dialect: Dialect, operation: Operation) -> str:
    return f"{dialect.name}, {operation.name}"


def compare(dialect: Dialect, operation: Operation, settings: Settings) -> Comparison:
    """Measures one operation on the server and on the baseline in turn, each time in fresh processes."""
    pair = baseline.pair(dialect, operation, settings)
    ours, base = [], []
    for _ in range(settings.rounds):
        ours.append(measure_ours(pair.ours, dialect, operation, settings))
        with Server(pair.bare) as server:
            base.append(measure(server, pair.requests, settings))
    comparison = Comparison(full_name(dialect, operation), operation.target, len(pair.response.body), ours, base)
    print(f"{comparison.name}: {comparison.ratio():.2f} of the baseline "
          f"({', '.join(f'{ratio:.2f}' for ratio in comparison.ratios())})", flush=True)
    return comparison


def measure_ours(program: Program, dialect: Dialect, operation: Operation, settings: Settings) -> Run:
    """Measures the server; raises an error if the number of created groups is not that of the requests."""
    with Server(program) as server:
        # Cursors are valid only for the process that returned them.
        requests = operation.requests(server, settings.groups)
        before = dialect.count(server)
        run = measure(server, requests, settings)
        created = dialect.count(server) - before
    # Requests that are in flight when the load generator ends are still executed.
    minimum = run.result.requests if operation.creates else 0
    maximum = minimum + settings.connections if operation.creates else 0
    if not minimum <= created <= maximum:
        name = full_name(dialect, operation)
        raise HarnessError(f"{run.result.requests} requests of {name} created {created} groups")
    return run


def measure(server: Server, requests: list[Request], settings: Settings) -> Run:
    idle, cpu = server.memory_mb(), server.cpu_seconds()
    result = load.run(server.port, requests, Load(settings.seconds, settings.connections))
    result.expect_no_errors(server.program.name)
    return Run(result, server.cpu_seconds() - cpu, idle, server.memory_mb())


def text(comparisons: list[Comparison], settings: Settings) -> str:
    return (
        f"{settings.groups:,} groups at the start, {settings.connections} keep-alive connections, "
        f"medians of {settings.rounds} rounds of {settings.seconds} s.\n"
        "The ratio is followed by its minimum and maximum over the rounds.\n\n"
        + table(
            ["operation", "bytes", "server /s", "bare axum /s", "ratio", "target", ""],
            [throughput_row(comparison) for comparison in comparisons],
        )
        + mean_of_gets(comparisons)
        + "\nLatency in milliseconds as p50 / p99 / p99.9, CPU time in microseconds per request, memory in MB "
        "before and after the load:\n\n"
        + table(
            ["operation", "server ms", "bare axum ms", "p99 ratio", f"≤ {MAX_P99_RATIO}", "server µs",
             "bare axum µs", "server MB", "bare axum MB"],
            [latency_row(comparison) for comparison in comparisons],
        )
    )


def mean_of_gets(comparisons: list[Comparison]) -> str:
    """Returns the sentence about the geometric mean; empty if no operation that reads one group was measured."""
    ratios = [comparison.ratio() for comparison in comparisons if comparison.target == GET_TARGET]
    if not ratios:
        return ""
    mean = geometric_mean(ratios)
    return (f"\nThe geometric mean of the gets and the member check is **{mean:.2f}**; the target is "
            f"≥ {MEAN_TARGET:.2f} ({verdict(mean >= MEAN_TARGET)}).\n")


def throughput_row(comparison: Comparison) -> list[str]:
    ratios, ratio = comparison.ratios(), comparison.ratio()
    return [
        comparison.name, f"{comparison.body_bytes:,}",
        thousands(median_of(comparison.ours, rate)), thousands(median_of(comparison.baseline, rate)),
        f"**{ratio:.2f}** ({min(ratios):.2f}–{max(ratios):.2f})", f"≥ {comparison.target:.2f}",
        verdict(ratio >= comparison.target),
    ]


def latency_row(comparison: Comparison) -> list[str]:
    ratio = median_of(comparison.ours, p99) / median_of(comparison.baseline, p99)
    return [
        comparison.name, latencies(comparison.ours), latencies(comparison.baseline),
        f"{ratio:.2f}", verdict(ratio <= MAX_P99_RATIO),
        *(f"{median_of(runs, cpu_microseconds):.1f}" for runs in (comparison.ours, comparison.baseline)),
        *(memory(runs) for runs in (comparison.ours, comparison.baseline)),
    ]


def latencies(runs: list[Run]) -> str:
    values = (lambda run: run.result.p50_ms, p99, lambda run: run.result.p999_ms)
    return " / ".join(milliseconds(median_of(runs, value)) for value in values)


def memory(runs: list[Run]) -> str:
    return f"{median_of(runs, lambda run: run.idle_mb):.0f} → {median_of(runs, lambda run: run.loaded_mb):.0f}"
