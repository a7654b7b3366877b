"""The interface of a peer: installation, start, and its requests for the common work."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from harness import paths
from harness.dialects import CREATED_AT, NEW_NAME, PAGE, body, cloudflare_group, numbers, uuid
from harness.errors import PeerUnavailable
from harness.request import Request
from harness.server import Program, Server

INSTALL_SECONDS = 900


@dataclass(frozen=True)
class Work:
    """The requests for the common work: a group by its id, a new group, a page of 50."""

    gets: list[Request]
    creates: list[Request]
    pages: list[Request]


class Peer:
    """Another server for the same purpose."""

    name = ""
    version = ""
    # Whether created groups can be read afterwards.
    keeps_state = True
    # Context for the results.
    note = ""

    def install(self, folder: Path) -> None:
        """Installs the peer into `folder`; raises `PeerUnavailable` if that fails."""
        raise NotImplementedError

    def program(self, folder: Path, groups: int) -> Program:
        """Returns the command that starts the peer with `groups` groups, or with none if `work` adds them."""
        raise NotImplementedError

    def work(self, server: Server, groups: int) -> Work:
        """Prepares the requests; first adds the groups if the peer cannot start with them."""
        raise NotImplementedError

    def count(self, server: Server) -> int | None:
        """Returns the number of groups, if the peer supports that."""
        return None

    def installed(self) -> Path:
        """Installs the peer unless it is already installed, and returns its folder."""
        folder = paths.PEERS / f"{self.name.lower().replace(' ', '-')}-{self.version}"
        done = folder / ".installed"
        if not done.exists():
            print(f"   installing {self.name} {self.version}", flush=True)
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            self.install(folder)
            done.touch()
        return folder


def example_group(number: int) -> dict:
    """Returns the group that all peers have, in the format of Cloudflare."""
    times = {"created_at": CREATED_AT, "updated_at": CREATED_AT}
    ids = {"id": uuid(number), "uid": uuid(number), "is_default": []}
    return ids | cloudflare_group(f"Editors of the house number {number}", number) | times


def example_groups(count: int) -> list[dict]:
    return [example_group(number) for number in range(1, count + 1)]


def groups_file(count: int) -> Path:
    """Writes a JSON list of `count` groups, and returns its path."""
    file = paths.scratch(f"groups-{count}.json")
    file.write_text(json.dumps(example_groups(count)))
    return file


def rest_work(path: str, groups: int, page: str = "page={page}&per_page={length}") -> Work:
    """Returns the work for a peer with ordinary REST paths."""
    full = max(1, groups // PAGE)
    query = [page.format(page=number + 1, length=PAGE) for number in range(full)]
    return Work(
        [Request("GET", f"{path}/{uuid(number)}") for number in numbers(groups)],
        [Request("POST", path, {"Content-Type": "application/json"}, body(cloudflare_group(NEW_NAME, 1)))],
        [Request("GET", f"{path}?{one}") for one in query],
    )


def npm(folder: Path, *packages: str) -> None:
    need("node", "Node.js 20")
    run([need("npm", "npm"), "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts",
         "--no-save", *packages])


def pip(folder: Path, *packages: str) -> None:
    run([sys.executable, "-m", "venv", str(folder / "venv")])
    run([str(folder / "venv/bin/pip"), "install", "--quiet", *packages])


def need(command: str, name: str) -> str:
    found = shutil.which(command)
    if found is None:
        raise PeerUnavailable(f"needs {name}")
    return found


def run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise PeerUnavailable(f"`{Path(command[0]).name}` took longer than {INSTALL_SECONDS} s") from None
    if done.returncode != 0:
        print(done.stdout[-3000:])
        raise PeerUnavailable(f"`{Path(command[0]).name}` failed to install it")
