"""The neighbors of access groups: resource groups, service id groups, policy templates, users, API keys, enterprises."""

import pytest
from conftest import connect
from ibm_cloud_sdk_core import ApiException
from ibm_platform_services import EnterpriseManagementV1, ResourceManagerV2
from ibm_platform_services.enterprise_management_v1 import AccountGroupsPager, AccountsPager, EnterprisesPager
from ibm_platform_services.iam_policy_management_v1 import (
    PolicyTemplatesPager, PolicyTemplateVersionsPager, Roles, TemplateControl, TemplateGrant, TemplatePolicy,
    V2PolicyResource, V2PolicyResourceAttribute,
)
from ibm_platform_services.user_management_v1 import UsersPager

ACCOUNT = "acct1"


@pytest.fixture
def resource_manager(namespace) -> ResourceManagerV2:
    """Returns a client of the resource groups."""
    return connect(ResourceManagerV2, namespace)


@pytest.fixture
def enterprises(namespace) -> EnterpriseManagementV1:
    """Returns a client of the enterprise API."""
    service = connect(EnterpriseManagementV1, namespace)
    service.set_service_url(f"{namespace.url}/v1")
    return service


def assert_not_found(call):
    with pytest.raises(ApiException) as error:
        call()
    assert error.value.status_code == 404


def policy(service_name: str) -> TemplatePolicy:
    attribute = V2PolicyResourceAttribute(key="serviceName", operator="stringEquals", value=service_name)
    viewer = Roles(role_id="crn:v1:bluemix:public:iam::::role:Viewer")
    return TemplatePolicy(
        type="access",
        resource=V2PolicyResource(attributes=[attribute]),
        control=TemplateControl(grant=TemplateGrant(roles=[viewer])),
    )


def test_resource_groups(resource_manager):
    created = resource_manager.create_resource_group(name="one", account_id=ACCOUNT).get_result()["id"]
    assert resource_manager.get_resource_group(created).get_result()["name"] == "one"
    assert resource_manager.update_resource_group(created, name="two").get_result()["name"] == "two"
    listed = resource_manager.list_resource_groups(account_id=ACCOUNT).get_result()["resources"]
    assert [(group["name"], group["default"]) for group in listed] == [("Default", True), ("two", False)]
    resource_manager.delete_resource_group(created)
    assert_not_found(lambda: resource_manager.get_resource_group(created))


def test_service_id_groups(identities):
    created = identities.create_service_id_group(account_id=ACCOUNT, name="one").get_result()
    group = created["id"]
    updated = identities.update_service_id_group(group, if_match=created["entity_tag"], name="two").get_result()
    assert identities.get_service_id_group(group).get_result() == updated
    listed = identities.list_service_id_group(account_id=ACCOUNT).get_result()["serviceid_groups"]
    assert [item["name"] for item in listed] == ["two"]
    identities.delete_service_id_group(group)
    assert_not_found(lambda: identities.get_service_id_group(group))


def test_policy_templates(policies):
    created = policies.create_policy_template(name="T", account_id=ACCOUNT, policy=policy("x")).get_result()
    template = created["id"]
    assert (created["version"], created["committed"], created["state"]) == ("1", False, "active")
    tag = policies.get_policy_template_version(template, "1").get_headers()["ETag"]
    replaced = policies.replace_policy_template(template, "1", tag, policy=policy("y"), description="d").get_result()
    assert replaced["policy"]["resource"]["attributes"][0]["value"] == "y"
    policies.commit_policy_template(template, "1")
    assert policies.get_policy_template(template).get_result()["committed"]
    policies.create_policy_template_version(template, policy=policy("z"), name="U")
    versions = PolicyTemplateVersionsPager(client=policies, policy_template_id=template, limit=1).get_all()
    assert [(version["version"], version["name"]) for version in versions] == [("1", "U"), ("2", "U")]
    templates = PolicyTemplatesPager(client=policies, account_id=ACCOUNT, limit=1).get_all()
    assert [(item["id"], item["version"]) for item in templates] == [(template, "2")]
    policies.delete_policy_template_version(template, "2")
    policies.delete_policy_template(template)
    assert_not_found(lambda: policies.get_policy_template(template))


def test_an_invited_user_is_a_pending_member(service, users):
    group = service.create_access_group(account_id=ACCOUNT, name="Team").get_result()["id"]
    invited = users.invite_users(
        ACCOUNT, users=[{"email": "new@example.com", "account_role": "Member"}], access_groups=[group]).get_result()
    iam_id = invited["resources"][0]["id"]
    listed = UsersPager(client=users, account_id=ACCOUNT, limit=1).get_all()
    assert [(user["iam_id"], user["state"]) for user in listed] == [(iam_id, "PENDING")]
    assert service.is_member_of_access_group(group, iam_id).get_status_code() == 204
    users.update_user_settings(ACCOUNT, iam_id, language="de", self_manage=True)
    settings = users.get_user_settings(ACCOUNT, iam_id).get_result()
    assert (settings["language"], settings["notification_language"], settings["self_manage"]) == ("de", "", True)


def test_api_key_details(identities):
    details = identities.get_api_keys_details(iam_api_key="any-key").get_result()
    assert (details["account_id"], details["iam_id"]) == ("0a1b2c3d4e5f60718293a4b5c6d7e8f9", "IBMid-mock")


def test_enterprise(enterprises, service):
    service.create_access_group(account_id=ACCOUNT, name="Team")
    [enterprise] = EnterprisesPager(client=enterprises).get_all()
    assert enterprises.get_enterprise(enterprise["id"]).get_result() == enterprise
    accounts = AccountsPager(client=enterprises, limit=1).get_all()
    assert [account["id"] for account in accounts] == [enterprise["enterprise_account_id"], ACCOUNT]
    account = enterprises.get_account(ACCOUNT).get_result()
    assert account["parent"] == enterprise["crn"]
    assert AccountGroupsPager(client=enterprises).get_all() == []
    assert_not_found(lambda: enterprises.get_account_group("crew"))
