"""The generated part of docs/clients.md."""

from datetime import date

from .paths import PAGE
from .suite import Result
from .table import markdown

BEGIN = "<!-- Written by sdk-tests/run: begin -->"
END = "<!-- Written by sdk-tests/run: end -->"


def is_current(results: list[Result]) -> bool:
    """Returns whether the document has the rows and notes of `results`, besides those of other clients."""
    _, rest = PAGE.read_text().split(BEGIN)
    generated, _ = rest.split(END)
    return set(markdown(results).splitlines()) <= {"", *generated.splitlines()}


def write(results: list[Result]) -> None:
    """Writes the date and the table of `results` into the document."""
    before, rest = PAGE.read_text().split(BEGIN)
    _, after = rest.split(END)
    PAGE.write_text(
        f"{before}{BEGIN}\n\nThe results of `sdk-tests/run --all` on {date.today()}:\n\n{markdown(results)}\n\n{END}{after}")
