"""Runs access-groups-mock from Python: a local, stateful mock of the access-group APIs of four vendors."""

from ._admin import Admin, AdminError, VerificationError
from ._binary import BinaryNotFound, find_binary
from ._server import Mock, Namespace, Server, StartError, Urls, connect, start
from ._types import Clock, Exchange, Explanation, Fault, Pattern, Schedule

__all__ = [
    "Admin",
    "AdminError",
    "BinaryNotFound",
    "Clock",
    "Exchange",
    "Explanation",
    "Fault",
    "Mock",
    "Namespace",
    "Pattern",
    "Schedule",
    "Server",
    "StartError",
    "Urls",
    "VerificationError",
    "connect",
    "find_binary",
    "start",
]
