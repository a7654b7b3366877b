"""Conditional writes: an ETag from before the last change is rejected."""

import pytest
from ibm_cloud_sdk_core import ApiException
from ibm_platform_services.iam_access_groups_v2 import AccessGroupRequest, RuleConditions

ACCOUNT = "acct1"
VIEWER = "crn:v1:bluemix:public:iam::::role:Viewer"


def assert_stale_tag_rejected(read, write):
    """Asserts that a write succeeds with the current tag, fails with it afterwards, and succeeds with the new one."""
    tag = read()
    write(tag, "first")

    with pytest.raises(ApiException) as error:
        write(tag, "second")

    assert error.value.status_code == 412
    write(read(), "second")


def tag(response):
    return response.get_headers()["ETag"]


@pytest.fixture
def group(service) -> str:
    """Returns the id of a new group."""
    return service.create_access_group(account_id=ACCOUNT, name="Team").get_result()["id"]


@pytest.fixture
def template(service) -> str:
    """Returns the id of a new template, whose version 1 is not committed."""
    return service.create_template(
        name="Template", account_id=ACCOUNT, group=AccessGroupRequest(name="Managed")).get_result()["id"]


def test_stale_tag_of_a_group(service, group):
    assert_stale_tag_rejected(
        lambda: tag(service.get_access_group(group)),
        lambda tag, value: service.update_access_group(group, if_match=tag, description=value),
    )


def test_stale_tag_of_a_rule(service, group):
    rule = {
        "expiration": 12,
        "realm_name": "https://idp.example",
        "conditions": [RuleConditions("isManager", "EQUALS", '"true"')],
    }
    rule_id = service.add_access_group_rule(group, name="r", **rule).get_result()["id"]

    assert_stale_tag_rejected(
        lambda: tag(service.get_access_group_rule(group, rule_id)),
        lambda tag, value: service.replace_access_group_rule(group, rule_id, if_match=tag, name=value, **rule),
    )


def test_stale_tag_of_a_template_version(service, template):
    def write(tag, value):
        service.update_template_version(
            template, "1", if_match=tag, name="Template", description=value, group=AccessGroupRequest(name="Managed"))

    assert_stale_tag_rejected(lambda: tag(service.get_template_version(template, "1")), write)


def test_stale_tag_of_a_commit(service, template):
    stale = tag(service.get_template_version(template, "1"))
    service.update_template_version(
        template, "1", if_match=stale, name="Template", group=AccessGroupRequest(name="Managed 2"))

    with pytest.raises(ApiException) as error:
        service.commit_template(template, "1", if_match=stale)

    assert error.value.status_code == 412
    service.commit_template(template, "1", if_match=tag(service.get_template_version(template, "1")))


def test_stale_tag_of_an_assignment(service, template):
    service.commit_template(template, "1", if_match=tag(service.get_template_version(template, "1")))
    created = service.create_assignment(template, "1", "Account", "acct2").get_result()["id"]
    service.create_template_version(template, name="Template", group=AccessGroupRequest(name="Managed 2"))
    service.commit_template(template, "2", if_match=tag(service.get_template_version(template, "2")))
    stale = tag(service.get_assignment(created))
    service.update_assignment(created, if_match=stale, template_version="2")

    with pytest.raises(ApiException) as error:
        service.update_assignment(created, if_match=stale, template_version="1")

    assert error.value.status_code == 412
    service.update_assignment(created, if_match=tag(service.get_assignment(created)), template_version="1")
    # Of the access group API, only this operation is documented to accept `*` for any version.
    service.update_assignment(created, if_match="*", template_version="2")


def test_stale_tag_of_a_service_id(identities):
    created = identities.create_service_id(account_id=ACCOUNT, name="bot").get_result()["id"]

    assert_stale_tag_rejected(
        lambda: identities.get_service_id(id=created).get_result()["entity_tag"],
        lambda tag, value: identities.update_service_id(id=created, if_match=tag, name=value),
    )
    identities.update_service_id(id=created, if_match="*", name="third")


def test_stale_tag_of_a_trusted_profile(identities):
    created = identities.create_profile(account_id=ACCOUNT, name="deploy").get_result()["id"]

    assert_stale_tag_rejected(
        lambda: identities.get_profile(profile_id=created).get_result()["entity_tag"],
        lambda tag, value: identities.update_profile(profile_id=created, if_match=tag, name=value),
    )
    identities.update_profile(profile_id=created, if_match="*", name="third")


def test_stale_tag_of_a_v1_policy(policies, group):
    form = {
        "type": "access",
        "subjects": [{"attributes": [{"name": "access_group_id", "value": group}]}],
        "roles": [{"role_id": VIEWER}],
        "resources": [{"attributes": [{"name": "accountId", "value": ACCOUNT}]}],
    }
    created = policies.create_policy(**form).get_result()["id"]

    assert_stale_tag_rejected(
        lambda: tag(policies.get_policy(policy_id=created)),
        lambda tag, value: policies.replace_policy(policy_id=created, if_match=tag, description=value, **form),
    )


def test_stale_tag_of_a_v2_policy(policies, group):
    form = {
        "type": "access",
        "control": {"grant": {"roles": [{"role_id": VIEWER}]}},
        "subject": {"attributes": [{"key": "access_group_id", "operator": "stringEquals", "value": group}]},
        "resource": {"attributes": [{"key": "accountId", "operator": "stringEquals", "value": ACCOUNT}]},
    }
    created = policies.create_v2_policy(**form).get_result()["id"]

    assert_stale_tag_rejected(
        lambda: tag(policies.get_v2_policy(id=created)),
        lambda tag, value: policies.replace_v2_policy(id=created, if_match=tag, description=value, **form),
    )
