"""The server under test: built once, and started in a new process for each client."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from .paths import CACHE, REPOSITORY
from .process import run_checked


def find_or_build_binary() -> Path:
    """Returns the path of the server binary: the value of AGM_BIN, or else the release build."""
    if path := os.environ.get("AGM_BIN"):
        return Path(path).resolve()
    run_checked(["cargo", "build", "--release", "--locked"], CACHE / "server-build.log", folder=REPOSITORY)
    return Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release" / "access-groups-mock"


class Server:
    """A running server, as a context manager."""

    def __init__(self, path: Path, log: Path, seed: str, options: list[str]) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._errors = log.open("w")
        arguments = [str(path), "--port", "0", *options]
        if seed:
            arguments += ["--seed", str(REPOSITORY / seed)]
        # Settings in the environment of the caller must not reach the server.
        env = {name: value for name, value in os.environ.items() if not name.startswith("AGM_")}
        self._process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=self._errors, env=env)
        ready = self._process.stdout.readline()
        if not ready:
            raise RuntimeError(f"the server did not start; see {log}")
        self.url = json.loads(ready)["url"]

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(timeout=20)
        self._process.stdout.close()
        self._errors.close()

    def call_counts(self) -> dict[str, int]:
        """Returns the number of calls of each operation, by its id in openapi.yaml."""
        with urllib.request.urlopen(f"{self.url}/__admin/coverage", timeout=10) as response:
            coverage = json.load(response)
        return {entry["operation"]: entry["calls"] for entry in coverage["operations"]}
