"""Installs a client, starts a server for it, runs its tests, counts the operations."""

import fnmatch
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import languages
from .client import Client, read
from .driver import Driver
from .places import TESTS
from .process import Failed
from .results import Outcome, Test
from .server import Server


@dataclass
class Result:
    """What a client's run came to."""

    client: Client
    tests: list[Test]
    # Operations that it had to drive, and those among them that it did.
    expected: set[str]
    driven: set[str]

    def count(self, outcome: Outcome) -> int:
        return sum(test.outcome is outcome for test in self.tests)

    def undriven(self) -> set[str]:
        """Returns the operations that it had to drive and did not."""
        return self.expected - self.driven - set(self.client.undriven)

    def needlessly_excused(self) -> set[str]:
        """Returns the operations that client.toml says the client has no call for, and that it drove."""
        return self.driven & set(self.client.undriven)

    def is_fine(self) -> bool:
        """Returns whether tests passed, none failed, and every operation was driven or excused."""
        has_failed = self.count(Outcome.FAILED) or self.undriven() or self.needlessly_excused()
        return bool(self.count(Outcome.PASSED)) and not has_failed

    def operations(self) -> str:
        """Returns how many operations were driven, of how many that had to be."""
        if not self.client.operations:
            return str(len(self.driven))
        return f"{len(self.driven & self.expected)} of {len(self.expected)}"

    def summary(self) -> str:
        counts = ", ".join(f"{self.count(outcome)} {outcome.value}" for outcome in Outcome)
        return f"{counts}; {self.operations()} operations"


def all_clients() -> dict[str, Client]:
    """Returns all clients by name, in the order of their names."""
    return {path.parent.name: read(path) for path in sorted(TESTS.glob("*/client.toml"))}


@dataclass
class Prepared:
    """A client with its packages, or with the reason why they could not be had."""

    client: Client
    driver: Driver
    failure: str = ""


def install(client: Client) -> Prepared:
    """Installs what a client needs and compiles what can be compiled."""
    shutil.rmtree(client.cache / "output", ignore_errors=True)
    (client.cache / "output").mkdir(parents=True)
    driver = languages.DRIVERS[client.language](client)
    try:
        driver.install()
    except Failed as failure:
        return Prepared(client, driver, str(failure))
    return Prepared(client, driver)


def test(prepared: Prepared, server_binary: Path) -> Result:
    """Runs the tests of one client against a server of its own."""
    client, driver = prepared.client, prepared.driver
    if prepared.failure:
        return Result(client, [Test("installation", Outcome.FAILED, prepared.failure)], set(), set())
    with Server(server_binary, driver.output / "server.log", client.seed, client.server) as server:
        env = {"MOCK_URL": server.url, "MOCK_SPACE": f"{server.url}/ns/{client.name}"}
        tests = driver.test(env)
        called = server.called()
    expected = {operation for operation in called if operation.startswith(tuple(client.operations))}
    driven = {operation for operation, calls in called.items() if calls}
    # A test of Terraform asks the server as well, and what it called is no merit of the provider.
    driven = driven if driver.driven is None else driver.driven
    return Result(client, [_excused(client, test) for test in tests], expected, driven)


def _excused(client: Client, test: Test) -> Test:
    """Turns the failure of a test that no server could pass into a skip, and its success into a failure."""
    reason = next((why for name, why in client.impossible.items() if fnmatch.fnmatchcase(test.name, name)), None)
    if reason is None:
        return test
    if test.outcome is Outcome.FAILED:
        return Test(test.name, Outcome.SKIPPED, reason)
    return Test(test.name, Outcome.FAILED, f"is listed as impossible, but {test.outcome.value}")


def troubles(result: Result) -> list[str]:
    """Returns a line for whatever is not as it must be."""
    failed = [test for test in result.tests if test.outcome is Outcome.FAILED]
    return [
        *(f"FAILED {test.name}: {test.reason[:2000]}" for test in failed),
        *(f"NOT DRIVEN {operation}" for operation in sorted(result.undriven())),
        *(f"DRIVEN, though client.toml excuses it: {operation}" for operation in sorted(result.needlessly_excused())),
    ]
