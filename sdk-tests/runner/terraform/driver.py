"""Terraform providers as clients: by the cases of this repository, or by the acceptance tests they come with."""

import contextlib
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from ..driver import Driver
from ..places import TESTS
from ..results import Test
from . import build
from .build import WORK
from .case import Case, live, read
from .cli import Tool, Work
from .gateway import Gateway
from .space import Space
from .suite import Package, Suite

# Nothing listens there, so a provider that asks the real service is found out.
NOWHERE = "http://127.0.0.1:9"


class Terraform(Driver):
    """A provider, and the cases in terraform/cases/ that its client.toml names."""

    def install(self) -> None:
        self.cli = build.cli(self.log)
        self.module = build.module(self.client.settings["module"])
        self.provider = build.built(self.module, self.log)

    def test(self, env: dict[str, str]) -> list[Test]:
        # One case, or several, can be chosen by name while one works on them.
        chosen = os.environ.get("CASES", "").split()
        place = TESTS / "terraform" / "cases" / self.client.settings["cases"]
        folders = sorted(path.parent for path in place.glob("*/before.tf"))
        cases = [read(folder) for folder in folders if not chosen or folder.name in chosen]
        with ThreadPoolExecutor(max_workers=4) as pool:
            lives = list(pool.map(lambda case: self._live(case, env["MOCK_SPACE"]), cases))
        self.driven = set().union(*(driven for _, driven in lives))
        return [test for tests, _ in lives for test in tests]

    def _live(self, case: Case, spaces: str) -> tuple[list[Test], set[str]]:
        """Lives one case in a namespace of its own, and returns with its tests the operations that were called."""
        space = Space(f"{spaces}.{case.name}")
        tool = Tool(self.cli, self.module.source, self.provider)
        with self.pointing(space) as env:
            tests = live(case, Work(tool, WORK / "work" / self.client.name / case.name, env), space)
        return tests, space.driven()

    @contextlib.contextmanager
    def pointing(self, space: Space) -> Iterator[dict[str, str]]:
        """Yields what points the provider at a namespace: variables, or a proxy that answers for a host."""
        urls = self.client.settings.get("urls", {})
        variables = {name: url.replace("MOCK_URL", space.url) for name, url in urls.items()}
        if not self.client.settings.get("gateway"):
            yield {"HTTPS_PROXY": NOWHERE} | variables
            return
        with Gateway(space.url, WORK / "gateway") as gateway:
            yield gateway.env | variables


class TerraformSuite(Terraform):
    """The acceptance tests inside a provider's module."""

    def install(self) -> None:
        self.cli = build.cli(self.log)
        self.module = build.module(self.client.settings["module"])
        self.packages = [
            Package(*build.tests(self.module, package, self.log), pattern)
            for package, pattern in self.client.settings["packages"].items()
        ]

    def test(self, env: dict[str, str]) -> list[Test]:
        settings = self.client.settings
        suite = Suite(self.cli, settings["env"], env["MOCK_SPACE"], self.pointing, settings["jobs"])
        tests, self.driven = suite.run(self.packages)
        return tests
