"""Access groups, their members and rules, and account settings."""

import pytest
from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import NoAuthAuthenticator
from ibm_platform_services import IamAccessGroupsV2
from ibm_platform_services.iam_access_groups_v2 import (
    AccessGroupMembersPager,
    AccessGroupsPager,
    AccountSettings,
    AddGroupMembersRequestMembersItem,
    AddGroupMembersResponse,
    Group,
    GroupMembersList,
    GroupsList,
    Rule,
    RuleConditions,
    RulesList,
)

ACCOUNT = "acct1"


@pytest.fixture
def group(service) -> str:
    """Returns the id of a new group."""
    return service.create_access_group(account_id=ACCOUNT, name="Team").get_result()["id"]


def assert_error(status, call, *args, **kwargs):
    with pytest.raises(ApiException) as error:
        call(*args, **kwargs)
    assert error.value.status_code == status
    return error.value


def test_a_group_is_created_read_updated_and_deleted(service):
    created = service.create_access_group(account_id=ACCOUNT, name="Team", description="blue")
    assert created.get_status_code() == 201
    group = Group.from_dict(created.get_result())
    assert (group.name, group.description) == ("Team", "blue")

    read = service.get_access_group(group.id, show_federated=True, show_crn=True)
    assert read.get_result()["crn"].startswith("crn:")
    tag = read.get_headers()["ETag"]
    updated = service.update_access_group(group.id, if_match=tag, description="changed").get_result()
    assert Group.from_dict(updated).description == "changed"
    assert_error(412, service.update_access_group, group.id, if_match=tag, description="too late")

    assert service.delete_access_group(group.id).get_status_code() == 204
    error = assert_error(404, service.get_access_group, group.id, headers={"Transaction-Id": "tx-1"})
    assert error.message
    assert error.http_response.json()["trace"] == "tx-1"


def test_the_pager_returns_all_groups(service):
    for number in range(7):
        service.create_access_group(account_id=ACCOUNT, name=f"Team {number}")

    pager = AccessGroupsPager(client=service, account_id=ACCOUNT, limit=3, hide_public_access=True)
    pages = []
    while pager.has_next():
        pages.append([group["name"] for group in pager.get_next()])

    assert pages == [["Team 0", "Team 1", "Team 2"], ["Team 3", "Team 4", "Team 5"], ["Team 6"]]
    listed = service.list_access_groups(ACCOUNT, search="name:Team 5").get_result()
    assert [group.name for group in GroupsList.from_dict(listed).groups] == ["Team 5"]


def test_invalid_requests_return_the_documented_status(service, group):
    assert_error(400, service.create_access_group, account_id=ACCOUNT, name="")
    assert_error(404, service.list_access_group_members, "AccessGroupId-none")
    assert_error(400, service.update_access_group, group, if_match="*", name="")


def test_a_missing_token_is_rejected(namespace):
    service = IamAccessGroupsV2(authenticator=NoAuthAuthenticator())
    service.set_service_url(namespace.url)

    assert_error(401, service.list_access_groups, ACCOUNT)


def test_members_are_added_listed_checked_and_removed(service, group):
    members = [
        AddGroupMembersRequestMembersItem("IBMid-1", "user"),
        AddGroupMembersRequestMembersItem("iam-ServiceId-1", "service"),
        AddGroupMembersRequestMembersItem("iam-Profile-1", "profile"),
    ]
    added = service.add_members_to_access_group(group, members=members)
    assert added.get_status_code() == 207
    outcomes = AddGroupMembersResponse.from_dict(added.get_result()).members
    assert [(member.iam_id, member.status_code) for member in outcomes] == [
        ("IBMid-1", 200), ("iam-ServiceId-1", 200), ("iam-Profile-1", 200),
    ]

    pager = AccessGroupMembersPager(client=service, access_group_id=group, limit=2, verbose=True)
    assert [member["iam_id"] for member in pager.get_all()] == ["IBMid-1", "iam-ServiceId-1", "iam-Profile-1"]
    GroupMembersList.from_dict(service.list_access_group_members(group).get_result())
    assert service.is_member_of_access_group(group, "IBMid-1").get_status_code() == 204
    assert_error(404, service.is_member_of_access_group, group, "IBMid-2")

    assert service.remove_member_from_access_group(group, "IBMid-1").get_status_code() == 204
    removed = service.remove_members_from_access_group(group, members=["iam-ServiceId-1", "IBMid-1"])
    assert [(it["iam_id"], it["status_code"]) for it in removed.get_result()["members"]] == [
        ("iam-ServiceId-1", 204), ("IBMid-1", 404),
    ]


def test_a_member_is_added_to_and_removed_from_multiple_groups(service, group):
    other = service.create_access_group(account_id=ACCOUNT, name="Other").get_result()["id"]

    joined = service.add_member_to_multiple_access_groups(ACCOUNT, "IBMid-1", type="user", groups=[group, other])
    assert [entry["status_code"] for entry in joined.get_result()["groups"]] == [200, 200]
    of_member = service.list_access_groups(ACCOUNT, iam_id="IBMid-1", hide_public_access=True).get_result()
    assert [entry["name"] for entry in of_member["groups"]] == ["Other", "Team"]

    left = service.remove_member_from_all_access_groups(ACCOUNT, "IBMid-1").get_result()
    assert {entry["access_group_id"]: entry["status_code"] for entry in left["groups"]} == {group: 204, other: 204}
    assert_error(404, service.remove_member_from_all_access_groups, ACCOUNT, "IBMid-1")


def test_rules_are_added_listed_replaced_and_removed(service, group):
    conditions = [RuleConditions("isManager", "EQUALS", '"true"')]
    added = service.add_access_group_rule(
        group, name="r", expiration=12, realm_name="https://idp.example", conditions=conditions)
    assert added.get_status_code() == 201
    rule = Rule.from_dict(added.get_result())

    read = service.get_access_group_rule(group, rule.id)
    replaced = service.replace_access_group_rule(
        group, rule.id, if_match=read.get_headers()["ETag"], name="r2", expiration=24,
        realm_name="https://idp.example", conditions=conditions)
    assert Rule.from_dict(replaced.get_result()).expiration == 24
    rules = RulesList.from_dict(service.list_access_group_rules(group).get_result()).rules
    assert [it.name for it in rules] == ["r2"]

    assert service.remove_access_group_rule(group, rule.id).get_status_code() == 204
    assert_error(404, service.get_access_group_rule, group, rule.id)


def test_settings_are_read_and_changed(service):
    assert AccountSettings.from_dict(service.get_account_settings(ACCOUNT).get_result()).public_access_enabled

    changed = service.update_account_settings(ACCOUNT, public_access_enabled=False).get_result()
    assert changed["public_access_enabled"] is False
    assert service.get_account_settings(ACCOUNT).get_result()["public_access_enabled"] is False
