"""A pytest plugin: the fixture `namespace` is a separate namespace of the server for each test.

The server creates a namespace from its seed when the path prefix `/ns/NAME` is first used.
"""

import json
import os
import re
import urllib.request

import pytest


class Namespace:
    """The namespace of one test."""

    def __init__(self, name: str) -> None:
        self.url = f"{os.environ['MOCK_NAMESPACE_PREFIX']}.{name}"

    def fault(self, operation: str, effect: dict, **schedule: object) -> None:
        """Injects a fault into requests to `operation`."""
        self._post("faults", {"match": {"operation": operation}, "effect": effect, "schedule": schedule})

    def requests(self, operation: str) -> int:
        """Returns the number of received requests to `operation`."""
        return self._post("requests/count", {"operation": operation})["count"]

    def _post(self, route: str, body: dict) -> dict:
        data = json.dumps(body).encode()
        request = urllib.request.Request(f"{self.url}/__admin/{route}", data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)


@pytest.fixture
def namespace(request: pytest.FixtureRequest) -> Namespace:
    """Returns the namespace of the test."""
    return Namespace(re.sub(r"[^A-Za-z0-9._-]", "-", request.node.name)[:90])
