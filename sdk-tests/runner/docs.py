"""The generated part of docs/clients.md."""

from .places import PAGE
from .suite import Result
from .table import markdown

BEGIN = "<!-- Written by sdk-tests/run: begin -->"
END = "<!-- Written by sdk-tests/run: end -->"


def _with(results: list[Result]) -> str:
    before, rest = PAGE.read_text().split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n\n{markdown(results)}\n\n{END}{after}"


def is_current(results: list[Result]) -> bool:
    """Returns whether the page already has the table of `results`."""
    return PAGE.read_text() == _with(results)


def write(results: list[Result]) -> None:
    """Puts the table of `results` into the page."""
    PAGE.write_text(_with(results))
