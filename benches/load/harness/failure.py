"""Why a run ends early, or a peer is left out."""


class Failure(Exception):
    """Something that whoever runs the harness has to know or to mend."""


class Unavailable(Exception):
    """A peer that cannot be installed here."""
