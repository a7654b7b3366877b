"""The crates in the binary, from cargo's metadata and Cargo.lock."""

import json
import subprocess
import tomllib
from typing import Any

from common import ROOT

# A package in cargo's metadata.
Package = dict[str, Any]

# The targets of releases, of builds from source, and of the image.
TARGETS = [
    "x86_64-unknown-linux-gnu",
    "x86_64-unknown-linux-musl",
    "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux-musl",
    "x86_64-apple-darwin",
    "aarch64-apple-darwin",
    "x86_64-pc-windows-msvc",
]


def linked() -> tuple[Package, list[Package], dict[str, list[str]]]:
    """Returns this package, the packages that are linked into the binary, and the identifiers that each depends on.

    Build scripts, macros and their dependencies are left out.
    """
    command = ["cargo", "metadata", "--locked", "--format-version", "1"]
    for target in TARGETS:
        command += ["--filter-platform", target]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    root = metadata["resolve"]["root"]
    edges: dict[str, list[str]] = {}
    pending = [root]
    while pending:
        current = pending.pop()
        if current in edges:
            continue
        edges[current] = sorted(
            dependency["pkg"]
            for dependency in nodes[current]["deps"]
            if any(kind["kind"] is None for kind in dependency["dep_kinds"])
            and not any("proc-macro" in target["kind"] for target in packages[dependency["pkg"]]["targets"])
        )
        pending += edges[current]
    found = [packages[package] for package in edges if package != root]
    return packages[root], sorted(found, key=lambda package: (package["name"], package["version"])), edges


def checksums() -> dict[tuple[str, str], str]:
    """Returns the SHA-256 of each crate, by name and version."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text())
    return {(package["name"], package["version"]): package["checksum"] for package in lock["package"] if "checksum" in package}
