"""The ingestion of accounts, members, roles and zones, with a session of Neo4j that stores nothing.

The later stages read DNS records, buckets, workers and rulesets, which belong to APIs that are not emulated; a fallback
server has empty lists of them.
"""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest.mock import MagicMock

import pytest
from cartography.config import Config
from cartography.intel.cloudflare import accounts, members, roles, start_cloudflare_ingestion, zones
from cloudflare import Cloudflare, InternalServerError, PermissionDeniedError

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
ZONE = "9a7806061c88ada191ed06f989cc3dac"
# The port of the server's option --fallback, in client.toml.
FALLBACK_PORT = 14021
# A port of this machine at which nothing listens.
NOWHERE = "bolt://127.0.0.1:9"


class EmptyLists(BaseHTTPRequestHandler):
    """An account and a zone without DNS records, buckets, workers and rulesets."""

    def do_GET(self) -> None:
        result = {"buckets": []} if "/r2/buckets" in self.path else []
        body = json.dumps({"success": True, "errors": [], "messages": [], "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Logs nothing."""


@pytest.fixture
def client(namespace, monkeypatch):
    """Returns a client that is configured like that of the ingestion: by the environment and a token."""
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", f"{namespace.url}/client/v4")
    return Cloudflare(api_token="any")


@pytest.fixture
def ingest(client):
    """Returns a function that runs the ingestion, and returns the session, which has the rows that were written."""
    def run() -> MagicMock:
        session = MagicMock()
        # A cleanup repeats its deletion until nothing is updated any more.
        session.execute_write.return_value.counters.contains_updates = False
        start_cloudflare_ingestion(session, Config(neo4j_uri=NOWHERE, cloudflare_token="any", update_tag=1))
        return session

    return run


def test_accounts_are_read(client):
    [account] = accounts.get(client)

    assert (account["id"], account["name"], account["type"]) == (ACCOUNT, "Example", "standard")


def test_members_are_read_with_their_roles(client):
    [member] = members.transform_members(members.get(client, ACCOUNT))

    assert member["user"]["email"] == "ada@example.com"
    assert member["roles_ids"] == ["10515a9267294c2e8dd974332556a33b"]


def test_roles_are_read(client):
    assert "Administrator" in [role["name"] for role in roles.get(client, ACCOUNT)]


def test_zones_are_read(client):
    [zone] = zones.get(client, ACCOUNT)

    assert (zone["id"], zone["name"], zone["account"]["id"]) == (ZONE, "example.com", ACCOUNT)


def test_an_error_ends_the_ingestion(ingest, namespace):
    namespace.fault("cloudflare_list_accounts", {"type": "status", "status": 403})

    with pytest.raises(PermissionDeniedError):
        ingest()


def test_the_ingestion_ends_at_an_api_that_is_not_emulated(ingest, namespace):
    with pytest.raises(InternalServerError, match="fallback server"):
        ingest()

    assert namespace.requests("cloudflare_list_account_members") == 2
    assert namespace.requests("cloudflare_list_zones") == 2


def test_with_a_fallback_server_the_ingestion_is_complete(ingest):
    with ThreadingHTTPServer(("127.0.0.1", FALLBACK_PORT), EmptyLists) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        session = ingest()
        server.shutdown()

    rows = [
        row["id"] for call in session.execute_write.call_args_list
        for rows in [call.kwargs.get("DictList") or []] for row in rows if "id" in row
    ]
    assert {ACCOUNT, ZONE} <= set(rows)


def test_without_neo4j_the_program_ends_after_it_has_read_the_accounts(namespace):
    env = os.environ | {"CLOUDFLARE_BASE_URL": f"{namespace.url}/client/v4", "TOKEN": "any"}
    command = [Path(sys.executable).with_name("cartography"), "--neo4j-uri", NOWHERE, "--selected-modules",
               "cloudflare", "--cloudflare-token-env-var", "TOKEN"]

    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=120)

    assert done.returncode != 0
    assert "Couldn't connect to 127.0.0.1:9" in done.stderr, done.stderr[-2000:]
    assert namespace.requests("cloudflare_list_accounts") == 2
    assert namespace.requests("cloudflare_list_roles") == 0
