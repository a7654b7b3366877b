"""Commands: their output goes to a file, and to the screen only when they fail."""

import os
import subprocess
from pathlib import Path


class Failed(Exception):
    """A command that had to succeed did not."""


def environment(more: dict[str, str] | None) -> dict[str, str]:
    """Returns the environment of this process with `more` in it."""
    return os.environ | (more or {})


def run(command: list[str], log: Path, *, folder: Path | None = None, env: dict[str, str] | None = None) -> int:
    """Runs `command` and returns its exit code; what it says is added to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as output:
        output.write(f"\n$ {' '.join(command)}\n")
        output.flush()
        done = subprocess.run(command, cwd=folder, env=environment(env), stdout=output, stderr=subprocess.STDOUT)
    return done.returncode


def must(command: list[str], log: Path, *, folder: Path | None = None, env: dict[str, str] | None = None) -> None:
    """Runs `command`; raises with the end of its output when it fails."""
    code = run(command, log, folder=folder, env=env)
    if code != 0:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-40:])
        raise Failed(f"`{' '.join(command)}` ended with {code}; {log} ends with\n{end}")
