"""Finds the program."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from pathlib import Path

NAME = "access-groups-mock"


class BinaryNotFound(Exception):
    """The program is in none of the places where it is looked for; the text names them all."""


def find_binary() -> Path:
    """Returns the path of the program.

    It is what the environment variable ``AGM_BIN`` names, else the first that is there of: the program that came with
    the wheel, the one on ``PATH``, and the latest build, release or debug, of the checkout that holds this package.

    Raises `BinaryNotFound`, which names all these places.
    """
    named = os.environ.get("AGM_BIN")
    if named:
        if Path(named).is_file():
            return Path(named)
        raise BinaryNotFound(f"AGM_BIN names `{named}`, which is not a file")

    file_name = NAME + (".exe" if sys.platform == "win32" else "")
    installed = Path(sysconfig.get_path("scripts")) / file_name
    if installed.is_file():
        return installed
    on_path = shutil.which(NAME)
    if on_path:
        return Path(on_path)
    built = [target / profile / file_name for target in _target_folders() for profile in ("release", "debug")]
    builds = [candidate for candidate in built if candidate.is_file()]
    if builds:
        # An old release build must not stand in the way of what was built a minute ago.
        return max(builds, key=lambda build: build.stat().st_mtime)

    looked_at = [
        "the environment variable AGM_BIN: not set",
        str(installed),
        f"PATH: {os.environ.get('PATH', '')}",
        *(map(str, built) if built else ["cargo's target folder: this package is in no checkout"]),
    ]
    places = "\n".join(f"    {place}" for place in looked_at)
    raise BinaryNotFound(
        f"{NAME} was not found. Build it with `cargo build` in its checkout, or name it in AGM_BIN.\n"
        f"Looked at:\n{places}"
    )


def _target_folders() -> list[Path]:
    """Returns cargo's target folders of the checkout that holds this file; none when it is in no checkout."""
    for folder in Path(__file__).resolve().parents:
        if (folder / "Cargo.toml").is_file() and (folder / "src" / "main.rs").is_file():
            named = os.environ.get("CARGO_TARGET_DIR")
            return [*([Path(named)] if named else []), folder / "target"]
    return []
