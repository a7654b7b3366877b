"""Templates, their versions, and assignments."""

import pytest
from ibm_cloud_sdk_core import ApiException
from ibm_platform_services.iam_access_groups_v2 import (
    AccessGroupRequest,
    Assertions,
    AssertionsActionControls,
    AssertionsRule,
    Conditions,
    ListTemplateAssignmentResponse,
    ListTemplatesResponse,
    ListTemplateVersionsResponse,
    Members,
    MembersActionControls,
    PolicyTemplates,
    RuleActionControls,
    TemplateAssignmentResponse,
    TemplateAssignmentVerboseResponse,
    TemplateResponse,
    TemplatesPager,
    TemplateVersionResponse,
    TemplateVersionsPager,
)

ACCOUNT = "acct1"
CHILD = "acct2"


def group_template(name: str) -> AccessGroupRequest:
    condition = Conditions(claim="team", operator="CONTAINS", value='"blue"')
    rule = AssertionsRule(name="managers", expiration=12, realm_name="https://idp.example",
                          conditions=[condition], action_controls=RuleActionControls(remove=False))
    return AccessGroupRequest(
        name=name,
        description="of a template",
        members=Members(users=["IBMid-1"], action_controls=MembersActionControls(add=True, remove=False)),
        assertions=Assertions(rules=[rule], action_controls=AssertionsActionControls(add=False, remove=True)),
    )


@pytest.fixture
def template(service) -> str:
    """Returns the id of a new template, whose version 1 is not committed."""
    created = service.create_template(
        name="Template", account_id=ACCOUNT, description="d", group=group_template("Managed"),
        policy_template_references=[PolicyTemplates(id="pt1", version="1")])
    assert created.get_status_code() == 201
    response = TemplateResponse.from_dict(created.get_result())
    assert response.group.to_dict() == group_template("Managed").to_dict()
    return response.id


def commit(service, template: str, version: str) -> None:
    tag = service.get_template_version(template, version).get_headers()["ETag"]
    assert service.commit_template(template, version, if_match=tag).get_status_code() == 204


def test_versions_are_created_read_updated_committed_and_deleted(service, template):
    created = service.create_template_version(template, name="Template", group=group_template("Managed 2"))
    assert TemplateVersionResponse.from_dict(created.get_result()).version == "2"
    tag = service.get_latest_template_version(template, verbose=True).get_headers()["ETag"]
    changed = service.update_template_version(
        template, "2", if_match=tag, name="Template", description="new", group=group_template("Managed 3"))
    assert TemplateVersionResponse.from_dict(changed.get_result()).group.name == "Managed 3"

    commit(service, template, "2")
    with pytest.raises(ApiException) as error:
        service.update_template_version(template, "2", if_match="*", description="too late")
    assert error.value.status_code >= 400

    assert service.delete_template_version(template, "2").get_status_code() == 204
    assert service.delete_template(template).get_status_code() == 204
    with pytest.raises(ApiException) as error:
        service.get_latest_template_version(template)
    assert error.value.status_code == 404


def test_templates_and_versions_are_paginated(service, template):
    for number in range(2):
        service.create_template(name=f"Template {number}", account_id=ACCOUNT, group=group_template(f"G{number}"))
        service.create_template_version(template, name="Template", group=group_template(f"M{number}"))

    listed = ListTemplatesResponse.from_dict(service.list_templates(ACCOUNT, verbose=True).get_result())
    assert listed.total_count == 3
    paginated = TemplatesPager(client=service, account_id=ACCOUNT, limit=2, verbose=True).get_all()
    assert [it["name"] for it in paginated] == [it.name for it in listed.group_templates]
    versions = ListTemplateVersionsResponse.from_dict(service.list_template_versions(template).get_result())
    assert sorted(it.version for it in versions.group_template_versions) == ["1", "2", "3"]
    assert len(TemplateVersionsPager(client=service, template_id=template, limit=1).get_all()) == 3


def test_an_assignment_creates_the_group_in_the_child_account(service, template):
    commit(service, template, "1")
    created = service.create_assignment(
        template_id=template, template_version="1", target_type="Account", target=CHILD)
    assert created.get_status_code() == 202
    assignment = TemplateAssignmentResponse.from_dict(created.get_result())

    read = service.get_assignment(assignment.id, verbose=True)
    verbose = TemplateAssignmentVerboseResponse.from_dict(read.get_result())
    assert verbose.status == "succeeded"
    assert verbose.resources[0].target == CHILD
    groups = service.list_access_groups(CHILD, hide_public_access=True).get_result()["groups"]
    assert [group["name"] for group in groups] == ["Managed"]
    listed = ListTemplateAssignmentResponse.from_dict(
        service.list_assignments(account_id=ACCOUNT, template_id=template).get_result())
    assert [it.id for it in listed.assignments] == [assignment.id]

    service.create_template_version(template, name="Template", group=group_template("Managed 2"))
    commit(service, template, "2")
    updated = service.update_assignment(
        assignment.id, if_match=read.get_headers()["ETag"], template_version="2")
    assert updated.get_status_code() == 202
    groups = service.list_access_groups(CHILD, hide_public_access=True).get_result()["groups"]
    assert [group["name"] for group in groups] == ["Managed 2"]

    # The removal of a version reinstates the one before, and that of the first version removes the group.
    assert service.delete_assignment(assignment.id).get_status_code() == 202
    groups = service.list_access_groups(CHILD, hide_public_access=True).get_result()["groups"]
    assert [group["name"] for group in groups] == ["Managed"]
    assert service.delete_assignment(assignment.id).get_status_code() == 202
    assert service.list_access_groups(CHILD, hide_public_access=True).get_result()["groups"] == []
