"""The server under test: built once, started afresh for each client."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from .places import CACHE, REPOSITORY
from .process import must


def binary() -> Path:
    """Returns the server's binary: what AGM_BIN names, else the release build."""
    if given := os.environ.get("AGM_BIN"):
        return Path(given).resolve()
    must(["cargo", "build", "--release", "--locked"], CACHE / "server-build.log", folder=REPOSITORY)
    return Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release" / "access-groups-mock"


class Server:
    """A running server; use it in a `with`."""

    def __init__(self, path: Path, log: Path, seed: str, options: list[str]) -> None:
        log.parent.mkdir(parents=True, exist_ok=True)
        self._errors = log.open("w")
        arguments = [str(path), "--port", "0", *options]
        if seed:
            arguments += ["--seed", str(REPOSITORY / seed)]
        # The settings of whoever runs the tests must not reach the server.
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

    def called(self) -> dict[str, int]:
        """Returns how often each operation was called, by its id in openapi.yaml."""
        with urllib.request.urlopen(f"{self.url}/__admin/coverage", timeout=10) as answer:
            return operations(json.load(answer))


def operations(coverage: dict) -> dict[str, int]:
    """Reads the answer of the route for coverage."""
    return {entry["operation"]: entry["calls"] for entry in coverage["operations"]}
