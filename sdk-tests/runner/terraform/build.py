"""Builds the command-line program and the providers from the Go module proxy."""

import json
import re
import shutil
import subprocess
import threading
import tomllib
from dataclasses import dataclass
from pathlib import Path

from ..golang import ENV
from ..places import CACHE, TESTS
from ..process import Failed, environment, must

WORK = CACHE / "terraform"
# Clients are installed side by side, and two of them may build from one module.
_COPYING = threading.Lock()
# One alone uses all processors; two that compile one module at once would compile each of its packages twice.
_COMPILING = threading.Lock()


@dataclass(frozen=True)
class Module:
    """A program inside a Go module, as versions.toml names it."""

    module: str
    version: str
    sum: str
    binary: str
    package: str = "."
    source: str = ""
    # The file that lists all services of the provider, and those of them that are wanted; all when it is empty.
    registry: str = ""
    services: tuple[str, ...] = ()
    # Whether only the tests are built without the other services.
    whole: bool = False


def module(name: str) -> Module:
    """Returns what versions.toml has under a name."""
    return Module(**tomllib.loads((TESTS / "terraform" / "versions.toml").read_text())[name])


def built(module: Module, log: Path) -> Path:
    """Returns the path of the program, which is built when the cache does not have it."""
    binary = _bin(module) / module.binary
    with _COMPILING:
        if not binary.exists():
            # Built in its own folder, so its own go.mod and go.sum pin every dependency.
            sources, overlay = _sources(module, () if module.whole else module.services)
            must(["go", "build", *overlay, "-o", str(binary), module.package], log, folder=sources, env=ENV)
    return binary


def tests(module: Module, package: str, log: Path) -> tuple[Path, Path]:
    """Returns the path of the test program of a package in the module, and the folder that it must run in."""
    sources, overlay = _sources(module, module.services)
    program = _bin(module) / f"{Path(package).name}.test"
    with _COMPILING:
        if not program.exists():
            command = ["go", "test", "-vet=off", *overlay, "-c", "-o", str(program), f"./{package}"]
            must(command, log, folder=sources, env=ENV)
    return program, sources / package


def cli(log: Path) -> Path:
    """Returns a Terraform-compatible program: the one on PATH, else one that is built."""
    for name in ("terraform", "tofu"):
        if found := shutil.which(name):
            return Path(found)
    return built(module("cli"), log)


def _bin(module: Module) -> Path:
    return WORK / "bin" / f"{module.binary}-{module.version}"


def _sources(module: Module, services: tuple[str, ...]) -> tuple[Path, list[str]]:
    """Returns the folder of a module's sources, and the options that leave out all but some services.

    The list of services is shortened by an overlay at build time; all other sources are compiled as they came.
    Go overlays nothing in its module cache, hence the copy.
    """
    original = _download(module)
    if not services:
        return original, []
    copy = WORK / "sources" / original.name
    with _COPYING:
        if not copy.exists():
            shutil.copytree(original, copy)
        shortened = WORK / "sources" / f"{original.name}.go"
        shortened.write_text(_shortened((copy / module.registry).read_text(), services))
        overlay = WORK / "sources" / f"{original.name}.json"
        overlay.write_text(json.dumps({"Replace": {str(copy / module.registry): str(shortened)}}))
    return copy, [f"-overlay={overlay}"]


def _shortened(registry: str, services: tuple[str, ...]) -> str:
    """Returns the list of services without the imports and the entries of all but some, each of which is a line."""
    unwanted = set(re.findall(r"/services?/(\w+)\"$", registry, re.MULTILINE)) - set(services)
    entry = re.compile(r"/services?/(?P<imported>\w+)\"$|^\t+(?:\"\w+\":\s+)?(?P<listed>\w+)\.")
    lines = registry.splitlines(keepends=True)
    return "".join(line for line in lines if not ((found := entry.search(line)) and found[found.lastgroup] in unwanted))


def _download(module: Module) -> Path:
    WORK.mkdir(parents=True, exist_ok=True)
    command = ["go", "mod", "download", "-json", f"{module.module}@{module.version}"]
    done = subprocess.run(command, cwd=WORK, env=environment(ENV), capture_output=True, text=True)
    answer = json.loads(done.stdout or "{}")
    if answer.get("Sum") != module.sum:
        raise Failed(f"{module.module}@{module.version} has not the checksum {module.sum}: {done.stdout}{done.stderr}")
    return Path(answer["Dir"])
