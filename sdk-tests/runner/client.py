"""A client under test: the contents of the client.toml in its folder."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from .paths import CACHE, TESTS


@dataclass
class Client:
    """A folder in sdk-tests/ with a client.toml."""

    name: str
    # The name in the table, such as `cloudflare (Python)`.
    title: str
    version: str
    # The key of the driver in languages.py that installs the client and runs its tests.
    language: str
    # The seed file of the server, relative to the repository; the server starts without a seed if it is empty.
    seed: str = ""
    # Additional command-line options of the server.
    server_options: list[str] = field(default_factory=list)
    # The ids, or id prefixes, of the operations that the tests must cover; no operation is required if it is empty.
    operation_prefixes: list[str] = field(default_factory=list)
    # Required operations that the client cannot call, with the reasons.
    uncovered: dict[str, str] = field(default_factory=dict)
    # Tests that must fail, by name or pattern, with the reasons; they are reported as skipped.
    expected_failures: dict[str, str] = field(default_factory=dict)
    # Whether the client is also tested with --fidelity live when no fidelity is selected.
    is_also_tested_live: bool = False
    # Tests that must fail with --fidelity live, by name or pattern, with the reasons; they are reported as skipped.
    expected_live_failures: dict[str, str] = field(default_factory=dict)
    # Whether the client takes so long to install that it is tested only with --all or by name.
    is_slow_to_install: bool = False
    # The approximate duration of the tests; the longest ones start first.
    minutes: int = 1
    # Bugs of the server that the tests found, and that have been fixed.
    findings: list[str] = field(default_factory=list)
    # A program that is configured by the environment only, and the number of its calls of each operation; see
    # environment.py.
    environment: dict = field(default_factory=dict)
    # Settings of the driver.
    settings: dict = field(default_factory=dict)

    def fidelities(self, selected: str | None) -> list[str]:
        """Returns the values of --fidelity with which the client is tested: the selected one, or its own."""
        if selected:
            return [selected]
        return ["documented", "live"] if self.is_also_tested_live else ["documented"]

    @property
    def folder(self) -> Path:
        return TESTS / self.name

    @property
    def cache(self) -> Path:
        return CACHE / self.name


def read(path: Path) -> Client:
    """Reads a client.toml."""
    return Client(name=path.parent.name, **tomllib.loads(path.read_text()))
