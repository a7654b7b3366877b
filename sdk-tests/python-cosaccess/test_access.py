"""Access groups, their members, and policies for buckets."""

import pytest
from conftest import INSTANCE
from ibm_platform_services import ApiException


def names(frame):
    return sorted(frame["name"])


def add_users(manager, group, iam_ids):
    for iam_id in iam_ids:
        manager.add_member_to_access_group(access_group_id=group, user_id=iam_id)


def test_a_group_is_created_found_by_name_and_deleted(manager):
    created = manager.create_access_group("Team")

    assert manager.get_access_group_id("Team") == created
    assert manager.get_access_group_name(created) == "Team"
    manager.delete_access_group(access_group_name="Team")
    assert names(manager.get_access_groups()) == ["Public Access"]


def test_the_groups_of_all_pages_are_listed(manager):
    for number in range(105):
        manager.create_access_group(f"Team {number:03}")

    assert len(manager.get_access_groups()) == 106


def test_a_group_with_members_is_deleted_only_by_force(manager):
    group = manager.create_access_group("Team")
    add_users(manager, group, ["IBMid-1"])

    with pytest.raises(ApiException) as error:
        manager.delete_access_group(access_group_id=group)
    assert error.value.status_code == 409

    manager.delete_access_group(access_group_id=group, force=True)
    assert names(manager.get_access_groups()) == ["Public Access"]


def test_members_are_added_named_and_removed(manager):
    group = manager.create_access_group("Team")
    manager.create_service_id("bot")
    add_users(manager, group, ["IBMid-1"])
    manager.add_member_to_access_group(access_group_name="Team", service_id_name="bot")

    members = manager.get_access_group_members(access_group_id=group)

    assert list(members["type"]) == ["user", "service"]
    assert list(members["service_id_name"]) == ["", "bot"]
    manager.delete_member_from_access_group(access_group_id=group, service_id_name="bot")
    assert list(manager.get_access_group_members(access_group_id=group)["iam_id"]) == ["IBMid-1"]


# The client follows `next_url` as long as a page has one.
def test_the_users_of_all_pages_are_listed(manager):
    group = manager.create_access_group("Team")
    add_users(manager, group, [f"IBMid-{number}" for number in range(105)])

    users = manager.get_users()

    assert len(users) == 105
    name = users["user_id"][104]
    assert manager.get_user_iam_id(name) == "IBMid-104"
    assert name in manager.get_user_name("IBMid-104")


def test_a_service_id_is_created_read_and_deleted(manager):
    created = manager.create_service_id("bot")

    assert manager.get_service_id_details(service_id_name="bot")["id"] == created["id"]
    assert names(manager.get_service_ids()) == ["bot"]
    manager.delete_service_id(service_id_name="bot")
    with pytest.raises(ApiException) as error:
        manager.get_service_id_details(service_id=created["id"])
    assert error.value.status_code == 404


def test_access_to_a_bucket_is_granted_changed_listed_and_removed(manager):
    group = manager.create_access_group("Team")
    policy = manager.grant_bucket_access(["Writer"], "photos", prefixes=["2026/", "2027/"], access_group_name="Team")
    [attribute, *_] = manager.get_policy(policy)["resource"]["attributes"]
    assert attribute["value"] == INSTANCE

    manager.update_bucket_access(policy, ["Reader", "ObjectReader"], "photos", access_group_id=group)

    [row] = manager.get_policies_for_cos_bucket("photos").to_dict("records")
    assert (row["access_group"], row["bucket"], row["roles"]) == ("Team", "photos", ["Reader", "ObjectReader"])
    assert manager.list_policies_for_cos_bucket("other") == []
    manager.remove_bucket_access(policy)
    assert manager.list_policies() == []


def test_access_is_granted_to_users_and_service_ids(manager):
    add_users(manager, manager.create_access_group("Team"), ["IBMid-1"])
    manager.create_service_id("bot")

    manager.grant_bucket_access(["Manager"], "photos", user_id="IBMid-1")
    manager.grant_bucket_access(["Reader"], "photos", service_id_name="bot")

    rows = manager.get_policies_for_cos_bucket("photos").to_dict("records")
    assert [(row["iam_id"], row["service_id"]) for row in rows] == [("IBMid-1", ""), (rows[1]["iam_id"], "bot")]


def test_the_policies_for_a_prefix_are_selected(manager):
    manager.create_access_group("Team")
    policy = manager.grant_bucket_access(["Reader"], "photos", prefixes=["2026/"], access_group_name="Team")

    selected = manager.list_policies_for_cos_bucket("photos", prefix="2026/may.png")

    assert [each["id"] for each in selected] == [policy]


def test_nothing_is_retried(manager, namespace):
    namespace.fault("ibm_create_access_group", {"type": "status", "status": 503})

    with pytest.raises(ApiException):
        manager.create_access_group("Team")

    assert namespace.requests("ibm_create_access_group") == 1
