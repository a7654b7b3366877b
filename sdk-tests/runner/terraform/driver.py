"""The drivers of Terraform providers: with the cases of this repository, or with the provider's acceptance tests."""

import contextlib
import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..driver import Driver
from ..paths import TESTS
from ..results import Test
from ..tls_proxy import TlsProxy
from . import build, case
from .build import WORK
from .case import Case
from .cli import Toolchain, WorkingDirectory
from .namespace import Namespace
from .suite import Package, Suite

# Nothing listens on this address, so requests to the real service fail.
UNREACHABLE_PROXY = "http://127.0.0.1:9"
# The host that is hard-coded in the provider of 2020, and in the tests of the current one.
TLS_HOST = "api.cloudflare.com"


class Terraform(Driver):
    """A provider, and the folder in terraform/cases/ that its client.toml names."""

    def install(self) -> None:
        self.cli = build.find_or_build_cli(self.log)
        self.module = build.load_module(self.client.settings["module"])
        self.provider = build.build_program(self.module, self.log)

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        env = {
            "CONFIGURATION": str(TESTS / self.client.environment["configuration"]),
            "PROVIDER": str(self.provider),
            "PROVIDER_SOURCE": self.module.source,
            "PYTHONDONTWRITEBYTECODE": "1",
            "TERRAFORM": str(self.cli),
        }
        host = {"TLS_HOST": TLS_HOST} if self.client.settings.get("tls_proxy") else {}
        return [sys.executable, str(path)], env | host

    def test(self, env: dict[str, str]) -> list[Test]:
        # CASES selects one or more cases by name, for development.
        selected = os.environ.get("CASES", "").split()
        root = TESTS / "terraform" / "cases" / self.client.settings["cases"]
        folders = sorted(path.parent for path in root.glob("*/before.tf"))
        cases = [case.read(folder) for folder in folders if not selected or folder.name in selected]
        with ThreadPoolExecutor(max_workers=4) as pool:
            results = list(pool.map(lambda one: self._run_case(one, env["MOCK_NAMESPACE_PREFIX"]), cases))
        self.covered = set().union(*(covered for _, covered in results))
        return [test for tests, _ in results for test in tests]

    def _run_case(self, one: Case, namespace_prefix: str) -> tuple[list[Test], set[str]]:
        """Runs a case in its own namespace, and returns its tests and the operations that the provider called."""
        namespace = Namespace(f"{namespace_prefix}.{one.name}")
        toolchain = Toolchain(self.cli, self.module.source, self.provider)
        with self.provider_env(namespace) as env:
            directory = WorkingDirectory(toolchain, WORK / "work" / self.client.name / one.name, env)
            tests = case.run(one, directory, namespace)
        return tests, namespace.called_operations()

    @contextlib.contextmanager
    def provider_env(self, namespace: Namespace) -> Iterator[dict[str, str]]:
        """Yields the environment that points the provider at a namespace, by base URLs or by a TLS proxy."""
        urls = self.client.settings.get("urls", {})
        variables = {name: url.replace("MOCK_URL", namespace.url) for name, url in urls.items()}
        if not self.client.settings.get("tls_proxy"):
            yield {"HTTPS_PROXY": UNREACHABLE_PROXY} | variables
            return
        with TlsProxy({TLS_HOST: namespace.url}, WORK / "tls-proxy") as proxy:
            yield proxy.env | variables


class TerraformSuite(Terraform):
    """The acceptance tests inside a provider's module."""

    def install(self) -> None:
        self.cli = build.find_or_build_cli(self.log)
        self.module = build.load_module(self.client.settings["module"])
        self.packages = [
            Package(*build.build_tests(self.module, package, self.log), pattern)
            for package, pattern in self.client.settings["packages"].items()
        ]

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        package = self.packages[0]
        test = [str(package.program), f"-test.run={self.client.environment['arguments'][0]}"]
        env = self._suite("").env() | {"PYTHONDONTWRITEBYTECODE": "1"}
        return [sys.executable, str(path), str(package.folder), "-", *test], env

    def test(self, env: dict[str, str]) -> list[Test]:
        tests, self.covered = self._suite(env["MOCK_NAMESPACE_PREFIX"]).run(self.packages)
        return tests

    def _suite(self, namespace_prefix: str) -> Suite:
        settings = self.client.settings
        return Suite(self.cli, settings["env"], namespace_prefix, self.provider_env, settings["jobs"])
