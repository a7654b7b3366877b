"""Go clients, and the tests inside Go modules."""

import json
import re
import shutil
import sys
from pathlib import Path

from .driver import Driver
from .paths import CACHE, TESTS
from .process import CommandError, run, run_checked
from .results import Test, from_go, from_junit

# All Go clients share the module cache, which is writable so that it can be deleted with the rest of the cache.
# They also share the build cache, which requires that all use the same flags; debugging symbols would double the time
# and the space of a build.
ENV = {
    "GOPATH": str(CACHE / "go"),
    "GOCACHE": str(CACHE / "go" / "build"),
    "GOFLAGS": "-mod=readonly -modcacherw -trimpath -gcflags=all=-dwarf=false -ldflags=-s",
    "GOWORK": "off",
}
# Compiles the tests of packages and all their dependencies without linking.
COMPILE = ["go", "list", "-export", "-test", "-deps", "-f", ""]


class Go(Driver):
    """go.mod, go.sum, and `go test`."""

    def install(self) -> None:
        run_checked([*COMPILE, "./..."], self.log, folder=self.client.folder, env=ENV)
        if program := self.client.environment.get("program"):
            path = TESTS / program
            output = str(self.client.cache / "environment")
            run_checked(["go", "build", "-o", output, "."], self.log, folder=path.parent, env=ENV)

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        return [str(self.client.cache / "environment")], {}

    def test(self, env: dict[str, str]) -> list[Test]:
        # The tests of retries spend most of their time waiting, so more of them run in parallel than there are CPUs.
        command = ["go", "test", "-vet=off", "-count=1", "-parallel=8", "-json", "./..."]
        run(command, self.test_log, folder=self.client.folder, env=env | ENV)
        return from_go(self.test_log.read_text().splitlines())


class GoSuite(Go):
    """The tests inside a module, in a copy of it, because Go cannot overlay files in its module cache.

    Waits and skip markers in the tests are patched at build time by an overlay, so that the copy stays unmodified.
    """

    @property
    def module(self) -> Path:
        return self.client.cache / "module"

    @property
    def folder(self) -> Path:
        """The folder in which the tests run: the copy, or a module that depends on the copy."""
        settings = self.client.settings
        return self.client.cache / "consumer" if "consumer_module" in settings else self.module

    def install(self) -> None:
        settings = self.client.settings
        path, version = settings["module"].split("@")
        if not self.module.exists():
            run_checked(["go", "mod", "download", settings["module"]], self.log, env=ENV)
            escaped = re.sub("[A-Z]", lambda match: f"!{match.group().lower()}", path)
            shutil.copytree(CACHE / "go" / "pkg" / "mod" / f"{escaped}@{version}", self.module)
        if consumer := settings.get("consumer_module"):
            self._write_consumer(TESTS / consumer, path)
        self._write_overlay(settings["patches"])
        for each in settings["runs"]:
            run_checked([*COMPILE, self._overlay, *_tags_and_packages(each)], self.log, folder=self.folder, env=ENV)

    def _write_consumer(self, client: Path, path: str) -> None:
        """Writes a module with the same dependencies as `client`, so that both share compiled packages."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = (client / "go.mod").read_text().replace("../", f"{client.parent}/")
        (self.folder / "go.mod").write_text(f"{lines}\nreplace {path} => {self.module}\n")
        shutil.copy(client / "go.sum", self.folder)

    @property
    def _overlay(self) -> str:
        return f"-overlay={self.client.cache / 'overlay.json'}"

    def _write_overlay(self, patches: dict[str, list[str]]) -> None:
        """Replaces all matches of a pattern in each file; `patches` maps a file to the pattern and the replacement."""
        overlay = {}
        for name, (pattern, replacement) in patches.items():
            patched = self.client.cache / "overlay" / name
            patched.parent.mkdir(parents=True, exist_ok=True)
            changed, count = re.subn(pattern, replacement, (self.module / name).read_text())
            if count == 0:
                raise CommandError(f"{name} has no match for {pattern}")
            patched.write_text(changed)
            overlay[str(self.module / name)] = str(patched)
        (self.client.cache / "overlay.json").write_text(json.dumps({"Replace": overlay}))

    def program(self, path: Path, folder: Path) -> tuple[list[str], dict[str, str]]:
        settings = self.client.settings
        properties = next((str(self.module / name) for name in settings.get("files", {})), "-")
        command = ["go", "test", "-vet=off", self._overlay, "-count=1", *self.client.environment["arguments"]]
        env = {"PYTHONDONTWRITEBYTECODE": "1"} | ENV
        return [sys.executable, str(path), str(self.folder), properties, *command], env

    def test(self, env: dict[str, str]) -> list[Test]:
        settings, tests = self.client.settings, []
        for number, each in enumerate(settings["runs"]):
            # Each run has its own namespace, unless it needs the groups of the seed in the default namespace.
            url = env["MOCK_URL"] if self.client.seed else f"{env['MOCK_NAMESPACE_PREFIX']}.{number}"
            for name, lines in settings.get("files", {}).items():
                (self.module / name).write_text(lines.replace("MOCK_URL", url))
            urls = {settings["url_variable"]: url} if "url_variable" in settings else {}
            log, report = self.output / f"test-{number}.log", self.output / f"report-{number}.xml"
            ginkgo = ["-args", f"-ginkgo.reportFile={report}"] if "focus" in settings else []
            run(["go", "test", "-vet=off", self._overlay, "-count=1", "-json", "-run", each.get("tests", "."),
                 *_tags_and_packages(each), *ginkgo], log, folder=self.folder, env=env | ENV | urls)
            if report.exists():
                tests += [test for test in from_junit([report]) if settings["focus"][number] in test.name]
            else:
                tests += from_go(log.read_text().splitlines())
        return tests


def _tags_and_packages(each: dict) -> list[str]:
    """Returns the build tags and the packages of a run."""
    return ["-tags", each.get("tags", ""), *each["packages"]]
