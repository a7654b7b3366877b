"""Resource groups and permission groups."""

import cloudflare
import pytest

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
SCOPE = {"key": f"com.cloudflare.api.account.{ACCOUNT}", "objects": [{"key": "*"}]}


def test_a_resource_group_is_created_read_updated_and_deleted(client):
    groups = client.iam.resource_groups

    created = groups.create(account_id=ACCOUNT, name="zones", scope=SCOPE)
    read = groups.get(created.id, account_id=ACCOUNT)
    assert read.id == created.id
    assert groups.update(created.id, account_id=ACCOUNT, name="renamed").id == created.id
    assert groups.get(created.id, account_id=ACCOUNT).name == "renamed"
    assert groups.delete(created.id, account_id=ACCOUNT).id == created.id
    with pytest.raises(cloudflare.NotFoundError):
        groups.get(created.id, account_id=ACCOUNT)


def test_resource_groups_are_listed_with_the_predefined_one_first(client):
    groups = client.iam.resource_groups
    for number in range(4):
        groups.create(account_id=ACCOUNT, name=f"zones {number}", scope=SCOPE)

    listed = list(groups.list(account_id=ACCOUNT))
    assert [group.name for group in listed] == [
        f"com.cloudflare.api.account.{ACCOUNT}", "zones 0", "zones 1", "zones 2", "zones 3",
    ]
    assert [group.name for group in groups.list(account_id=ACCOUNT, name="zones 2")] == ["zones 2"]


def test_the_predefined_resource_group_cannot_be_deleted(client):
    groups = client.iam.resource_groups
    predefined = next(iter(groups.list(account_id=ACCOUNT)))

    with pytest.raises(cloudflare.UnprocessableEntityError) as error:
        groups.delete(predefined.id, account_id=ACCOUNT)
    assert error.value.status_code == 422


def test_permission_groups_are_paginated_filtered_and_read(client):
    groups = client.iam.permission_groups

    everything = list(groups.list(account_id=ACCOUNT))
    assert len({group.id for group in everything}) == len(everything) > 3
    page = groups.list(account_id=ACCOUNT, per_page=2, page=2)
    assert [group.id for group in page.result] == [group.id for group in everything[2:4]]
    wanted = everything[1]
    assert [group.id for group in groups.list(account_id=ACCOUNT, name=wanted.name)] == [wanted.id]
    assert groups.get(wanted.id, account_id=ACCOUNT).name == wanted.name


def test_an_unknown_permission_group_is_not_found(client):
    with pytest.raises(cloudflare.NotFoundError):
        client.iam.permission_groups.get("0" * 32, account_id=ACCOUNT)
