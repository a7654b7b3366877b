"""The table of all results, for the terminal and for docs/clients.md."""

from collections import Counter

from .results import Outcome
from .suite import Result

HEADER = ["client", "version", "operations covered", "passed", "failed", "skipped"]


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


def plain_text(results: list[Result]) -> str:
    """Returns the table and its notes for the terminal."""
    lines = [HEADER, *rows(results)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADER))]
    padded = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in lines]
    return "\n".join(padded + [""] + notes(results))


def markdown(results: list[Result]) -> str:
    """Returns the table and its notes for the document."""
    lines = [HEADER, ["---"] * len(HEADER), *rows(results)]
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return table + "\n\n" + "\n".join(notes(results))


def notes(results: list[Result]) -> list[str]:
    """Returns the skipped tests and uncovered operations with their reasons, and the findings."""
    lines = []
    for result in results:
        skipped = Counter(test.reason for test in result.tests if test.outcome is Outcome.SKIPPED)
        for reason, count in sorted(skipped.items()):
            lines.append(f"- {result.client.name}: {count} skipped: {reason}.")
            names = sorted({test.name for test in result.tests
                            if test.outcome is Outcome.SKIPPED and test.reason == reason})
            lines.append("  " + ", ".join(f"`{name}`" for name in names) + ".")
        for operation, reason in sorted(result.client.uncovered.items()):
            lines.append(f"- {result.client.name}: `{operation}` not covered: {reason}.")
        lines += [f"- {result.client.name} found a bug, now fixed: {finding}." for finding in result.client.findings]
    return lines
