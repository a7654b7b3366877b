"""The shapes of the admin API that tests write and read; openapi.yaml describes each member."""

from __future__ import annotations

from typing import Any, Literal, TypedDict, Union

Json = Any
"""Any JSON value."""

Part = Literal["state", "requests", "faults", "clock"]
"""A part of a mock that can be reset for itself."""

Span = Union[str, int]
"""A length of time: a text such as ``1h 30m``, or a number of milliseconds."""


class Pattern(TypedDict, total=False):
    """Which requests are meant, in WireMock's words; an empty pattern means all."""

    dialect: Literal["cloudflare", "ibm", "authress", "legacy"]
    operation: str
    namespace: str
    method: str
    url: str
    urlPattern: str
    urlPath: str
    urlPathPattern: str
    queryParameters: dict[str, dict[str, Json]]
    headers: dict[str, dict[str, Json]]
    bodyPatterns: list[dict[str, Json]]
    status: int | str
    """The status of the answer, or a class such as ``4xx``; only when requests are searched."""
    since: str
    """From this time on, on the mock's clock; only when requests are searched."""
    until: str
    """Before this time, on the mock's clock; only when requests are searched."""
    limit: int
    """Only the latest so many; only when requests are searched."""


Schedule = TypedDict(
    "Schedule",
    {
        "times": int,
        "after": int,
        "every": int,
        "probability": float,
        "until": str,
        "for": Span,
    },
    total=False,
)
"""When a fault strikes; always when it is empty."""


Fault = TypedDict(
    "Fault",
    {
        "id": str,
        "match": Pattern,
        "effect": dict[str, Json],
        "schedule": Schedule,
        "seen": int,
        "struck": int,
    },
    total=False,
)
"""A fault as the server has it; ``seen`` counts the requests it was for, ``struck`` those it hit."""


class Clock(TypedDict):
    """How the clock runs: ``system``, ``frozen`` or ``stepping``, and its present time."""

    mode: Literal["system", "frozen", "stepping"]
    now: str
    step: str | None


class RecordedRequest(TypedDict):
    """A request as it came; ``url`` is the path with its query, without the prefix of the namespace."""

    url: str
    absoluteUrl: str
    method: str
    headers: dict[str, str]
    body: str
    bodyAsBase64: str
    bodyBytes: int
    loggedDate: int
    loggedDateString: str


class RecordedResponse(TypedDict):
    """An answer as it was sent."""

    status: int
    headers: dict[str, str]
    body: str
    bodyBytes: int


class Exchange(TypedDict):
    """A request and its answer; ``response`` is none where a fault ended the connection instead."""

    id: str
    namespace: str
    dialect: str
    operation: str | None
    request: RecordedRequest
    response: RecordedResponse | None
    wasMatched: bool
    rule: str | None
    faults: list[str]
    timing: dict[str, float]


class Explanation(TypedDict):
    """Why a request was answered as it was."""

    exchange: Exchange
    summary: str
    rule: dict[str, Json] | None
    got: list[dict[str, Json]]
    remedy: str | None
    nearest: list[dict[str, Json]]
