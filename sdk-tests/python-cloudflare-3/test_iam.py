"""Resource groups and permission groups with major version 3 of the client.

It has no parameter for the name of a resource group, and no types for lists and single objects.
"""

import cloudflare
import pytest
from cloudflare import Cloudflare

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
SCOPE = {"key": f"com.cloudflare.api.account.{ACCOUNT}", "objects": [{"key": "*"}]}


@pytest.fixture
def lenient(namespace):
    """Returns a client that does not validate responses against its models, which is the default."""
    with Cloudflare(base_url=f"{namespace.url}/client/v4", api_token="any") as it:
        yield it


def test_a_resource_group_is_created_listed_read_updated_and_deleted(lenient):
    groups = lenient.iam.resource_groups

    created = groups.create(account_id=ACCOUNT, scope=SCOPE, extra_body={"name": "zones"}).result
    assert groups.get(created["id"], account_id=ACCOUNT).result["id"] == created["id"]
    groups.update(created["id"], account_id=ACCOUNT, scope=SCOPE, extra_body={"name": "renamed"})
    names = [group["name"] for group in groups.list(account_id=ACCOUNT)]
    assert names == [f"com.cloudflare.api.account.{ACCOUNT}", "renamed"]
    groups.delete(created["id"], account_id=ACCOUNT)
    with pytest.raises(cloudflare.NotFoundError):
        groups.get(created["id"], account_id=ACCOUNT)


def test_permission_groups_are_paginated_and_read(lenient):
    listed = list(lenient.iam.permission_groups.list(account_id=ACCOUNT, per_page=2))

    assert len(listed) > 4
    read = lenient.iam.permission_groups.get(listed[3]["id"], account_id=ACCOUNT)
    assert read.result["name"] == listed[3]["name"]
