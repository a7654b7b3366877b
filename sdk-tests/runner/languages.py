"""The drivers: how the clients of each language are installed at pinned versions, and how their tests run."""

import shutil
import sys
from pathlib import Path

from .driver import Driver
from .golang import Go, GoSuite
from .paths import CACHE, TESTS
from .process import run, run_checked
from .results import Test, from_cargo, from_jest, from_junit
from .terraform.driver import Terraform, TerraformSuite


class Python(Driver):
    """requirements.txt, a virtual environment, and pytest.

    A package that builds only with old build tools has them in build-constraints.txt.
    """

    @property
    def python(self) -> Path:
        return self.client.cache / "venv" / "bin" / "python"

    def install(self) -> None:
        if not self.python.exists():
            run_checked([sys.executable, "-m", "venv", str(self.client.cache / "venv")], self.log)
        run_checked([str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
                     "--requirement", str(self.client.folder / "requirements.txt")], self.log, env=self._build_env)

    @property
    def _build_env(self) -> dict[str, str]:
        """Returns the constraints of builds: pip 25.3 and later have a variable for them, older ones use all."""
        constraints = self.client.folder / "build-constraints.txt"
        if not constraints.exists():
            return {}
        return {"PIP_BUILD_CONSTRAINT": str(constraints), "PIP_CONSTRAINT": str(constraints)}

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        return [str(self.python), str(path)], {"PYTHONDONTWRITEBYTECODE": "1"}

    def test(self, env: dict[str, str]) -> list[Test]:
        report = self.output / "report.xml"
        shared = {"PYTHONPATH": f"{TESTS / 'python'}:{TESTS}", "PYTHONDONTWRITEBYTECODE": "1"}
        plugins = ["no:cacheprovider", "namespace", *self.client.settings.get("plugins", [])]
        run([str(self.python), "-m", "pytest", "-q", *(f"-p{plugin}" for plugin in plugins), f"--junitxml={report}",
             f"--rootdir={TESTS}", *map(str, self.tests)], self.test_log, env=env | shared)
        return from_junit([report])


class PythonSuite(Python):
    """The unmodified tests inside a source distribution."""

    def install(self) -> None:
        super().install()
        package = self.client.settings["package"]
        if not self.sources:
            run_checked([str(self.python), "-m", "pip", "download", "--quiet", "--no-deps",
                         "--no-binary", package.split("==")[0], "--dest", str(self.client.cache), package], self.log)
            archive = next(self.client.cache.glob("*.tar.gz"))
            run_checked(["tar", "-xzf", str(archive), "-C", str(self.client.cache)], self.log)

    @property
    def sources(self) -> Path | None:
        return next((path.parent for path in self.client.cache.glob("*/PKG-INFO")), None)

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        command, env = super().program(path, folder)
        tests = self.client.environment["arguments"]
        # The suite reads its configuration of pytest, and writes no cache.
        pytest = [str(self.python), "-m", "pytest", "-q", "-pno:cacheprovider", *tests]
        return [*command, str(self.sources), "-", *pytest], env

    def test(self, env: dict[str, str]) -> list[Test]:
        urls = {self.client.settings["url_variable"]: env["MOCK_URL"]}
        reports = []
        for number, arguments in enumerate(self.client.settings["runs"]):
            reports.append(self.output / f"report-{number}.xml")
            run([str(self.python), "-m", "pytest", "-q", "-n", "2", f"--junitxml={reports[-1]}", *arguments],
                self.test_log, folder=self.sources, env=env | urls)
        return from_junit(reports)


class Node(Driver):
    """package-lock.json without registry URLs, and Node's built-in test runner."""

    def install(self) -> None:
        project = self.client.cache / "project"
        project.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            (project / name).write_text((self.client.folder / name).read_text())
        options = self.client.settings.get("npm_options", [])
        run_checked(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", *options], self.log, folder=project)

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        return ["node", str(path)], {"NODE_PACKAGES": str(self.client.cache / "project")}

    def test(self, env: dict[str, str]) -> list[Test]:
        report = self.output / "report.xml"
        files = [str(path) for tests in self.tests for path in sorted(tests.glob("*.test.mjs")) or [tests]]
        packages = {"NODE_PACKAGES": str(self.client.cache / "project")}
        run(["node", "--test", "--test-reporter=junit", f"--test-reporter-destination={report}",
             "--test-reporter=spec", "--test-reporter-destination=stdout", *files],
            self.test_log, env=env | packages)
        return from_junit([report])


class Rust(Driver):
    """Cargo.lock, and `cargo test`."""

    @property
    def env(self) -> dict[str, str]:
        return {"CARGO_TARGET_DIR": str(self.client.cache / "target")}

    def install(self) -> None:
        run_checked(["cargo", "test", "--locked", "--no-run"], self.log, folder=self.client.folder, env=self.env)

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        # `cargo test` has built the examples, too.
        return [str(self.client.cache / "target" / "debug" / "examples" / path.stem)], {}

    def test(self, env: dict[str, str]) -> list[Test]:
        command = ["cargo", "test", "--locked", "--no-fail-fast"]
        run(command, self.test_log, folder=self.client.folder, env=env | self.env)
        return from_cargo(self.test_log.read_text())


class NodeSuite(Node):
    """The examples inside a package, which are Jest tests, copied into the folder layout of their relative imports."""

    @property
    def suite(self) -> Path:
        return self.client.cache / "project" / "suite"

    @property
    def jest(self) -> list[str]:
        return ["node", str(self.client.cache / "project" / "node_modules" / "jest" / "bin" / "jest.js")]

    def _copy_suite(self) -> None:
        settings = self.client.settings
        package = self.client.cache / "project" / "node_modules" / settings["package"]
        shutil.rmtree(self.suite, ignore_errors=True)
        shutil.copytree(self.client.folder / "suite", self.suite)
        (self.suite / "dist").symlink_to(package)
        for name in settings["tests"]:
            (self.suite / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(package / name, self.suite / name)

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        [properties] = self.client.settings["files"]
        arguments = [str(self.suite), str(self.suite / properties), *self.jest, *self.client.environment["arguments"]]
        return [sys.executable, str(path), *arguments], {"PYTHONDONTWRITEBYTECODE": "1"}

    def test(self, env: dict[str, str]) -> list[Test]:
        report = self.output / "report.json"
        self._copy_suite()
        for name, lines in self.client.settings["files"].items():
            (self.suite / name).write_text(lines.replace("MOCK_URL", env["MOCK_NAMESPACE_PREFIX"]))
        run([*self.jest, "--json", f"--outputFile={report}"], self.test_log, folder=self.suite, env=env)
        return from_jest(report)


class Java(Driver):
    """pom.xml, and JUnit under Maven."""

    @property
    def command(self) -> list[str]:
        repository, build = CACHE / "maven", self.client.cache / "target"
        return ["mvn", "-q", "-B", f"-Dmaven.repo.local={repository}", f"-Dbuild.folder={build}"]

    def install(self) -> None:
        run_checked([*self.command, "test-compile"], self.log, folder=self.client.folder)

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        pom = str(self.client.folder / "pom.xml")
        return [*self.command, "-o", "-f", pom, f"-Dtest={path.stem}", f"-Dtest.folder={folder}", "test"], {}

    def test(self, env: dict[str, str]) -> list[Test]:
        reports = self.client.cache / "target" / "surefire-reports"
        shutil.rmtree(reports, ignore_errors=True)
        run([*self.command, "test"], self.test_log, folder=self.client.folder, env=env)
        return from_junit(sorted(reports.glob("TEST-*.xml")))


DRIVERS = {
    "python": Python,
    "python-suite": PythonSuite,
    "node": Node,
    "go": Go,
    "go-suite": GoSuite,
    "node-suite": NodeSuite,
    "java": Java,
    "rust": Rust,
    "terraform": Terraform,
    "terraform-suite": TerraformSuite,
}
