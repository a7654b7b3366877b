"""Access groups of accounts and zones with major version 3 of the client, whose lists have no parameters."""

import cloudflare
import pytest

ACCOUNT = {"account_id": "023e105f4ecef8ad9ca31a8372d0c353"}
ZONE = {"zone_id": "9a7806061c88ada191ed06f989cc3dac"}
EVERYONE = [{"everyone": {}}]


@pytest.mark.parametrize("owner", [ACCOUNT, ZONE], ids=["account", "zone"])
def test_a_group_is_created_listed_read_replaced_and_deleted(client, owner):
    groups = client.zero_trust.access.groups

    created = groups.create(**owner, name="devs", include=[{"email_domain": {"domain": "example.com"}}])
    assert created.name == "devs"
    assert groups.get(created.id, **owner).to_dict() == created.to_dict()
    assert [group.id for group in groups.list(**owner)] == [created.id]
    replaced = groups.update(created.id, **owner, name="renamed", include=EVERYONE)
    assert (replaced.id, replaced.name) == (created.id, "renamed")
    assert groups.delete(created.id, **owner).id == created.id
    with pytest.raises(cloudflare.NotFoundError) as error:
        groups.get(created.id, **owner)
    assert error.value.errors


def test_invalid_input_is_a_bad_request(client):
    with pytest.raises(cloudflare.BadRequestError):
        client.zero_trust.access.groups.create(**ACCOUNT, name="", include=[])
