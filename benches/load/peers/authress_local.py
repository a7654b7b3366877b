"""authress-local: Authress' own local server."""

from pathlib import Path

from harness.failure import Unavailable
from harness.peer import Peer


class AuthressLocal(Peer):
    name = "authress-local"
    version = "unreleased"

    def install(self, folder: Path) -> None:
        raise Unavailable("no package registry has it")
