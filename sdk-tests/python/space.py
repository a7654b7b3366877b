"""A pytest plugin: `space` is a mock of its own for each test.

The prefix `/ns/NAME` makes one from the server's seed at its first use.
"""

import json
import os
import re
import urllib.request

import pytest


class Space:
    """One test's mock."""

    def __init__(self, name: str) -> None:
        self.url = f"{os.environ['MOCK_SPACE']}.{name}"

    def fault(self, operation: str, effect: dict, **schedule: object) -> None:
        """Lets requests to `operation` go wrong."""
        self._post("faults", {"match": {"operation": operation}, "effect": effect, "schedule": schedule})

    def requests(self, operation: str) -> int:
        """Returns how many requests to `operation` arrived."""
        return self._post("requests/count", {"operation": operation})["count"]

    def _post(self, route: str, body: dict) -> dict:
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/__admin/{route}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@pytest.fixture
def space(request: pytest.FixtureRequest) -> Space:
    """Returns a mock of the test's own."""
    return Space(re.sub(r"[^A-Za-z0-9._-]", "-", request.node.name)[:90])
