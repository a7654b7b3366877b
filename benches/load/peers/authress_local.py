"""authress-local: the local server of Authress."""

from pathlib import Path

from harness.errors import PeerUnavailable
from harness.peer import Peer


class AuthressLocal(Peer):
    name = "authress-local"
    version = "unreleased"

    def install(self, folder: Path) -> None:
        raise PeerUnavailable("not in any package registry")
