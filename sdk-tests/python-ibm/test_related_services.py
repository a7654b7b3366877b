"""The related APIs: users, service ids, trusted profiles, policies, roles."""

from urllib.parse import parse_qs, urlparse

import pytest
from ibm_cloud_sdk_core import ApiException
from ibm_platform_services.iam_access_groups_v2 import AddGroupMembersRequestMembersItem
from ibm_platform_services.iam_identity_v1 import ServiceId, ServiceIdList, TrustedProfile, TrustedProfilesList
from ibm_platform_services.iam_policy_management_v1 import (
    Control,
    Grant,
    PoliciesPager,
    PolicyResource,
    PolicyRole,
    PolicySubject,
    PolicyTemplateMetaData,
    ResourceAttribute,
    RoleCollection,
    Roles,
    SubjectAttribute,
    V2PoliciesPager,
    V2PolicyResource,
    V2PolicyResourceAttribute,
    V2PolicySubject,
    V2PolicySubjectAttribute,
    V2PolicyTemplateMetaData,
)
from ibm_platform_services.user_management_v1 import UsersPager

ACCOUNT = "acct1"
VIEWER = "crn:v1:bluemix:public:iam::::role:Viewer"
EDITOR = "crn:v1:bluemix:public:iam::::role:Editor"


def assert_not_found(call, *args):
    with pytest.raises(ApiException) as error:
        call(*args)
    assert error.value.status_code == 404


def assert_stale(call, *args, **kwargs):
    with pytest.raises(ApiException) as error:
        call(*args, **kwargs)
    assert error.value.status_code in (409, 412)


def test_users_are_listed_and_read(service, users):
    group = service.create_access_group(account_id=ACCOUNT, name="Team").get_result()["id"]
    members = [AddGroupMembersRequestMembersItem(f"IBMid-{number}", "user") for number in range(3)]
    service.add_members_to_access_group(group, members=members)

    listed = [user["iam_id"] for user in UsersPager(client=users, account_id=ACCOUNT, limit=2).get_all()]
    assert listed == ["IBMid-0", "IBMid-1", "IBMid-2"]
    assert users.get_user_profile(account_id=ACCOUNT, iam_id="IBMid-1").get_result()["iam_id"] == "IBMid-1"
    assert_not_found(users.get_user_profile, ACCOUNT, "IBMid-9")


def test_service_ids_are_created_listed_updated_and_deleted(identities):
    created = ServiceId.from_dict(identities.create_service_id(account_id=ACCOUNT, name="bot").get_result())
    for number in range(3):
        identities.create_service_id(account_id=ACCOUNT, name=f"bot {number}")

    names, token = [], None
    while True:
        page = identities.list_service_ids(account_id=ACCOUNT, pagesize=2, pagetoken=token, sort="name").get_result()
        names += [it.name for it in ServiceIdList.from_dict(page).serviceids]
        if not page.get("next"):
            break
        token = parse_qs(urlparse(page["next"]).query)["pagetoken"][0]
    assert names == ["bot", "bot 0", "bot 1", "bot 2"]

    changed = identities.update_service_id(id=created.id, if_match=created.entity_tag, name="robot").get_result()
    assert changed["name"] == "robot"
    assert_stale(identities.update_service_id, id=created.id, if_match=created.entity_tag, name="x")
    assert identities.get_service_id(id=created.id).get_result()["name"] == "robot"
    identities.delete_service_id(id=created.id)
    assert_not_found(identities.get_service_id, created.id)


def test_profiles_are_created_listed_updated_and_deleted(identities):
    created = TrustedProfile.from_dict(identities.create_profile(account_id=ACCOUNT, name="deploy").get_result())

    changed = identities.update_profile(profile_id=created.id, if_match=created.entity_tag, name="release").get_result()
    assert changed["name"] == "release"
    listed = TrustedProfilesList.from_dict(identities.list_profiles(account_id=ACCOUNT).get_result())
    assert [it.name for it in listed.profiles] == ["release"]
    assert identities.get_profile(profile_id=created.id).get_result()["name"] == "release"
    identities.delete_profile(profile_id=created.id)
    assert_not_found(identities.get_profile, created.id)


def test_v1_policies_are_created_replaced_listed_and_deleted(service, policies):
    group = service.create_access_group(account_id=ACCOUNT, name="Team").get_result()["id"]
    form = {
        "type": "access",
        "subjects": [PolicySubject(attributes=[SubjectAttribute(name="access_group_id", value=group)])],
        "resources": [PolicyResource(attributes=[
            ResourceAttribute(name="accountId", value=ACCOUNT),
            ResourceAttribute(name="serviceType", value="service"),
        ])],
    }
    created = policies.create_policy(**form, roles=[PolicyRole(role_id=VIEWER)]).get_result()
    PolicyTemplateMetaData.from_dict(created)

    tag = policies.get_policy(policy_id=created["id"]).get_headers()["ETag"]
    policies.replace_policy(policy_id=created["id"], if_match=tag, **form, roles=[PolicyRole(role_id=EDITOR)])
    viewers = [PolicyRole(role_id=VIEWER)]
    assert_stale(policies.replace_policy, policy_id=created["id"], if_match=tag, **form, roles=viewers)
    listed = policies.list_policies(account_id=ACCOUNT, access_group_id=group).get_result()["policies"]
    assert [policy["roles"][0]["role_id"] for policy in listed] == [EDITOR]
    assert len(PoliciesPager(client=policies, account_id=ACCOUNT, limit=1).get_all()) == 1
    policies.delete_policy(policy_id=created["id"])
    assert_not_found(policies.get_policy, created["id"])


def test_v2_policies_are_created_replaced_listed_and_deleted(service, policies):
    group = service.create_access_group(account_id=ACCOUNT, name="Team").get_result()["id"]
    attribute = V2PolicySubjectAttribute(key="access_group_id", operator="stringEquals", value=group)
    form = {
        "type": "access",
        "subject": V2PolicySubject(attributes=[attribute]),
        "resource": V2PolicyResource(attributes=[
            V2PolicyResourceAttribute(key="accountId", operator="stringEquals", value=ACCOUNT),
            V2PolicyResourceAttribute(key="serviceType", operator="stringEquals", value="service"),
        ]),
    }
    viewer = Control(grant=Grant(roles=[Roles(role_id=VIEWER)]))
    editor = Control(grant=Grant(roles=[Roles(role_id=EDITOR)]))
    response = policies.create_v2_policy(**form, control=viewer)
    created = response.get_result()
    V2PolicyTemplateMetaData.from_dict(created)

    policies.replace_v2_policy(id=created["id"], if_match=response.get_headers()["ETag"], **form, control=editor)
    read = policies.get_v2_policy(id=created["id"]).get_result()
    assert read["control"]["grant"]["roles"][0]["role_id"] == EDITOR
    listed = policies.list_v2_policies(account_id=ACCOUNT).get_result()["policies"]
    assert [policy["id"] for policy in listed] == [created["id"]]
    assert len(V2PoliciesPager(client=policies, account_id=ACCOUNT, limit=1).get_all()) == 1
    policies.delete_v2_policy(id=created["id"])
    assert_not_found(policies.get_v2_policy, created["id"])


def test_roles_are_listed(policies):
    roles = RoleCollection.from_dict(policies.list_roles(account_id=ACCOUNT).get_result())

    assert VIEWER in [role.crn for role in roles.system_roles]
