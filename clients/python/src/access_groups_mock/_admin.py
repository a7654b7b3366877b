"""The admin client: typed calls for what the server's own API can do."""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Literal, cast
from urllib.parse import quote, urlsplit

from ._types import Clock, Exchange, Explanation, Fault, Json, Part, Pattern, Schedule, Span

LONGEST_BODY = 400
"""How much of a body a transcript shows, in characters."""


class AdminError(Exception):
    """A call of the admin API was refused, or did not reach the server."""

    def __init__(self, detail: str, status: int | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status


class VerificationError(AdminError, AssertionError):
    """Other requests came than were expected; the text shows which."""


class Admin:
    """Calls the admin API of one mock: of the whole server's default namespace, or of a namespace."""

    def __init__(self, url: str, *, token: str | None = None, diagnose: Callable[[], str] = str) -> None:
        """Makes a client of the mock at ``url``.

        ``token`` is what ``--admin-token`` asks for; the environment variable ``AGM_ADMIN_TOKEN`` when it is left out.
        ``diagnose`` says more when the server cannot be reached.
        """
        self.url = url
        self._token = token or os.environ.get("AGM_ADMIN_TOKEN")
        self._diagnose = diagnose

    def reset(self, *parts: Part) -> None:
        """Sets everything, or only these parts, back to how it began."""
        self.call("POST", "/reset" + (f"?scope={','.join(parts)}" if parts else ""))

    def state(self) -> dict[str, Json]:
        """Returns the whole state, as a seed that brings it back."""
        return cast("dict[str, Json]", self.call("GET", "/state"))

    def seed(self, seed: Mapping[str, Json] | str | os.PathLike[str]) -> None:
        """Puts a seed, or the seed in a file, or what `state` returned, in the place of all records."""
        body = seed if isinstance(seed, Mapping) else json.loads(Path(seed).read_text("utf-8"))
        self.call("PUT", "/state", body)

    def snapshot(self, name: str) -> None:
        """Keeps the present state under a name."""
        self.call("POST", f"/snapshots/{quote(name, safe='')}")

    def restore(self, name: str) -> None:
        """Puts the state that was kept under a name in the place of the present one."""
        self.call("POST", f"/snapshots/{quote(name, safe='')}/restore")

    def clock(self) -> Clock:
        """Returns how the clock runs."""
        return cast(Clock, self.call("GET", "/clock"))

    def set_clock(
        self,
        *,
        mode: Literal["system", "frozen", "stepping"] | None = None,
        now: datetime | str | None = None,
        step: timedelta | Span | None = None,
    ) -> Clock:
        """Freezes, sets or steps the clock; what is left out stays as it is."""
        given = {"mode": mode, "now": _time(now), "step": _span(step)}
        return cast(Clock, self.call("PUT", "/clock", _without_none(given)))

    def advance(self, span: timedelta | Span) -> Clock:
        """Lets the clock jump ahead."""
        return cast(Clock, self.call("PUT", "/clock", {"advance": _span(span)}))

    def fault(
        self,
        effect: Mapping[str, Json] | None = None,
        *,
        match: Pattern | None = None,
        schedule: Schedule | None = None,
        preset: Literal["flaky", "outage", "slow"] | None = None,
        id: str | None = None,
    ) -> list[Fault]:
        """Sets a fault, or the faults of a preset, and returns what was set.

        The effect is such as ``{"type": "status", "status": 503}``; without ``match`` it strikes every request, without
        ``schedule`` always.
        """
        given = {"id": id, "preset": preset, "match": match, "effect": effect, "schedule": schedule}
        return cast("list[Fault]", self.call("POST", "/faults", _without_none(given))["faults"])

    def faults(self) -> list[Fault]:
        """Returns the faults, and how often each has struck."""
        return cast("list[Fault]", self.call("GET", "/faults")["faults"])

    def clear_faults(self) -> None:
        """Removes all faults."""
        self.call("DELETE", "/faults")

    def requests(self, pattern: Pattern | None = None) -> list[Exchange]:
        """Returns the requests that fit, with their answers, the oldest first; all without a pattern."""
        return cast("list[Exchange]", self.call("POST", "/requests/find", pattern or {})["requests"])

    def unmatched(self) -> list[Exchange]:
        """Returns the requests whose method and path no vendor has, the latest first."""
        return cast("list[Exchange]", self.call("GET", "/requests/unmatched")["requests"])

    def count(self, pattern: Pattern | None = None) -> int:
        """Returns how many requests fit."""
        return cast(int, self.call("POST", "/requests/count", pattern or {})["count"])

    def verify(
        self,
        pattern: Pattern | None = None,
        *,
        count: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
    ) -> int:
        """Checks that as many requests came as expected, at least one when no number is given; returns how many.

        Raises `VerificationError`, an `AssertionError` whose text shows what came instead.
        """
        numbers = _without_none({"count": count, "atLeast": at_least, "atMost": at_most})
        return cast(int, self.call("POST", "/requests/verify", {**(pattern or {}), **numbers})["count"])

    def explain(self, request: Exchange | str) -> Explanation:
        """Explains why a request, or the one with this ``X-Mock-Request-Id``, was answered as it was."""
        request_id = request if isinstance(request, str) else request["id"]
        return cast(Explanation, self.call("GET", f"/requests/{quote(request_id, safe='')}/explain"))

    def transcript(self) -> str:
        """Returns all requests and answers as text for a person, bodies shortened, with why each was refused."""
        return "\n".join(line for exchange in self.requests() for line in self._lines(exchange))

    def call(self, method: str, path: str, body: Json = None) -> Any:
        """Calls ``/__admin`` below the mock's URL and returns the JSON of the answer: the way to all that has no method.

        Raises `AdminError` with the server's own words.
        """
        headers = {"X-Mock-Admin-Token": self._token} if self._token else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        text = None if body is None else json.dumps(body)
        status, answer = self._send(method, f"/__admin{path}", text, headers)
        if status < 300:
            return json.loads(answer) if answer else None
        failure = VerificationError if status == 422 else AdminError
        raise failure(_detail(answer), status)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> tuple[int, str]:
        base = urlsplit(self.url)
        kind = http.client.HTTPSConnection if base.scheme == "https" else http.client.HTTPConnection
        # A connection for each call: cheap on the same machine, and usable from any thread.
        connection = kind(base.hostname or "localhost", base.port, timeout=30)
        try:
            connection.request(method, base.path + path, body and body.encode(), headers)
            response = connection.getresponse()
            return response.status, response.read().decode()
        except (OSError, http.client.HTTPException) as error:
            more = self._diagnose()
            raise AdminError(f"{method} {self.url}{path}: {error!r}{more}") from error
        finally:
            connection.close()

    def _lines(self, exchange: Exchange) -> Iterator[str]:
        request, response = exchange["request"], exchange["response"]
        status = response["status"] if response else "no answer"
        yield f"{request['method']} {request['url']} -> {status}"
        if request["body"]:
            yield f"    sent     {_shortened(request['body'])}"
        if response and response["body"]:
            yield f"    answered {_shortened(response['body'])}"
        if exchange["faults"]:
            yield f"    faults   {', '.join(exchange['faults'])}"
        if exchange["rule"] or not exchange["wasMatched"]:
            yield f"    rule     {exchange['rule'] or 'none'}: {self.explain(exchange)['summary']}"


def _shortened(body: str) -> str:
    text = " ".join(body.split())
    return text if len(text) <= LONGEST_BODY else text[:LONGEST_BODY] + f"… ({len(text)} characters)"


def _detail(answer: str) -> str:
    """Returns the text of a refusal; what is not in the admin API's shape as it is."""
    try:
        return "\n".join(error["detail"] for error in json.loads(answer)["errors"])
    except (ValueError, KeyError, TypeError):
        return answer


def _without_none(members: dict[str, Json]) -> dict[str, Json]:
    return {name: value for name, value in members.items() if value is not None}


def _time(time: datetime | str | None) -> str | None:
    # A time without a zone is one of this machine, as everywhere in Python.
    return time.astimezone().isoformat() if isinstance(time, datetime) else time


def _span(span: timedelta | Span | None) -> Span | None:
    return span // timedelta(milliseconds=1) if isinstance(span, timedelta) else span

