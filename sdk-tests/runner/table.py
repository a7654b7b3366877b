"""The table of all results, for the screen and for docs/clients.md."""

from collections import Counter

from .results import Outcome
from .suite import Result

HEAD = ["client", "version", "operations driven", "passed", "failed", "skipped"]


def rows(results: list[Result]) -> list[list[str]]:
    """Returns the cells of each result."""
    return [[
        result.client.title,
        result.client.version,
        result.operations(),
        str(result.count(Outcome.PASSED)),
        str(result.count(Outcome.FAILED)),
        str(result.count(Outcome.SKIPPED)),
    ] for result in results]


def text(results: list[Result]) -> str:
    """Returns the table for the screen, with the reasons of what was skipped below it."""
    lines = [HEAD, *rows(results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    padded = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    return "\n".join(padded + [""] + reasons(results))


def markdown(results: list[Result]) -> str:
    """Returns the table for the page."""
    lines = [HEAD, ["---"] * len(HEAD), *rows(results)]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return table + "\n\n" + "\n".join(reasons(results))


def reasons(results: list[Result]) -> list[str]:
    """Returns a line for each reason for which something was skipped or not driven, and for each finding."""
    lines = []
    for result in results:
        skipped = Counter(test.reason for test in result.tests if test.outcome is Outcome.SKIPPED)
        for reason, count in sorted(skipped.items()):
            lines.append(f"- {result.client.name}: {count} skipped: {reason}.")
            names = sorted({test.name for test in result.tests
                            if test.outcome is Outcome.SKIPPED and test.reason == reason})
            lines.append("  " + ", ".join(f"`{name}`" for name in names) + ".")
        for operation, reason in sorted(result.client.undriven.items()):
            lines.append(f"- {result.client.name}: `{operation}` not driven: {reason}.")
        lines += [f"- {result.client.name} found: {finding}." for finding in result.client.findings]
    return lines
