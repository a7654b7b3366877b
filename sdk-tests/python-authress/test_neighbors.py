"""The neighbors of groups: roles, access records and users."""

import pytest
from authress.exceptions import ApiException, NotFoundException
from authress.models.access_record import AccessRecord
from authress.models.linked_group import LinkedGroup
from authress.models.permission_object import PermissionObject
from authress.models.resource import Resource
from authress.models.role import Role
from authress.models.statement import Statement


def role(name: str) -> Role:
    permission = PermissionObject(action="documents:read", allow=True, grant=False, delegate=False)
    return Role(role_id="ro_reader", name=name, permissions=[permission])


def record(name: str) -> AccessRecord:
    statement = Statement(roles=["ro_reader"], resources=[Resource(resource_uri="documents/*")])
    return AccessRecord(name=name, groups=[LinkedGroup(group_id="grp_editors")], statements=[statement])


def test_a_role_is_created_read_updated_and_deleted(client):
    assert client.roles.create_role(role("Reader")) == role("Reader")
    with pytest.raises(ApiException) as error:
        client.roles.create_role(role("Reader"))
    assert error.value.status == 409
    assert client.roles.update_role("ro_reader", role("Viewer")).name == "Viewer"
    assert client.roles.get_role("ro_reader").name == "Viewer"
    assert [it.role_id for it in client.roles.get_roles().roles] == ["ro_reader"]
    client.roles.delete_role("ro_reader")
    with pytest.raises(NotFoundException):
        client.roles.get_role("ro_reader")


def test_an_access_record_is_created_read_updated_and_deleted(client):
    created = client.access_records.create_record(record("Readers"))
    assert (created.status, created.groups[0].group_id) == ("ACTIVE", "grp_editors")
    read = client.access_records.get_record(created.record_id)
    assert read == created
    # The client does not return the updated record.
    client.access_records.update_record(created.record_id, record("Viewers"))
    assert [it.name for it in client.access_records.get_records().records] == ["Viewers"]
    client.access_records.delete_record(created.record_id)
    with pytest.raises(NotFoundException):
        client.access_records.get_record(created.record_id)


def test_unknown_users_are_not_found(client):
    assert client.users.get_users().users == []
    with pytest.raises(NotFoundException):
        client.users.get_user("auth0|1")
    with pytest.raises(NotFoundException):
        client.users.delete_user("auth0|1")
