"""Starts the server, and knows the URLs of a mock."""

from __future__ import annotations

import atexit
import json
import os
import re
import secrets
import subprocess
import tempfile
import threading
from dataclasses import dataclass
from types import TracebackType
from typing import IO, Callable

from ._admin import Admin, AdminError
from ._binary import find_binary

LONGEST_NAME = 128
"""How long the name of a namespace may be."""

SECONDS_TO_STOP = 5
"""How long a server may take to stop before it is killed."""


class StartError(Exception):
    """The server did not become ready; the text holds its standard error."""


@dataclass(frozen=True)
class Urls:
    """What the vendors' SDKs take as their base URL."""

    cloudflare: str
    ibm: str
    """Of the access groups, and of the token endpoint that the authenticator asks."""
    authress: str
    legacy: str


class Mock:
    """A running mock: the default namespace of a server, or one of its namespaces."""

    def __init__(self, url: str, *, name: str = "default", diagnose: Callable[[], str] = str) -> None:
        self.name = name
        self.url = url.rstrip("/")
        self.urls = Urls(cloudflare=f"{self.url}/client/v4", ibm=self.url, authress=self.url, legacy=self.url)
        self.admin = Admin(self.url, diagnose=diagnose)
        self._diagnose = diagnose

    def namespace(self, label: str = "test") -> Namespace:
        """Returns a mock of its own on the same server, with the same seed.

        Its name is the label, as far as it fits, and a random end. Nothing happens before its first request.
        """
        ending = f"-{secrets.token_hex(4)}"
        name = re.sub(r"[^A-Za-z0-9._~:@+-]+", "-", label)[: LONGEST_NAME - len(ending)] + ending
        return Namespace(self, name)


class Namespace(Mock):
    """A mock of its own on a server; it is forgotten at the end of a ``with`` block."""

    def __init__(self, parent: Mock, name: str) -> None:
        super().__init__(f"{parent.url}/ns/{name}", name=name, diagnose=parent._diagnose)
        self._parent = parent

    def delete(self) -> None:
        """Makes the server forget it; nothing happens when it was never used."""
        try:
            self._parent.admin.call("DELETE", f"/namespaces/{self.name}")
        except AdminError as error:
            if error.status != 404:
                raise

    def __enter__(self) -> Namespace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.delete()


class Server(Mock):
    """A server of its own; it stops at the end of a ``with`` block, and at the latest with this process."""

    def __init__(self, process: subprocess.Popen[str], log: IO[str], url: str) -> None:
        super().__init__(url, diagnose=self._last_words)
        self.pid = process.pid
        self._process = process
        self._log = log
        atexit.register(self.stop)

    def stop(self) -> int:
        """Stops it and returns its exit code; does nothing when it has ended."""
        atexit.unregister(self.stop)
        return _end(self._process)

    def stderr(self) -> str:
        """Returns what it has written to standard error."""
        return _read(self._log)

    def _last_words(self) -> str:
        try:
            # A connection breaks a moment before the process can be waited for.
            code = self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            return ""
        return f"\nthe server has ended with exit code {code}. Its standard error:\n{self.stderr()}"

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def connect(url: str) -> Mock:
    """Returns the mock that runs at ``url`` already; nothing is sent before its first use."""
    return Mock(url)


def start(
    *args: str,
    seed: str | os.PathLike[str] | None = None,
    binary: str | os.PathLike[str] | None = None,
    timeout: float = 30,
) -> Server:
    """Starts a server on a free port of this machine and returns it when it is ready.

    ``args`` are further arguments of the program, such as ``"--explain"``; ``seed`` is the path of a seed file;
    ``timeout`` is in seconds. The program is looked for as `find_binary` says.

    Raises `StartError` with its standard error when it ends or is not ready in time, and `BinaryNotFound`.
    """
    command = [os.fspath(binary or find_binary()), "--port", "0", *args]
    if seed is not None:
        command += ["--seed", os.fspath(seed)]
    # A file takes any amount of text while nobody reads; a pipe would make the server wait once it is full.
    log = tempfile.TemporaryFile("a+", encoding="utf-8", errors="replace")
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, env=_environment()
    )
    line = _first_line(process, timeout)
    try:
        return Server(process, log, json.loads(line or "")["url"])
    except (ValueError, KeyError, TypeError):
        if line is None:
            why = f"was not ready after {timeout} s"
        elif line:
            why = f"wrote this in the place of its ready line: {line.rstrip()}"
        else:
            why = f"ended with exit code {process.wait(SECONDS_TO_STOP)}"
        _end(process)
        raise StartError(f"{' '.join(command)}\n{why}. Its standard error:\n{_read(log)}") from None


def _environment() -> dict[str, str]:
    """Returns the environment of a server, which ends with this process even if that is killed."""
    # On Windows the server would watch its standard input, which is closed.
    return {**os.environ, **({} if os.name == "nt" else {"AGM_EXIT_WITH_PARENT": "true"})}


def _first_line(process: subprocess.Popen[str], timeout: float) -> str | None:
    """Returns the first line of standard output, empty when it was closed before; none when it did not come in time."""
    output = process.stdout
    assert output is not None
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.append(output.readline()), daemon=True)
    reader.start()
    reader.join(timeout)
    return lines[0] if lines else None


def _end(process: subprocess.Popen[str]) -> int:
    process.terminate()
    try:
        return process.wait(SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
    finally:
        if process.stdout is not None:
            process.stdout.close()


def _read(log: IO[str]) -> str:
    log.seek(0)
    return log.read().strip() or "(nothing)"
