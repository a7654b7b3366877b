"""The functions with which the ingestion reads accounts, members, roles and zones.

The other stages read DNS records, buckets, workers and rulesets, which belong to APIs that are not emulated, and what
is read is then written to a database, which the tests leave out.
"""

import pytest
from cartography.intel.cloudflare import accounts, members, roles, zones
from cloudflare import Cloudflare, PermissionDeniedError

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
ZONE = "9a7806061c88ada191ed06f989cc3dac"


@pytest.fixture
def client(namespace, monkeypatch):
    """Returns a client that is configured like that of the ingestion: by the environment and a token."""
    monkeypatch.setenv("CLOUDFLARE_BASE_URL", f"{namespace.url}/client/v4")
    return Cloudflare(api_token="any")


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


def test_an_error_ends_the_ingestion(client, namespace):
    namespace.fault("cloudflare_list_accounts", {"type": "status", "status": 403})

    with pytest.raises(PermissionDeniedError):
        accounts.get(client)
