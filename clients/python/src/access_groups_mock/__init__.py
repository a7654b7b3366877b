"""Runs access-groups-mock from Python: a local, stateful mock server for the access-group APIs of four vendors."""

from ._admin import Admin, AdminError, VerificationError
from ._binary import BinaryNotFound, find_binary
from ._server import Mock, Namespace, Server, StartError, Urls, connect, start
from ._types import (
    Clock,
    Duration,
    Exchange,
    Explanation,
    Fault,
    Pattern,
    ReceivedValue,
    ResetScope,
    Rule,
    Schedule,
    Suggestion,
    UnmatchedExchange,
)

__all__ = [
    "Admin",
    "AdminError",
    "BinaryNotFound",
    "Clock",
    "Duration",
    "Exchange",
    "Explanation",
    "Fault",
    "Mock",
    "Namespace",
    "Pattern",
    "ReceivedValue",
    "ResetScope",
    "Rule",
    "Schedule",
    "Server",
    "StartError",
    "Suggestion",
    "UnmatchedExchange",
    "Urls",
    "VerificationError",
    "connect",
    "find_binary",
    "start",
]
