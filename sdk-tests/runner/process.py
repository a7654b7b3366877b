"""Runs commands; their output goes to a log file, and is shown only if they fail."""

import os
import subprocess
from pathlib import Path


class CommandError(Exception):
    """A command that had to succeed failed."""


def environment(overrides: dict[str, str] | None) -> dict[str, str]:
    """Returns the environment of this process with `overrides`."""
    return os.environ | (overrides or {})


def run(command: list[str], log: Path, *, folder: Path | None = None, env: dict[str, str] | None = None) -> int:
    """Runs `command` and returns its exit code; its output is appended to `log`."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("a") as output:
        output.write(f"\n$ {' '.join(command)}\n")
        output.flush()
        done = subprocess.run(command, cwd=folder, env=environment(env), stdout=output, stderr=subprocess.STDOUT)
    return done.returncode


def run_checked(
    command: list[str], log: Path, *, folder: Path | None = None, env: dict[str, str] | None = None,
) -> None:
    """Runs `command`; raises an error with the end of its output if it fails."""
    code = run(command, log, folder=folder, env=env)
    if code != 0:
        end = "\n".join(log.read_text(errors="replace").splitlines()[-40:])
        raise CommandError(f"`{' '.join(command)}` exited with {code}; {log} ends with\n{end}")
