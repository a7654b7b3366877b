"""Resource groups and permission groups with major version 4 of the client.

It parses the envelope of a single object as the object itself, so that the object is in `result`.
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


def test_a_resource_group_is_created_read_updated_and_deleted(lenient):
    groups = lenient.iam.resource_groups

    created = groups.create(account_id=ACCOUNT, name="zones", scope=SCOPE).result
    assert groups.get(created["id"], account_id=ACCOUNT).result["id"] == created["id"]
    assert groups.update(created["id"], account_id=ACCOUNT, name="renamed").result["name"] == "renamed"
    assert groups.delete(created["id"], account_id=ACCOUNT).id == created["id"]
    with pytest.raises(cloudflare.NotFoundError):
        groups.get(created["id"], account_id=ACCOUNT)


def test_resource_groups_are_paginated(client, lenient):
    for number in range(4):
        lenient.iam.resource_groups.create(account_id=ACCOUNT, name=f"zones {number}", scope=SCOPE)

    listed = list(client.iam.resource_groups.list(account_id=ACCOUNT, per_page=2))

    assert [group.name for group in listed] == [
        f"com.cloudflare.api.account.{ACCOUNT}", "zones 0", "zones 1", "zones 2", "zones 3",
    ]
    assert listed[1].scope[0].objects[0].key == "*"


def test_the_predefined_resource_group_cannot_be_deleted(client):
    predefined = next(iter(client.iam.resource_groups.list(account_id=ACCOUNT)))

    with pytest.raises(cloudflare.UnprocessableEntityError):
        client.iam.resource_groups.delete(predefined.id, account_id=ACCOUNT)


def test_permission_groups_are_paginated_and_read(client, lenient):
    page = client.iam.permission_groups.list(account_id=ACCOUNT, per_page=2)
    first, second, third, *_ = page

    read = lenient.iam.permission_groups.get(second.id, account_id=ACCOUNT)
    assert read.result["name"] == second.name
    assert third.id not in (first.id, second.id)
