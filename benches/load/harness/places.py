"""Where things are, and how they are built."""

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from harness.failure import Failure

LOAD = Path(__file__).resolve().parent.parent
ROOT = LOAD.parent.parent
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve()
# Seeds, requests, logs: whatever a run needs and nobody else.
SCRATCH = TARGET / "load"
# What is installed from package registries, and kept from run to run.
PEERS = TARGET / "load-peers"
DOCUMENT = ROOT / "docs" / "performance.md"


@cache
def build() -> tuple[Path, Path]:
    """Builds the server and the yardstick, and returns their files."""
    for what in (["--bin", "access-groups-mock"], ["--example", "bare-axum"]):
        command = ["cargo", "build", "--release", "--locked", *what]
        print("$ " + " ".join(command), flush=True)
        if subprocess.run(command, cwd=ROOT).returncode != 0:
            raise Failure("the build failed")
    return TARGET / "release" / "access-groups-mock", TARGET / "release" / "examples" / "bare-axum"


@cache
def wrk() -> str:
    """Returns the load generator."""
    found = shutil.which("wrk")
    if found is None:
        raise Failure("wrk is not there: `apt-get install wrk`, `brew install wrk`, or https://github.com/wg/wrk")
    return found


def scratch(name: str) -> Path:
    """Returns a file of the scratch folder, which is there."""
    SCRATCH.mkdir(parents=True, exist_ok=True)
    return SCRATCH / name
