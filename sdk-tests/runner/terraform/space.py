"""A namespace of the server under test."""

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request

# Tells the requests of the tests from those of a provider.
AGENT = "sdk-tests"


class Space:
    """A namespace: a server of its own, as far as a client can see."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> tuple[int, dict]:
        """Returns the status and the body of a GET as the account's owner."""
        try:
            with self._open("GET", path) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def delete(self, path: str) -> None:
        """Deletes what is at a path, as the account's owner."""
        self._open("DELETE", path).close()

    def unmatched(self) -> list[str]:
        """Returns the requests that no operation answers."""
        return [json.dumps(request) for request in self._journal("requests/unmatched")]

    def driven(self) -> set[str]:
        """Returns the operations that others than this object called, by their id in openapi.yaml."""
        return {
            entry["operation"]
            for entry in self._journal("requests")
            if entry["operation"] and entry["request"]["headers"].get("user-agent") != AGENT
        }

    def _journal(self, path: str) -> list[dict]:
        with urllib.request.urlopen(f"{self.url}/__admin/{path}", timeout=10) as answer:
            return json.load(answer)["requests"]

    def _open(self, method: str, path: str) -> http.client.HTTPResponse:
        headers = {"Authorization": f"Bearer {self._token()}", "User-Agent": AGENT}
        request = urllib.request.Request(self.url + path, headers=headers, method=method)
        return urllib.request.urlopen(request, timeout=10)

    def _token(self) -> str:
        form = {"grant_type": "urn:ibm:params:oauth:grant-type:apikey", "apikey": "key"}
        body = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(f"{self.url}/identity/token", body, {"User-Agent": AGENT})
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)["access_token"]
