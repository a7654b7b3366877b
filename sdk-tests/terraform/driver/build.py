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
    # A file of this folder that takes the place of the main.go of the module.
    main: str = ""
    title: str = ""
    source: str = ""
    seed: str = ""


class BuildFailed(Exception):
    """A module could not be had, or not be built."""


def built(module: Module) -> Path:
    """Returns the path of the program, which is built when the cache does not have it."""
    folder = WORK / "bin" / f"{module.binary}-{module.version}"
    binary = folder / module.binary
    if _is_current(binary, module):
        return binary
    sources = _download(module)
    folder.mkdir(parents=True, exist_ok=True)
    if module.main:
        sources = _wrapper(module, sources, folder / "wrapper")
    _go(["go", "build", *SMALL, "-o", str(binary), module.package], sources)
    return binary


def cli(module: Module) -> Path:
    """Returns a Terraform-compatible program: the one on PATH, else one that is built."""
    for name in ("terraform", "tofu"):
        if found := shutil.which(name):
            return Path(found)
    return built(module)


def _is_current(binary: Path, module: Module) -> bool:
    if not binary.exists():
        return False
    return not module.main or binary.stat().st_mtime > (FOLDER / module.main).stat().st_mtime


def _download(module: Module) -> Path:
    return Path(_checked(module)["Dir"])


def _checked(module: Module) -> dict:
    answer = json.loads(_go(["go", "mod", "download", "-json", f"{module.module}@{module.version}"], WORK))
    if answer["Sum"] != module.sum:
        raise BuildFailed(f"{module.module}@{module.version} has the checksum {answer['Sum']}, not {module.sum}")
    return answer


def _wrapper(module: Module, sources: Path, folder: Path) -> Path:
    """Makes a module of our main.go that has the dependencies of the provider, at the provider's versions."""
    folder.mkdir(exist_ok=True)
    shutil.copy(FOLDER / module.main, folder / "main.go")
    shutil.copyfile(sources / "go.mod", folder / "go.mod")
    _go(["go", "mod", "edit", "-module=wrapper", f"-require={module.module}@{module.version}"], folder)
    answer, name = _checked(module), f"{module.module} {module.version}"
    own = f"{name} {answer['Sum']}\n{name}/go.mod {answer['GoModSum']}\n"
    (folder / "go.sum").write_text((sources / "go.sum").read_text() + own)
    return folder


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
