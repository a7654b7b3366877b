"""Installs a client, starts a server for it, runs its tests, and determines the covered operations."""

import fnmatch
import shutil
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path

from . import environment, languages
from .client import Client, read
from .driver import Driver
from .paths import TESTS
from .process import CommandError
from .results import Outcome, Test
from .server import Server


@dataclass
class Result:
    """The results of a client's tests."""

    client: Client
    # The value of the server's option --fidelity.
    fidelity: str
    tests: list[Test]
    # The operations that the tests must cover, and all operations that they covered.
    required: set[str]
    covered: set[str]

    def count(self, outcome: Outcome) -> int:
        return sum(test.outcome is outcome for test in self.tests)

    def uncovered(self) -> set[str]:
        """Returns the required operations that were not covered, without those that client.toml lists."""
        return self.required - self.covered - set(self.client.uncovered)

    def unexpectedly_covered(self) -> set[str]:
        """Returns the operations that client.toml lists as uncovered but that were covered."""
        return self.covered & set(self.client.uncovered)

    def is_success(self) -> bool:
        """Returns whether tests passed, none failed, and the covered operations are the expected ones."""
        has_failed = self.count(Outcome.FAILED) or self.uncovered() or self.unexpectedly_covered()
        return bool(self.count(Outcome.PASSED)) and not has_failed

    def operations(self) -> str:
        """Returns the number of covered operations, and the number of required ones if there are any."""
        if not self.client.operation_prefixes:
            return str(len(self.covered))
        return f"{len(self.covered & self.required)} of {len(self.required)}"

    def summary(self) -> str:
        counts = ", ".join(f"{self.count(outcome)} {outcome.value}" for outcome in Outcome)
        return f"{counts}; {self.operations()} operations"


def all_clients() -> dict[str, Client]:
    """Returns all clients by name, sorted by name."""
    return {path.parent.name: read(path) for path in sorted(TESTS.glob("*/client.toml"))}


@dataclass
class Prepared:
    """An installed client, or the error of its installation."""

    client: Client
    driver: Driver
    error: str = ""


def install(client: Client) -> Prepared:
    """Installs a client, and compiles its tests where the language allows it."""
    shutil.rmtree(client.cache / "output", ignore_errors=True)
    (client.cache / "output").mkdir(parents=True)
    driver = languages.DRIVERS[client.language](client)
    try:
        driver.install()
    except CommandError as error:
        return Prepared(client, driver, str(error))
    return Prepared(client, driver)


def test(prepared: Prepared, server_binary: Path, fidelity: str) -> Result:
    """Runs the tests of one client against a new server."""
    client, driver = prepared.client, prepared.driver
    if prepared.error:
        return Result(client, fidelity, [Test("installation", Outcome.FAILED, prepared.error)], set(), set())
    options = [*client.server_options, "--fidelity", fidelity]
    with Server(server_binary, driver.output / "server.log", client.seed, options) as server:
        env = {"MOCK_URL": server.url, "MOCK_NAMESPACE_PREFIX": f"{server.url}/ns/{client.name}"}
        tests = [*driver.test(env), *environment.test(driver, server_binary)]
        call_counts = server.call_counts()
    required = _required(client.operation_prefixes, call_counts.keys())
    covered = {operation for operation, calls in call_counts.items() if calls}
    # The Terraform tests also call the server themselves; these calls must not count as coverage by the provider.
    covered = covered if driver.covered is None else driver.covered
    failures = client.expected_failures | (client.expected_live_failures if fidelity == "live" else {})
    return Result(client, fidelity, [_apply_expected_failures(failures, test) for test in tests], required, covered)


def _required(prefixes: list[str], operations: Set[str]) -> set[str]:
    """Returns the operations that are named, and those whose ids start with one of the other prefixes."""
    others = tuple(prefix for prefix in prefixes if prefix not in operations)
    return {operation for operation in operations if operation in prefixes or operation.startswith(others)}


def _apply_expected_failures(failures: dict[str, str], test: Test) -> Test:
    """Turns the failure of a test that is expected to fail into a skip, and its success into a failure."""
    reason = next((why for name, why in failures.items() if fnmatch.fnmatchcase(test.name, name)), None)
    if reason is None:
        return test
    if test.outcome is Outcome.FAILED:
        return Test(test.name, Outcome.SKIPPED, reason)
    return Test(test.name, Outcome.FAILED, f"is expected to fail, but {test.outcome.value}")


def problems(result: Result) -> list[str]:
    """Returns a line for each problem of a result."""
    failed = [test for test in result.tests if test.outcome is Outcome.FAILED]
    return [
        *(f"FAILED {test.name}: {test.reason[:2000]}" for test in failed),
        *(f"NOT COVERED {operation}" for operation in sorted(result.uncovered())),
        *(f"COVERED, but listed as uncovered in client.toml: {operation}"
          for operation in sorted(result.unexpectedly_covered())),
    ]
