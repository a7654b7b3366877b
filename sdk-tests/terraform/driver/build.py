"""Builds the command-line program and the providers from the Go module proxy."""

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .places import CACHE, FOLDER, WORK

# Debugging symbols would double the time of the build and the space that it takes.
SMALL = ["-trimpath", "-gcflags=all=-dwarf=false", "-ldflags=-s -w"]


@dataclass(frozen=True)
class Module:
    """A program inside a Go module, as versions.toml names it."""

    module: str
    version: str
    sum: str
    binary: str
    package: str = "."
    source: str = ""
    seed: str = ""


class BuildFailed(Exception):
    """A module could not be had, or not be built."""


def built(module: Module) -> Path:
    """Returns the path of the program, which is built when the cache does not have it."""
    folder = WORK / "bin" / f"{module.binary}-{module.version}"
    binary = folder / module.binary
    if not binary.exists():
        # Built in its own folder, so its own go.mod and go.sum pin every dependency.
        _go(["go", "build", *SMALL, "-o", str(binary), module.package], _download(module))
    return binary


def tests(module: Module, package: str) -> tuple[Path, Path]:
    """Returns the path of the test program of a package in the module, and the folder that it must run in."""
    sources = _download(module)
    program = WORK / "bin" / f"{module.binary}-{module.version}" / f"{Path(package).name}.test"
    if not program.exists():
        _go(["go", "test", "-vet=off", "-c", *SMALL, "-o", str(program), f"./{package}"], sources)
    return program, sources / package


def cli(module: Module) -> Path:
    """Returns a Terraform-compatible program: the one on PATH, else one that is built."""
    for name in ("terraform", "tofu"):
        if found := shutil.which(name):
            return Path(found)
    return built(module)


def _download(module: Module) -> Path:
    answer = json.loads(_go(["go", "mod", "download", "-json", f"{module.module}@{module.version}"], WORK))
    if answer["Sum"] != module.sum:
        raise BuildFailed(f"{module.module}@{module.version} has the checksum {answer['Sum']}, not {module.sum}")
    return Path(answer["Dir"])


def _go(command: list[str], folder: Path) -> str:
    temporary = CACHE / "go" / "tmp"
    for each in (folder, temporary):
        each.mkdir(parents=True, exist_ok=True)
    env = os.environ | {
        "GOPATH": str(CACHE / "go"),
        "GOCACHE": str(CACHE / "go" / "build"),
        "GOTMPDIR": str(temporary),
        "GOFLAGS": "-mod=readonly -modcacherw",
        "GOWORK": "off",
    }
    done = subprocess.run(["nice", *command], cwd=folder, env=env, capture_output=True, text=True)
    if done.returncode != 0:
        raise BuildFailed(f"`{' '.join(command)}` failed:\n{done.stderr[-4000:]}{done.stdout[-1000:]}")
    return done.stdout
