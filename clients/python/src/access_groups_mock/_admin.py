"""The client of the admin API, with a typed method for each operation that tests use."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Literal, cast
from urllib.parse import quote, urlsplit

from ._types import (
    Clock,
    Duration,
    Exchange,
    Explanation,
    Fault,
    Json,
    Pattern,
    ResetScope,
    Schedule,
    UnmatchedExchange,
)

MAX_BODY_LENGTH = 400
"""The maximum length of a body in a transcript, in characters."""

REQUEST_TIMEOUT_SECONDS = 30
"""The timeout of a request to the admin API."""


class AdminError(Exception):
    """The admin API rejected a request, or the server could not be reached."""

    def __init__(self, detail: str, status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class VerificationError(AdminError, AssertionError):
    """The received requests do not match the expectation; the message lists what was received instead."""


class Admin:
    """A client of the admin API for one namespace of a server."""

    def __init__(self, url: str, *, token: str | None = None, diagnose: Callable[[], str] = str) -> None:
        """Creates a client for the mock at ``url``.

        ``token`` is the value of ``--admin-token``; by default that of the environment variable ``AGM_ADMIN_TOKEN``.
        ``diagnose`` returns details for the error message when the server cannot be reached.
        """
        self.url = url
        self._token = token or os.environ.get("AGM_ADMIN_TOKEN")
        self._diagnose = diagnose

    def reset(self, *scopes: ResetScope) -> None:
        """Resets the namespace to its initial state, or only the given scopes."""
        self.call("POST", "/reset" + (f"?scope={','.join(scopes)}" if scopes else ""))

    def state(self) -> dict[str, Json]:
        """Returns the complete state as a seed."""
        return cast("dict[str, Json]", self.call("GET", "/state"))

    def seed(self, seed: Mapping[str, Json] | str | os.PathLike[str]) -> None:
        """Replaces all records with a seed, the seed in a file, or the result of `state`."""
        body = seed if isinstance(seed, Mapping) else json.loads(Path(seed).read_text("utf-8"))
        self.call("PUT", "/state", body)

    def record(self, dialect: str, kind: str, id: str, account: str | None = None) -> dict[str, Json]:
        """Returns one record in the format of a seed, such as an ``access_group`` of ``ibm``.

        ``account`` is needed only if several accounts have a record with this id.
        """
        path = "/".join(quote(part, safe="") for part in (dialect, kind, id))
        query = f"?account={quote(account, safe='')}" if account else ""
        return cast("dict[str, Json]", self.call("GET", f"/records/{path}{query}")["record"])

    def snapshot(self, name: str) -> None:
        """Saves the current state as the snapshot ``name``."""
        self.call("POST", f"/snapshots/{quote(name, safe='')}")

    def restore(self, name: str) -> None:
        """Restores the snapshot ``name``."""
        self.call("POST", f"/snapshots/{quote(name, safe='')}/restore")

    def clock(self) -> Clock:
        """Returns the state of the virtual clock."""
        return cast(Clock, self.call("GET", "/clock"))

    def set_clock(
        self,
        *,
        mode: Literal["system", "frozen", "stepping"] | None = None,
        now: datetime | str | None = None,
        step: timedelta | Duration | None = None,
    ) -> Clock:
        """Changes the mode, time or step of the virtual clock, and returns its new state."""
        change = {"mode": mode, "now": _time(now), "step": _duration(step)}
        return cast(Clock, self.call("PUT", "/clock", _without_none(change)))

    def advance(self, duration: timedelta | Duration) -> Clock:
        """Advances the virtual clock, and returns its new state."""
        return cast(Clock, self.call("PUT", "/clock", {"advance": _duration(duration)}))

    def fidelity(self) -> Literal["documented", "live"]:
        """Returns whether responses follow the vendors' documents or their live services."""
        return cast(Literal["documented", "live"], self.call("GET", "/fidelity")["fidelity"])

    def set_fidelity(self, fidelity: Literal["documented", "live"]) -> None:
        """Sets whether responses follow the vendors' documents or their live services, until the next reset."""
        self.call("PUT", "/fidelity", {"fidelity": fidelity})

    def fault(
        self,
        effect: Mapping[str, Json] | None = None,
        *,
        match: Pattern | None = None,
        schedule: Schedule | None = None,
        preset: Literal["flaky", "outage", "slow"] | None = None,
        id: str | None = None,
    ) -> list[Fault]:
        """Adds a fault, or the faults of a preset, and returns the added faults.

        An example of an effect is ``{"type": "status", "status": 503}``. Without ``match`` the fault matches every
        request; without ``schedule`` it is injected into every matching request.
        """
        fault = {"id": id, "preset": preset, "match": match, "effect": effect, "schedule": schedule}
        return cast("list[Fault]", self.call("POST", "/faults", _without_none(fault))["faults"])

    def faults(self) -> list[Fault]:
        """Returns the faults with the numbers of matched requests and of injections."""
        return cast("list[Fault]", self.call("GET", "/faults")["faults"])

    def clear_faults(self) -> None:
        """Removes all faults."""
        self.call("DELETE", "/faults")

    def requests(self, pattern: Pattern | None = None) -> list[Exchange]:
        """Returns the matching requests with their responses, oldest first; all requests without a pattern."""
        return cast("list[Exchange]", self.call("POST", "/requests/find", pattern or {})["requests"])

    def unmatched(self) -> list[UnmatchedExchange]:
        """Returns the requests whose method and path belong to no operation, latest first."""
        return cast("list[UnmatchedExchange]", self.call("GET", "/requests/unmatched")["requests"])

    def count(self, pattern: Pattern | None = None) -> int:
        """Returns the number of matching requests."""
        return cast(int, self.call("POST", "/requests/count", pattern or {})["count"])

    def verify(
        self,
        pattern: Pattern | None = None,
        *,
        count: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
    ) -> int:
        """Verifies the number of matching requests, by default that it is at least one, and returns it.

        Raises `VerificationError`, an `AssertionError` whose message lists what was received instead.
        """
        times = _without_none({"count": count, "atLeast": at_least, "atMost": at_most})
        return cast(int, self.call("POST", "/requests/verify", {**(pattern or {}), **times})["count"])

    def explain(self, request: Exchange | str) -> Explanation:
        """Explains the response to a request, which is given as an exchange or as its ``X-Mock-Request-Id``."""
        request_id = request if isinstance(request, str) else request["id"]
        return cast(Explanation, self.call("GET", f"/requests/{quote(request_id, safe='')}/explain"))

    def metrics(self) -> str:
        """Returns the counters of the server, in all namespaces together, in the text format of Prometheus."""
        return self._request("GET", "/metrics")

    def transcript(self) -> str:
        """Returns all requests and responses as text, with shortened bodies and the rules that rejected requests."""
        return "\n".join(line for exchange in self.requests() for line in self._describe(exchange))

    def call(self, method: str, path: str, body: Json = None) -> Any:
        """Calls an operation of ``/__admin`` that has no method here, and returns the JSON of the response.

        Raises `AdminError` with the server's message.
        """
        response_body = self._request(method, path, body)
        return json.loads(response_body) if response_body else None

    def _request(self, method: str, path: str, body: Json = None) -> str:
        headers = {"X-Mock-Admin-Token": self._token} if self._token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        request_body = None if body is None else json.dumps(body)
        status, response_body = self._send(method, f"/__admin{path}", request_body, headers)
        if status < 300:
            return response_body
        error = VerificationError if status == 422 else AdminError
        raise error(_error_detail(response_body), status)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        base = urlsplit(self.url)
        connection_type = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
        # A new connection for each call is fast enough on a local machine, and can be used from any thread.
        connection = connection_type(base.hostname or "localhost", base.port, timeout=REQUEST_TIMEOUT_SECONDS)
        try:
            connection.request(method, base.path + path, body and body.encode(), headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            diagnosis = self._diagnose()
            raise AdminError(f"{method} {self.url}{path}: {error!r}{diagnosis}") from error
        finally:
            connection.close()

    def _describe(self, exchange: Exchange) -> Iterator[str]:
        request, response = exchange["request"], exchange["response"]
        status = response["status"] if response else "no response"
        yield f"{request['method']} {request['url']} -> {status}"
        if request["body"]:
            yield f"    request  {_shorten(request['body'])}"
        if response and response["body"]:
            yield f"    response {_shorten(response['body'])}"
        if exchange["faults"]:
            yield f"    faults   {', '.join(exchange['faults'])}"
        if exchange["rule"] or not exchange["wasMatched"]:
            yield f"    rule     {exchange['rule'] or 'none'}: {self.explain(exchange)['summary']}"


def _shorten(body: str) -> str:
    text = " ".join(body.split())
    return text if len(text) <= MAX_BODY_LENGTH else text[:MAX_BODY_LENGTH] + f"… ({len(text)} characters)"


def _error_detail(body: str) -> str:
    """Returns the details of an error response, or the body itself if it does not have the format of the admin API."""
    try:
        return "\n".join(error["detail"] for error in json.loads(body)["errors"])
    except (ValueError, KeyError, TypeError):
        return body


def _without_none(fields: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in fields.items() if value is not None}


def _time(time: datetime | str | None) -> str | None:
    # A datetime without a time zone is a local time, as elsewhere in Python.
    return time.astimezone().isoformat() if isinstance(time, datetime) else time


def _duration(duration: timedelta | Duration | None) -> Duration | None:
    return duration // timedelta(milliseconds=1) if isinstance(duration, timedelta) else duration
