"""Go clients, and the tests inside Go modules."""

import json
import re
import shutil
from pathlib import Path

from .driver import Driver
from .places import CACHE, TESTS
from .process import Failed, must, run
from .results import Test, from_go, from_junit

# Modules can be deleted with the cache, and all Go clients share them.
# They also share what is compiled, as far as the versions are the same, which is why all use the same flags;
# debugging symbols would double the time and the space that it takes.
ENV = {
    "GOPATH": str(CACHE / "go"),
    "GOCACHE": str(CACHE / "go" / "build"),
    "GOFLAGS": "-mod=readonly -modcacherw -trimpath -gcflags=all=-dwarf=false -ldflags=-s",
    "GOWORK": "off",
}
# Compiles the tests of packages and all that they need, and links nothing.
COMPILE = ["go", "list", "-export", "-test", "-deps", "-f", ""]


class Go(Driver):
    """go.mod, go.sum, and `go test`."""

    def install(self) -> None:
        must([*COMPILE, "./..."], self.log, folder=self.client.folder, env=ENV)

    def test(self, env: dict[str, str]) -> list[Test]:
        # Most of a test of retries is waiting.
        command = ["go", "test", "-vet=off", "-count=1", "-parallel=8", "-json", "./..."]
        run(command, self.test_log, folder=self.client.folder, env=env | ENV)
        return from_go(self.test_log.read_text().splitlines())


class GoSuite(Go):
    """The tests inside a module, in a copy of it, because Go overlays nothing in its module cache.

    What would make them wait or skip is changed at build time, by an overlay, so that the copy stays as it came.
    """

    @property
    def module(self) -> Path:
        return self.client.cache / "module"

    @property
    def folder(self) -> Path:
        """Where the tests are run: in the copy, or in a module that takes the copy for its dependency."""
        return self.client.cache / "user" if "user" in self.client.settings else self.module

    def install(self) -> None:
        settings = self.client.settings
        path, version = settings["module"].split("@")
        if not self.module.exists():
            must(["go", "mod", "download", settings["module"]], self.log, env=ENV)
            escaped = re.sub("[A-Z]", lambda letter: f"!{letter.group().lower()}", path)
            shutil.copytree(CACHE / "go" / "pkg" / "mod" / f"{escaped}@{version}", self.module)
        if user := settings.get("user"):
            self._write_user(TESTS / user, path)
        self._write_overlay(settings["replace"])
        for each in settings["runs"]:
            must([*COMPILE, self._overlay, *_chosen(each)], self.log, folder=self.folder, env=ENV)

    def _write_user(self, client: Path, path: str) -> None:
        """Makes a module with the dependencies of `client`, so that both share what is compiled."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = (client / "go.mod").read_text().replace("../", f"{client.parent}/")
        (self.folder / "go.mod").write_text(f"{lines}\nreplace {path} => {self.module}\n")
        shutil.copy(client / "go.sum", self.folder)

    @property
    def _overlay(self) -> str:
        return f"-overlay={self.client.cache / 'overlay.json'}"

    def _write_overlay(self, changes: dict[str, list[str]]) -> None:
        """Replaces in each file what fits the pattern, given before what takes its place."""
        overlay = {}
        for name, (pattern, text) in changes.items():
            patched = self.client.cache / "overlay" / name
            patched.parent.mkdir(parents=True, exist_ok=True)
            changed, count = re.subn(pattern, text, (self.module / name).read_text())
            if count == 0:
                raise Failed(f"{name} has nothing like {pattern}")
            patched.write_text(changed)
            overlay[str(self.module / name)] = str(patched)
        (self.client.cache / "overlay.json").write_text(json.dumps({"Replace": overlay}))

    def test(self, env: dict[str, str]) -> list[Test]:
        settings, tests = self.client.settings, []
        for number, each in enumerate(settings["runs"]):
            # Each run has a mock of its own, unless it needs the seeded one.
            url = env["MOCK_URL"] if self.client.seed else f"{env['MOCK_SPACE']}.{number}"
            for name, lines in settings.get("files", {}).items():
                (self.module / name).write_text(lines.replace("MOCK_URL", url))
            urls = {settings["url_variable"]: url} if "url_variable" in settings else {}
            log, report = self.output / f"test-{number}.log", self.output / f"report-{number}.xml"
            ginkgo = ["-args", f"-ginkgo.reportFile={report}"] if "focus" in settings else []
            run(["go", "test", "-vet=off", self._overlay, "-count=1", "-json", "-run", each.get("tests", "."),
                 *_chosen(each), *ginkgo], log, folder=self.folder, env=env | ENV | urls)
            if report.exists():
                tests += [test for test in from_junit([report]) if settings["focus"][number] in test.name]
            else:
                tests += from_go(log.read_text().splitlines())
        return tests


def _chosen(each: dict) -> list[str]:
    """Returns the build tags and the packages of a run."""
    return ["-tags", each.get("tags", ""), *each["packages"]]
