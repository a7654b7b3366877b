"""The types of the admin API; openapi.yaml describes each field."""

from __future__ import annotations

from typing import Any, Literal, TypedDict, Union

Json = Any
"""Any JSON value."""

ResetScope = Literal["state", "requests", "faults", "clock"]
"""A part of a namespace that can be reset separately."""

Duration = Union[str, int]
"""A duration: a string such as ``1h 30m``, or a number of milliseconds."""


class Pattern(TypedDict, total=False):
    """A condition for requests, with WireMock-compatible syntax; an empty pattern matches all requests."""

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
    """The status of the response, or a class such as ``4xx``; only for searches."""
    since: str
    """The earliest time, inclusive, on the virtual clock; only for searches."""
    until: str
    """The latest time, exclusive, on the virtual clock; only for searches."""
    limit: int
    """The maximum number of requests; the latest ones are returned; only for searches."""


Schedule = TypedDict(
    "Schedule",
    {
        "times": int,
        "after": int,
        "every": int,
        "probability": float,
        "until": str,
        "for": Duration,
    },
    total=False,
)
"""A selection of the requests that match a fault; an empty schedule selects all of them."""


Fault = TypedDict(
    "Fault",
    {
        "id": str,
        "match": Pattern,
        "effect": dict[str, Json],
        "schedule": Schedule,
        "matched": int,
        "injected": int,
    },
    total=False,
)
"""A fault of a namespace.

``matched`` is the number of matching requests, ``injected`` the number of requests that the fault was injected into.
"""


class Clock(TypedDict):
    """The mode and the current time of the virtual clock."""

    mode: Literal["system", "frozen", "stepping"]
    now: str
    step: str | None
    """The duration by which each request advances the clock; none unless the mode is ``stepping``."""


class RecordedRequest(TypedDict):
    """A received request."""

    url: str
    """The path with its query, without the namespace prefix."""
    absoluteUrl: str
    method: str
    headers: dict[str, str]
    body: str
    bodyAsBase64: str
    bodyBytes: int
    loggedDate: int
    loggedDateString: str


class RecordedResponse(TypedDict):
    """A response that was sent."""

    status: int
    headers: dict[str, str]
    body: str
    bodyBytes: int


class Exchange(TypedDict):
    """A request with its response."""

    id: str
    namespace: str
    dialect: str
    operation: str | None
    request: RecordedRequest
    response: RecordedResponse | None
    """None if a fault closed the connection instead."""
    wasMatched: bool
    """Whether an operation has the method and path, or a fallback server has sent the response."""
    fallback: str | None
    """The URL of the fallback server that sent the response; none if the mock server did."""
    rule: str | None
    """The id of the rule that rejected the request; none if it was not rejected."""
    reason: str | None
    """The reason of an error response, or of a missing one, in words; none for a success."""
    faults: list[str]
    timing: dict[str, float]


class Rule(TypedDict):
    """A rule with its evidence."""

    id: str
    status: int
    code: str
    message: str
    description: str
    remediation: str
    evidence: Literal["vendor-doc", "spec", "observed", "client", "assumed"]
    source: str


class ReceivedValue(TypedDict):
    """A value of the request that a rule rejected."""

    path: str
    reason: str
    value: Json


class Suggestion(TypedDict):
    """An operation that is similar to a request without an operation."""

    operation: str
    method: str
    path: str
    difference: str


class UnmatchedExchange(Exchange):
    """An exchange whose request has no operation."""

    suggestions: list[Suggestion]


class Explanation(TypedDict):
    """An explanation of the response to a request."""

    exchange: Exchange
    summary: str
    rule: Rule | None
    """The rule that rejected the request; none if it was not rejected."""
    received: list[ReceivedValue]
    remediation: str | None
    suggestions: list[Suggestion]
