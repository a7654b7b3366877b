"""The acceptance tests inside a provider's module, unmodified.

They serve the provider inside the test program, so nothing has to be installed for them.
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
from .cli import unaffected
from .space import Space

# Yields what points the tests at a namespace.
Pointing = Callable[[Space], AbstractContextManager[dict[str, str]]]


@dataclass(frozen=True)
class Package:
    """A test program, the folder that it runs in, and which of its tests are wanted."""

    program: Path
    folder: Path
    pattern: str

    def names(self) -> list[str]:
        """Returns the names of the wanted tests."""
        command = [str(self.program), f"-test.list={self.pattern}"]
        said = subprocess.run(command, cwd=self.folder, env=unaffected(), capture_output=True, text=True)
        return [line for line in said.stdout.splitlines() if line.startswith("Test")]


@dataclass(frozen=True)
class Suite:
    """What runs the tests: a Terraform-compatible program, settings, and the address of all namespaces."""

    cli: Path
    settings: dict[str, str]
    spaces: str
    pointing: Pointing
    jobs: int

    def run(self, packages: list[Package]) -> tuple[list[Test], set[str]]:
        """Runs every test in a namespace of its own; returns what they came to, and the operations they called."""
        host = {"TF_ACC_TERRAFORM_PATH": str(self.cli), "TF_ACC_PROVIDER_HOST": _host(self.cli)}
        # Tests draw the same names in every run, because some fail with a few that they may draw; see docs/terraform.md.
        drawing = {"GODEBUG": "randautoseed=0"}
        env = unaffected() | {"TF_ACC": "1", "CHECKPOINT_DISABLE": "1"} | drawing | host | self.settings

        def one(chosen: tuple[Package, str]) -> tuple[Test, set[str]]:
            package, name = chosen
            space = Space(f"{self.spaces}.{name}")
            with self.pointing(space) as pointed:
                return _run(package, name, env | pointed), space.driven()

        with ThreadPoolExecutor(max_workers=self.jobs) as pool:
            ends = list(pool.map(one, [(package, name) for package in packages for name in package.names()]))
        return [test for test, _ in ends], set().union(*(driven for _, driven in ends))


def _run(package: Package, name: str, env: dict[str, str]) -> Test:
    command = [str(package.program), "-test.v", f"-test.run=^{name}$", "-test.timeout=10m"]
    done = subprocess.run(command, cwd=package.folder, env=env, capture_output=True, text=True)
    said = done.stderr + done.stdout
    if done.returncode == 0 and f"--- PASS: {name}" in said:
        return Test(name, Outcome.PASSED)
    outcome = Outcome.SKIPPED if f"--- SKIP: {name}" in said else Outcome.FAILED
    # Before a test begins, the program lists settings that other tests want.
    return Test(name, outcome, said[said.find("=== RUN"):])


def _host(program: Path) -> str:
    """Returns the host that the program adds to the name of a provider, which differs from program to program."""
    folder = WORK / "work" / "host"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text('provider "ibm" {}\n')
    said = subprocess.run([str(program), "providers"], cwd=folder, env=unaffected(), capture_output=True, text=True)
    return re.search(r"provider\[([^/\]]+)/", said.stdout).group(1)
