"""What the drivers of all languages have in common."""

from .client import Client
from .places import TESTS
from .results import Test


class Driver:
    """Installs a client into the cache and runs its tests."""

    def __init__(self, client: Client) -> None:
        self.client = client
        # Generations of one client may share their tests: then a folder holds only what differs.
        self.tests = [TESTS / path for path in client.settings.get("tests", [client.name])]
        self.output = client.cache / "output"
        self.log = self.output / "install.log"
        self.test_log = self.output / "test.log"
        # The operations that the client called, where the tests themselves call the server, too.
        self.driven: set[str] | None = None

    def install(self) -> None:
        """Installs the pinned packages, and compiles what can be compiled."""
        raise NotImplementedError

    def test(self, env: dict[str, str]) -> list[Test]:
        """Runs the tests with `env` added to the environment, and returns what they came to."""
        raise NotImplementedError
