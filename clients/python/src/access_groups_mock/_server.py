"""Starts servers, and provides the URLs of their namespaces."""

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

MAX_NAME_LENGTH = 128
"""The maximum length of a namespace name."""

STOP_TIMEOUT_SECONDS = 5
"""The time after which a server that does not stop is killed."""


class StartError(Exception):
    """The server did not become ready; the message contains its standard error."""


@dataclass(frozen=True)
class Urls:
    """The base URLs for the vendors' SDKs."""

    cloudflare: str
    ibm: str
    """For access groups, and for the token endpoint that the authenticator uses."""
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
        """Returns a new namespace of the same server, which is created from the seed on first use.

        Its name is the label, truncated if necessary, with a random suffix.
        """
        suffix = f"-{secrets.token_hex(4)}"
        name = re.sub(r"[^A-Za-z0-9._~:@+-]+", "-", label)[: MAX_NAME_LENGTH - len(suffix)] + suffix
        return Namespace(self, name)


class Namespace(Mock):
    """A namespace of a server; it is deleted at the end of a ``with`` block."""

    def __init__(self, parent: Mock, name: str) -> None:
        super().__init__(f"{parent.url}/ns/{name}", name=name, diagnose=parent._diagnose)
        self._parent = parent

    def delete(self) -> None:
        """Deletes the namespace; does nothing if it was never used."""
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
    """A server process; it stops at the end of a ``with`` block, and at the latest when this process exits."""

    def __init__(self, process: subprocess.Popen[str], log: IO[str], url: str) -> None:
        super().__init__(url, diagnose=self._exit_report)
        self.pid = process.pid
        self._process = process
        self._log = log
        atexit.register(self.stop)

    def stop(self) -> int:
        """Stops the server and returns its exit code; does nothing if it has already stopped."""
        atexit.unregister(self.stop)
        return _stop(self._process)

    def stderr(self) -> str:
        """Returns the standard error of the server."""
        return _read(self._log)

    def _exit_report(self) -> str:
        """Returns the exit code and standard error of the server; empty if it is still running."""
        try:
            # The connection fails shortly before the process has exited.
            code = self._process.wait(0.5)
        except subprocess.TimeoutExpired:
            return ""
        return f"\nthe server exited with code {code}. Its standard error:\n{self.stderr()}"

    def __enter__(self) -> Server:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def connect(url: str) -> Mock:
    """Returns a mock for a running server at ``url``; no request is sent."""
    return Mock(url)


def start(
    *args: str,
    seed: str | os.PathLike[str] | None = None,
    binary: str | os.PathLike[str] | None = None,
    timeout: float = 30,
) -> Server:
    """Starts a server on a free local port and returns it when it is ready.

    ``args`` are additional arguments of the server, such as ``"--explain"``; ``seed`` is the path of a seed file;
    ``binary`` is the path of the server binary, by default that of `find_binary`; ``timeout`` is in seconds.

    Raises `StartError` if the server exits or is not ready in time, and `BinaryNotFound`.
    """
    command = [os.fspath(binary or find_binary()), "--port", "0", *args]
    if seed is not None:
        command += ["--seed", os.fspath(seed)]
    # A file does not have to be read; a pipe that is not read would block the server when it is full.
    log = tempfile.TemporaryFile("a+", encoding="utf-8", errors="replace")
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, text=True, env=_environment()
    )
    line = _first_line(process, timeout)
    try:
        return Server(process, log, json.loads(line or "")["url"])
    except (ValueError, KeyError, TypeError):
        if line is None:
            reason = f"was not ready after {timeout} s"
        elif line:
            reason = f"printed this instead of the ready line: {line.rstrip()}"
        else:
            reason = f"exited with code {process.wait(STOP_TIMEOUT_SECONDS)}"
        _stop(process)
        raise StartError(f"{' '.join(command)}\n{reason}. Its standard error:\n{_read(log)}") from None


def _environment() -> dict[str, str]:
    """Returns the environment of a server that exits with this process, even if this process is killed."""
    # On Windows the server would monitor its standard input, which is closed.
    return {**os.environ, **({} if os.name == "nt" else {"AGM_EXIT_WITH_PARENT": "true"})}


def _first_line(process: subprocess.Popen[str], timeout: float) -> str | None:
    """Returns the first line of standard output; empty if it was closed before, none if the timeout expired."""
    output = process.stdout
    assert output is not None
    lines: list[str] = []
    reader = threading.Thread(target=lambda: lines.append(output.readline()), daemon=True)
    reader.start()
    reader.join(timeout)
    return lines[0] if lines else None


def _stop(process: subprocess.Popen[str]) -> int:
    process.terminate()
    try:
        return process.wait(STOP_TIMEOUT_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
    finally:
        if process.stdout is not None:
            process.stdout.close()


def _read(log: IO[str]) -> str:
    log.seek(0)
    return log.read().strip() or "(nothing)"
