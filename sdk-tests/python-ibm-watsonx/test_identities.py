"""Access groups, their members, and the resources that can be members, through the objects of the client."""

import json

import pytest
from conftest import ACCOUNT
from ibm_watsonx_data_integration.common.exceptions import IbmCloudApiException


def create(api, name):
    """Creates a service id or a trusted profile, which the client can only list."""
    body = json.dumps({"account_id": ACCOUNT, "name": name})
    return api.post(f"{api.base_url}/{api.url_path}", data=body).json()


def add_user(group, iam_id):
    """Adds a user by its IAM id, because the client can only add users that it has read."""
    body = json.dumps({"members": [{"iam_id": iam_id, "type": "user"}]})
    group._platform._access_group_api.add_members(group.id, body)


def names(collection):
    return sorted(item.name for item in collection)


def test_groups_are_created_read_updated_and_deleted(platform, group):
    assert (group.name, group.description) == ("Team", "Before")
    group.name, group.description = "Renamed", "After"
    platform.update_access_group(group)

    read = platform.access_groups.get(access_group_id=group.id)
    assert (read.name, read.description) == ("Renamed", "After")
    platform.delete_access_group(group)
    assert names(platform.access_groups) == ["Public Access"]


def test_a_group_is_created_without_a_description(platform):
    assert platform.create_access_group("Plain").description == ""


def test_groups_are_paged(platform):
    expected = sorted([*(f"g{number}" for number in range(5)), "Public Access"])
    for name in expected[1:]:
        platform.create_access_group(name)

    assert names(platform.access_groups.get_all(limit=2)) == expected
    assert len(platform.access_groups) == 6


def test_members_of_each_kind_are_added_listed_checked_and_removed(platform, group):
    add_user(group, "IBMid-1")
    create(platform._service_id_api, "bot")
    create(platform._trusted_profile_api, "profile")
    [user], [bot], [profile] = platform.users, platform.service_ids, platform.trusted_profiles

    group.add_members_to_access_group([bot, profile])

    members = [user.iam_id, bot.iam_id, profile.iam_id]
    assert [member.iam_id for member in group.get_access_group_members()] == members
    assert group.check_membership(profile)
    group.remove_members_from_access_group([bot, profile])
    assert [member.iam_id for member in group.get_access_group_members()] == [user.iam_id]
    assert not group.check_membership(profile)


def test_a_member_is_added_to_several_groups_and_removed_from_all(platform, group):
    other = platform.create_access_group("Other")
    create(platform._service_id_api, "bot")
    [bot] = platform.service_ids

    platform.add_member_to_multiple_access_groups(bot, [group, other])
    assert [group.check_membership(bot), other.check_membership(bot)] == [True, True]
    platform.remove_member_from_all_access_groups(bot)
    assert [group.check_membership(bot), other.check_membership(bot)] == [False, False]


def test_users_are_paged_and_read(platform, group):
    iam_ids = [f"IBMid-{number}" for number in range(5)]
    for iam_id in iam_ids:
        add_user(group, iam_id)

    assert [user.iam_id for user in platform.users.get_all(limit=2)] == iam_ids
    assert len(platform.users) == 5
    assert platform.users.get(iam_id="IBMid-3").iam_id == "IBMid-3"


@pytest.mark.parametrize("collection, api", [("service_ids", "_service_id_api"), ("trusted_profiles", "_trusted_profile_api")])
def test_service_ids_and_profiles_are_paged(platform, collection, api):
    for number in range(3):
        create(getattr(platform, api), f"i{number}")

    assert names(getattr(platform, collection).get_all(pagesize=1)) == ["i0", "i1", "i2"]
    assert names(getattr(platform, collection)) == ["i0", "i1", "i2"]


def test_roles_are_listed(platform):
    assert "Viewer" in [role.display_name for role in platform.roles]
    assert len(platform.roles) == len(list(platform.roles))


def test_an_error_has_the_message_of_the_service(platform, group):
    platform.delete_access_group(group)

    with pytest.raises(IbmCloudApiException) as error:
        platform.delete_access_group(group)

    assert error.value.response.status_code == 404
