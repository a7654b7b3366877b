"""Paths of the project, and builds."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from harness.errors import HarnessError

LOAD = Path(__file__).resolve().parent.parent
ROOT = LOAD.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
# Temporary files of a run: seeds, requests, logs.
SCRATCH = TARGET / "load"
# Peers from package registries; kept between runs.
PEERS = TARGET / "load-peers"
DOCUMENT = ROOT / "docs" / "performance.md"


@cache
def build() -> tuple[Path, Path]:
    """Builds the server and the baseline, and returns the paths of their binaries."""
    for target in (["--bin", "access-groups-mock"], ["--example", "bare-axum"]):
        command = ["cargo", "build", "--release", "--locked", *target]
        print("$ " + " ".join(command), flush=True)
        if subprocess.run(command, cwd=ROOT).returncode != 0:
            raise HarnessError("the build failed")
    return TARGET / "release" / "access-groups-mock", TARGET / "release" / "examples" / "bare-axum"


@cache
def wrk() -> str:
    """Returns the path of the load generator."""
    found = shutil.which("wrk")
    if found is None:
        hint = "`apt-get install wrk`, `brew install wrk`, or https://github.com/wg/wrk"
        raise HarnessError(f"wrk is not installed: {hint}")
    return found


def scratch(name: str) -> Path:
    """Creates the scratch folder, and returns the path of a file in it."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    return SCRATCH / name
