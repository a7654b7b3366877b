"""A namespace of the server under test."""

import http.client
import json
import urllib.error
import urllib.parse
import urllib.request

# Distinguishes the requests of the tests from those of a provider.
USER_AGENT = "sdk-tests"


class Namespace:
    """A namespace, which to a client looks like a separate server."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> tuple[int, dict]:
        """Sends a GET as the account owner, and returns the status and body of the response."""
        try:
            with self._open("GET", path) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def delete(self, path: str) -> None:
        """Sends a DELETE as the account owner."""
        self._open("DELETE", path).close()

    def unmatched(self) -> list[str]:
        """Returns the requests that no operation matched."""
        return [json.dumps(request) for request in self._journal("requests/unmatched")]

    def called_operations(self) -> set[str]:
        """Returns the operations that were called by other clients than this object, by id in openapi.yaml."""
        return {
            entry["operation"]
            for entry in self._journal("requests")
            if entry["operation"] and entry["request"]["headers"].get("user-agent") != USER_AGENT
        }

    def _journal(self, path: str) -> list[dict]:
        with urllib.request.urlopen(f"{self.url}/__admin/{path}", timeout=10) as response:
            return json.load(response)["requests"]

    def _open(self, method: str, path: str) -> http.client.HTTPResponse:
        headers = {"Authorization": f"Bearer {self._token()}", "User-Agent": USER_AGENT}
        request = urllib.request.Request(self.url + path, headers=headers, method=method)
        return urllib.request.urlopen(request, timeout=10)

    def _token(self) -> str:
        form = {"grant_type": "urn:ibm:params:oauth:grant-type:apikey", "apikey": "key"}
        body = urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(f"{self.url}/identity/token", body, {"User-Agent": USER_AGENT})
        with urllib.request.urlopen(request, timeout=10) as response:
            return json.load(response)["access_token"]
