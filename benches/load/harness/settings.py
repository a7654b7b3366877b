"""The settings of a run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    seconds: int
    rounds: int
    groups: int
    connections: int
    # Only operations and peers whose name contains this string are measured.
    only: str
    # Whether this is a short run whose results are not written.
    is_quick: bool
