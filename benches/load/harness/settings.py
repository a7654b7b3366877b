"""What can be chosen about a run."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    seconds: int
    rounds: int
    groups: int
    connections: int
    # A part of the names of operations or peers; what does not have it is left out.
    only: str
    # Whether the figures are for trying the harness only.
    is_quick: bool
