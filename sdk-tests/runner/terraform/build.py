"""Builds the Terraform CLI and the providers from the Go module proxy."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import threading
import tomllib
from dataclasses import dataclass
from pathlib import Path

from ..golang import ENV
from ..paths import CACHE, TESTS
from ..process import CommandError, environment, run_checked
from .submodules import copy_without_submodules

WORK = CACHE / "terraform"
# Clients are installed in parallel, and two of them can use the same module.
_COPY_LOCK = threading.Lock()
# One compilation uses all CPUs; two concurrent ones of the same module would compile each of its packages twice.
_COMPILE_LOCK = threading.Lock()


@dataclass(frozen=True)
class Module:
    """A program inside a Go module, as an entry of versions.toml."""

    module: str
    version: str
    sum: str
    binary: str
    package: str = "."
    # The address of the provider in Terraform configurations.
    source: str = ""
    # The source file that lists all services of the provider, and the services to keep; all if it is empty.
    services_file: str = ""
    services: tuple[str, ...] = ()
    # Whether the provider is built with all services, and only its tests with the services to keep.
    trim_only_tests: bool = False
    # The source file that uses modules which the archive of this module lacks; the program is built without them.
    submodules_file: str = ""


def load_module(name: str) -> Module:
    """Returns an entry of versions.toml."""
    return Module(**tomllib.loads((TESTS / "terraform" / "versions.toml").read_text())[name])


def build_program(module: Module, log: Path) -> Path:
    """Returns the path of the program; builds it if it is not in the cache."""
    services = () if module.trim_only_tests else tuple(module.services)
    binary = _bin(module, services) / module.binary
    with _COMPILE_LOCK:
        if not binary.exists():
            # Built in the module's own folder, so that its go.mod and go.sum pin every dependency.
            sources, overlay = _sources(module, services)
            run_checked(["go", "build", *overlay, "-o", str(binary), module.package], log, folder=sources, env=ENV)
    return binary


def build_tests(module: Module, package: str, log: Path) -> tuple[Path, Path]:
    """Returns the path of the test binary of a package in the module, and the folder in which it must run."""
    sources, overlay = _sources(module, module.services)
    program = _bin(module, tuple(module.services)) / f"{Path(package).name}.test"
    with _COMPILE_LOCK:
        if not program.exists():
            command = ["go", "test", "-vet=off", *overlay, "-c", "-o", str(program), f"./{package}"]
            run_checked(command, log, folder=sources, env=ENV)
    return program, sources / package


def find_or_build_cli(log: Path) -> Path:
    """Returns the path of a Terraform-compatible CLI: the one on PATH, or else a build of OpenTofu.

    TERRAFORM_CLI selects one of the builds in versions.toml, by its name without `cli-`.
    """
    if selected := os.environ.get("TERRAFORM_CLI"):
        return build_program(load_module(f"cli-{selected}"), log)
    for name in ("terraform", "tofu"):
        if found := shutil.which(name):
            return Path(found)
    return build_program(load_module("cli-tofu"), log)


def _bin(module: Module, services: tuple[str, ...]) -> Path:
    """Returns the folder of a module's programs; its name differs for each version and each list of services."""
    suffix = f"-{hashlib.sha256(','.join(services).encode()).hexdigest()[:12]}" if services else ""
    return WORK / "bin" / f"{module.binary}-{module.version}{suffix}"


def _sources(module: Module, services: tuple[str, ...]) -> tuple[Path, list[str]]:
    """Returns the folder of a module's sources, and the build options that exclude all other services.

    An overlay at build time shortens the list of services; all other sources are compiled unmodified.
    The sources are copied because Go cannot overlay files in its module cache.
    """
    original = _download(module)
    if module.submodules_file:
        copy = WORK / "sources" / original.name
        with _COPY_LOCK:
            if not copy.exists():
                copy_without_submodules(original, copy, module.submodules_file)
        return copy, []
    if not services:
        return original, []
    copy = WORK / "sources" / original.name
    with _COPY_LOCK:
        if not copy.exists():
            shutil.copytree(original, copy)
        trimmed = WORK / "sources" / f"{original.name}.go"
        trimmed.write_text(_keep_services((copy / module.services_file).read_text(), services))
        overlay = WORK / "sources" / f"{original.name}.json"
        overlay.write_text(json.dumps({"Replace": {str(copy / module.services_file): str(trimmed)}}))
    return copy, [f"-overlay={overlay}"]


def _keep_services(source: str, services: tuple[str, ...]) -> str:
    """Returns the list of services without the imports and entries of all others; each is on a line of its own."""
    unwanted = set(re.findall(r"/services?/(\w+)\"$", source, re.MULTILINE)) - set(services)
    entry = re.compile(r"/services?/(?P<imported>\w+)\"$|^\t+(?:\"\w+\":\s+)?(?P<listed>\w+)\.")
    lines = source.splitlines(keepends=True)
    return "".join(line for line in lines if not ((found := entry.search(line)) and found[found.lastgroup] in unwanted))


def _download(module: Module) -> Path:
    WORK.mkdir(parents=True, exist_ok=True)
    command = ["go", "mod", "download", "-json", f"{module.module}@{module.version}"]
    done = subprocess.run(command, cwd=WORK, env=environment(ENV), capture_output=True, text=True)
    info = json.loads(done.stdout or "{}")
    if info.get("Sum") != module.sum:
        raise CommandError(
            f"{module.module}@{module.version} does not have the checksum {module.sum}: {done.stdout}{done.stderr}")
    return Path(info["Dir"])
