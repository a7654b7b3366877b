"""Tests with Cloudflare's official SDK (`pip install cloudflare`)."""

import pytest
from cloudflare import Cloudflare, InternalServerError

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"


@pytest.fixture
def client(access_groups_namespace):
    return Cloudflare(base_url=access_groups_namespace.urls.cloudflare, api_token="any", max_retries=0)


def test_group_is_created_and_listed(client, access_groups_namespace):
    client.zero_trust.access.groups.create(account_id=ACCOUNT, name="Admins", include=[{"everyone": {}}])

    assert [group.name for group in client.zero_trust.access.groups.list(account_id=ACCOUNT)] == ["Admins"]
    access_groups_namespace.admin.verify({"operation": "cloudflare_create_access_group"}, count=1)


def test_client_raises_an_error_during_an_outage(client, access_groups_namespace):
    access_groups_namespace.admin.fault({"type": "status", "status": 503}, schedule={"times": 1})

    with pytest.raises(InternalServerError):
        list(client.zero_trust.access.groups.list(account_id=ACCOUNT))
    assert list(client.zero_trust.access.groups.list(account_id=ACCOUNT)) == []
