"""The unmodified acceptance tests inside a provider's module.

The test binary contains the provider, so nothing has to be installed for the tests.
"""

import re
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from ..results import Outcome, Test
from .build import WORK
from .cli import clean_environment
from .namespace import Namespace

# Yields the environment that points the tests at a namespace.
ProviderEnv = Callable[[Namespace], AbstractContextManager[dict[str, str]]]


@dataclass(frozen=True)
class Package:
    """A test binary, the folder in which it runs, and the pattern of the tests to run."""

    program: Path
    folder: Path
    pattern: str

    def names(self) -> list[str]:
        """Returns the names of the tests to run."""
        command = [str(self.program), f"-test.list={self.pattern}"]
        done = subprocess.run(command, cwd=self.folder, env=clean_environment(), capture_output=True, text=True)
        return [line for line in done.stdout.splitlines() if line.startswith("Test")]


@dataclass(frozen=True)
class Suite:
    """The settings of all tests: a Terraform-compatible CLI, variables, and the URL prefix of the namespaces."""

    cli: Path
    variables: dict[str, str]
    namespace_prefix: str
    provider_env: ProviderEnv
    jobs: int

    def env(self) -> dict[str, str]:
        """Returns the variables that enable the tests and that they require, besides those of the namespace."""
        host = {"TF_ACC_TERRAFORM_PATH": str(self.cli), "TF_ACC_PROVIDER_HOST": _host(self.cli)}
        # Random names are the same in every run, because some tests fail with a few of them; see docs/terraform.md.
        random = {"GODEBUG": "randautoseed=0"}
        return {"TF_ACC": "1", "CHECKPOINT_DISABLE": "1"} | random | host | self.variables

    def run(self, packages: list[Package]) -> tuple[list[Test], set[str]]:
        """Runs every test in its own namespace; returns the results, and the operations that the tests called."""
        env = clean_environment() | self.env()

        def one(selected: tuple[Package, str]) -> tuple[Test, set[str]]:
            package, name = selected
            namespace = Namespace(f"{self.namespace_prefix}.{name}")
            with self.provider_env(namespace) as provider_env:
                return _run(package, name, env | provider_env), namespace.called_operations()

        with ThreadPoolExecutor(max_workers=self.jobs) as pool:
            results = list(pool.map(one, [(package, name) for package in packages for name in package.names()]))
        return [test for test, _ in results], set().union(*(called for _, called in results))


def _run(package: Package, name: str, env: dict[str, str]) -> Test:
    command = [str(package.program), "-test.v", f"-test.run=^{name}$", "-test.timeout=10m"]
    done = subprocess.run(command, cwd=package.folder, env=env, capture_output=True, text=True)
    output = done.stderr + done.stdout
    if done.returncode == 0 and f"--- PASS: {name}" in output:
        return Test(name, Outcome.PASSED)
    outcome = Outcome.SKIPPED if f"--- SKIP: {name}" in output else Outcome.FAILED
    # Before the test starts, the program prints variables that other tests require.
    return Test(name, outcome, output[output.find("=== RUN"):])


def _host(program: Path) -> str:
    """Returns the registry host that the CLI adds to provider addresses; it differs between Terraform and OpenTofu."""
    folder = WORK / "work" / "host"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text('provider "ibm" {}\n')
    done = subprocess.run(
        [str(program), "providers"], cwd=folder, env=clean_environment(), capture_output=True, text=True)
    return re.search(r"provider\[([^/\]]+)/", done.stdout).group(1)
