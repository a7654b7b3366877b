"""The errors that end a run or skip a peer."""


class HarnessError(Exception):
    """An error that ends the run."""


class PeerUnavailable(Exception):
    """The peer cannot be installed on this machine."""
