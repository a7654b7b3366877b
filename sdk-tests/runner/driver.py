"""The base class of the drivers of all languages."""

from pathlib import Path

from .client import Client
from .paths import TESTS
from .results import Test


class Driver:
    """Installs a client into the cache and runs its tests."""

    def __init__(self, client: Client) -> None:
        self.client = client
        # Major versions of one client can share tests: then the folder contains only the tests that differ.
        self.tests = [TESTS / path for path in client.settings.get("tests", [client.name])]
        self.output = client.cache / "output"
        self.log = self.output / "install.log"
        self.test_log = self.output / "test.log"
        # The operations that the client called. Set only by drivers whose tests also call the server themselves;
        # otherwise the coverage of the server is used.
        self.covered: set[str] | None = None

    def install(self) -> None:
        """Installs the pinned packages, and compiles the tests where the language allows it."""
        raise NotImplementedError

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        """Returns the command that runs a program of the client in `folder`, and its environment variables."""
        raise NotImplementedError

    def test(self, env: dict[str, str]) -> list[Test]:
        """Runs the tests with `env` added to the environment, and returns their results."""
        raise NotImplementedError
