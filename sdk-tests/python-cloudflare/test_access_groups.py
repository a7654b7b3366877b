"""Access groups of accounts and zones."""

import cloudflare
import pytest

ACCOUNT = {"account_id": "023e105f4ecef8ad9ca31a8372d0c353"}
ZONE = {"zone_id": "9a7806061c88ada191ed06f989cc3dac"}
EVERYONE = [{"everyone": {}}]

both = pytest.mark.parametrize("owner", [ACCOUNT, ZONE], ids=["account", "zone"])


@both
def test_a_group_is_created_read_replaced_and_deleted(client, owner):
    groups = client.zero_trust.access.groups

    created = groups.create(
        **owner,
        name="devs",
        include=[{"email_domain": {"domain": "example.com"}}],
        exclude=[{"geo": {"country_code": "US"}}],
        require=[{"ip": {"ip": "192.0.2.0/24"}}],
        is_default=True,
    )
    assert created.name == "devs"
    assert created.include[0].email_domain.domain == "example.com"
    assert created.exclude[0].geo.country_code == "US"
    assert created.require[0].ip.ip == "192.0.2.0/24"

    assert groups.get(created.id, **owner).to_dict() == created.to_dict()
    replaced = groups.update(created.id, **owner, name="renamed", include=EVERYONE)
    assert (replaced.id, replaced.name, replaced.exclude, replaced.require) == (created.id, "renamed", [], [])

    assert groups.delete(created.id, **owner).id == created.id
    with pytest.raises(cloudflare.NotFoundError) as error:
        groups.get(created.id, **owner)
    assert error.value.status_code == 404
    assert error.value.errors


@both
def test_groups_are_listed_and_searched(client, owner):
    groups = client.zero_trust.access.groups
    for number in range(5):
        groups.create(**owner, name=f"team {number}", include=EVERYONE)

    assert [group.name for group in groups.list(**owner)] == [f"team {number}" for number in range(5)]
    assert [group.name for group in groups.list(**owner, name="team 3")] == ["team 3"]
    assert [group.name for group in groups.list(**owner, search="team 4")] == ["team 4"]


def test_pages_have_the_requested_size(client, is_v5):
    groups = client.zero_trust.access.groups
    for number in range(12):
        groups.create(**ACCOUNT, name=f"team {number}", include=EVERYONE)

    # The live service accepts only some sizes. Version 4 has no parameters for pagination, so its users pass them as additional query parameters.
    query = {"page": 2, "per_page": 5}
    page = groups.list(**ACCOUNT, **(query if is_v5 else {"extra_query": query}))

    second = [f"team {number}" for number in range(5, 10)]
    assert [group.name for group in page.result] == second
    # Version 4 treats the response as the only page.
    assert [group.name for group in page] == second + (["team 10", "team 11"] if is_v5 else [])


def test_groups_of_accounts_and_zones_are_separate(client):
    groups = client.zero_trust.access.groups
    created = groups.create(**ACCOUNT, name="mine", include=EVERYONE)

    assert list(groups.list(**ZONE)) == []
    with pytest.raises(cloudflare.NotFoundError):
        groups.get(created.id, **ZONE)


def test_invalid_input_is_a_bad_request_error(client):
    with pytest.raises(cloudflare.BadRequestError) as error:
        client.zero_trust.access.groups.create(**ACCOUNT, name="", include=[])
    assert error.value.status_code == 400
    assert error.value.errors[0].message


def test_unknown_groups_are_not_found(client):
    groups = client.zero_trust.access.groups
    missing = "00000000-0000-0000-0000-000000000000"

    with pytest.raises(cloudflare.NotFoundError):
        groups.update(missing, **ACCOUNT, name="x", include=EVERYONE)
    with pytest.raises(cloudflare.NotFoundError):
        groups.delete(missing, **ACCOUNT)


def test_a_missing_credential_is_rejected(client):
    with pytest.raises(cloudflare.APIStatusError) as error:
        client.zero_trust.access.groups.list(**ACCOUNT, extra_headers={"Authorization": cloudflare.Omit()})
    assert error.value.status_code in (400, 401, 403)
