"""A client: what its folder's client.toml says."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from .places import CACHE, TESTS


@dataclass
class Client:
    """One folder below sdk-tests/."""

    name: str
    # As the table shows it, such as `cloudflare (Python)`.
    title: str
    version: str
    # The driver in languages.py that installs and runs it.
    language: str
    # The seed that the server starts with, relative to the repository; none when empty.
    seed: str = ""
    # Options that the server gets besides.
    server: list[str] = field(default_factory=list)
    # Which operations it must drive, by the beginnings of their ids; none when empty.
    operations: list[str] = field(default_factory=list)
    # Operations among these that the client has no call for, each with the reason.
    undriven: dict[str, str] = field(default_factory=dict)
    # Tests that no server could pass, each with the reason.
    impossible: dict[str, str] = field(default_factory=dict)
    # How long its tests take, about; the longest begin first.
    minutes: int = 1
    # What it showed to be wrong in the server, which was mended then.
    findings: list[str] = field(default_factory=list)
    # What the driver needs besides.
    settings: dict = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return TESTS / self.name

    @property
    def cache(self) -> Path:
        return CACHE / self.name


def read(path: Path) -> Client:
    """Reads a client.toml."""
    return Client(name=path.parent.name, **tomllib.loads(path.read_text()))
