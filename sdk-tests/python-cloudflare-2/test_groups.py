"""Access groups with the dynamic client of 2019 and with its command cli4."""

import json
import os
import subprocess
import sys
from pathlib import Path

import CloudFlare
import pytest
import requests

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
ZONE = "9a7806061c88ada191ed06f989cc3dac"
DEVS = {"name": "devs", "include": [{"everyone": {}}]}
RENAMED = {"name": "renamed", "include": [{"everyone": {}}]}


@pytest.fixture
def client(namespace):
    """Returns a client of the namespace."""
    return CloudFlare.CloudFlare(base_url=f"{namespace.url}/client/v4", token="any")


@pytest.fixture
def cli4(namespace):
    """Returns a function that runs cli4."""
    env = os.environ | {"CLOUDFLARE_API_URL": f"{namespace.url}/client/v4", "CLOUDFLARE_API_TOKEN": "any"}
    program = Path(sys.executable).with_name("cli4")

    def run(*arguments):
        return subprocess.run([program, *arguments], env=env, capture_output=True, text=True, timeout=60)

    return run


@pytest.mark.parametrize("owner, identifier", [("accounts", ACCOUNT), ("zones", ZONE)])
def test_a_group_is_created_listed_read_replaced_and_deleted(client, owner, identifier):
    groups = getattr(client, owner).access.groups

    created = groups.post(identifier, data=DEVS)
    assert groups.get(identifier, created["id"]) == created
    assert groups.put(identifier, created["id"], data=RENAMED)["name"] == "renamed"
    assert [group["name"] for group in groups.get(identifier)] == ["renamed"]
    assert groups.delete(identifier, created["id"])["id"] == created["id"]
    assert groups.get(identifier) == []


def test_an_error_has_the_code_of_the_vendor(client):
    with pytest.raises(CloudFlare.exceptions.CloudFlareAPIError) as error:
        client.accounts.access.groups.get(ACCOUNT, "00000000-0000-0000-0000-000000000000")

    assert int(error.value) == 12152
    assert str(error.value) == "access.api.error.unknown_group"


def test_a_503_is_not_retried(client, namespace):
    namespace.fault("cloudflare_list_access_groups", {"type": "status", "status": 503})

    # The client raises the error of its HTTP library.
    with pytest.raises(requests.exceptions.HTTPError):
        client.accounts.access.groups.get(ACCOUNT)

    assert namespace.requests("cloudflare_list_access_groups") == 1


def test_cli4_creates_and_lists_groups(cli4):
    created = cli4("--post", f"name={DEVS['name']}", 'include=[{"everyone":{}}]', f"/accounts/:{ACCOUNT}/access/groups")
    assert created.returncode == 0, created.stderr

    listed = json.loads(cli4("--get", f"/accounts/:{ACCOUNT}/access/groups").stdout)
    assert [group["name"] for group in listed] == ["devs"]


def test_cli4_reports_an_error(cli4):
    done = cli4("--get", f"/accounts/:{ACCOUNT}/access/groups/:00000000-0000-0000-0000-000000000000")

    assert done.returncode != 0
    assert "12152" in done.stderr


def test_accounts_and_zones_are_listed(client):
    client.accounts.access.groups.post(ACCOUNT, data=DEVS)
    client.zones.access.groups.post(ZONE, data=DEVS)

    assert [account["id"] for account in client.accounts.get()] == [ACCOUNT]
    assert [zone["id"] for zone in client.zones.get()] == [ZONE]
