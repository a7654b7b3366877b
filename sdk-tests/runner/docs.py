"""The generated part of docs/clients.md."""

from .client import Client
from .places import PAGE
from .suite import Result
from .table import markdown

BEGIN = "<!-- Written by sdk-tests/run: begin -->"
END = "<!-- Written by sdk-tests/run: end -->"


def is_current(results: list[Result], left_out: list[Client]) -> bool:
    """Returns whether the page already has the table of `results`, beside what it has of clients that did not run."""
    _, rest = PAGE.read_text().split(BEGIN)
    generated, _ = rest.split(END)
    return _without(generated.strip().splitlines(), left_out) == markdown(results).strip().splitlines()


def _without(lines: list[str], left_out: list[Client]) -> list[str]:
    """Returns the lines without those of some clients; names of tests follow their reason, two spaces indented."""
    theirs = tuple(start for it in left_out for start in (f"| {it.title} | ", f"- {it.name}: ", f"- {it.name} found: "))
    kept, is_theirs = [], False
    for line in lines:
        is_theirs = line.startswith(theirs) if not line.startswith("  ") else is_theirs
        if not is_theirs:
            kept.append(line)
    return kept


def write(results: list[Result]) -> None:
    """Puts the table of `results` into the page."""
    before, rest = PAGE.read_text().split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n\n{END}{after}")
