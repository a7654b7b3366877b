"""Finds the server binary."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

NAME = "access-groups-mock"


class BinaryNotFound(Exception):
    """The server binary was not found; the message lists all searched locations."""


def find_binary() -> Path:
    """Returns the path of the server binary.

    If the environment variable ``AGM_BIN`` is set, it contains the path. Otherwise the path is the first existing one
    of: the binary in the wheel, the binary on ``PATH``, and the latest build, release or debug, of the checkout that
    contains this package.

    Raises `BinaryNotFound`, whose message lists all these locations.
    """
    configured = os.environ.get("AGM_BIN")
    if configured:
        if Path(configured).is_file():
            return Path(configured)
        raise BinaryNotFound(f"AGM_BIN is `{configured}`, which is not a file")

    file_name = NAME + (".exe" if sys.platform == "win32" else "")
    installed = Path(sysconfig.get_path("scripts")) / file_name
    if installed.is_file():
        return installed
    on_path = shutil.which(NAME)
    if on_path:
        return Path(on_path)
    candidates = [target / profile / file_name for target in _target_folders() for profile in ("release", "debug")]
    builds = [candidate for candidate in candidates if candidate.is_file()]
    if builds:
        # An old release build must not hide a newer debug build.
        return max(builds, key=lambda build: build.stat().st_mtime)

    locations = [
        "the environment variable AGM_BIN: not set",
        str(installed),
        f"PATH: {os.environ.get('PATH', '')}",
        *(map(str, candidates) if candidates else ["cargo's target folder: this package is not in a checkout"]),
    ]
    searched = "\n".join(f"    {location}" for location in locations)
    raise BinaryNotFound(
        f"{NAME} was not found. Build it with `cargo build` in its checkout, or set AGM_BIN to its path.\n"
        f"Searched locations:\n{searched}"
    )


def _target_folders() -> list[Path]:
    """Returns cargo's target folders of the checkout that contains this file; none if it is not in a checkout."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "Cargo.toml").is_file() and (folder / "src" / "main.rs").is_file():
            configured = os.environ.get("CARGO_TARGET_DIR")
            return [*([Path(configured)] if configured else []), folder / "target"]
    return []
