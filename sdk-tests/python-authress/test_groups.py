"""Groups."""

from datetime import datetime

import pytest
from authress import AuthressClient
from authress.exceptions import ApiException, BadRequestException, NotFoundException, UnauthorizedException
from authress.models.group import Group
from authress.models.user import User


def team(name: str, **more) -> Group:
    return Group(name=name, users=[User(user_id="auth0|1")], admins=[User(user_id="auth0|2")], **more)


def test_a_group_is_created_read_updated_and_deleted(client):
    created = client.groups.create_group(team("Editors", tags={"env": "test"}))
    assert created.group_id.startswith("grp_")
    assert isinstance(created.last_updated, datetime)

    read = client.groups.get_group(created.group_id)
    assert (read.name, read.users[0].user_id, read.admins[0].user_id) == ("Editors", "auth0|1", "auth0|2")
    assert read.tags == {"env": "test"}

    read.name = "Writers"
    assert client.groups.update_group(created.group_id, read).name == "Writers"
    client.groups.delete_group(created.group_id)
    with pytest.raises(NotFoundException) as error:
        client.groups.get_group(created.group_id)
    assert error.value.status == 404


def test_pagination_follows_the_cursor(client):
    created = [client.groups.create_group(team(f"Team {number:02}")).group_id for number in range(45)]

    listed, sizes, cursor = [], [], None
    while True:
        page = client.groups.get_groups(limit=20, cursor=cursor)
        listed += [group.group_id for group in page.groups]
        sizes.append(len(page.groups))
        if not page.pagination or not page.pagination.next:
            break
        cursor = page.pagination.next.cursor

    assert listed == created
    assert sizes == [20, 20, 5]


def test_the_filter_is_case_insensitive(client):
    client.groups.create_group(team("Editors"))
    client.groups.create_group(team("Writers"))

    assert [group.name for group in client.groups.get_groups(filter="WRIT").groups] == ["Writers"]


def test_unknown_groups_are_not_found(client):
    with pytest.raises(NotFoundException):
        client.groups.update_group("grp_none", team("x"))
    with pytest.raises(NotFoundException):
        client.groups.delete_group("grp_none")


def test_a_client_chosen_id_is_accepted_only_once(client):
    assert client.groups.create_group(team("Mine", group_id="grp_mine")).group_id == "grp_mine"

    with pytest.raises(ApiException) as error:
        client.groups.create_group(team("Mine", group_id="grp_mine"))
    assert error.value.status == 409


def test_invalid_input_is_a_bad_request(client):
    with pytest.raises(BadRequestException):
        client.groups.get_groups_with_http_info(cursor="not a cursor")


def test_a_missing_credential_is_unauthorized(namespace):
    with pytest.raises(UnauthorizedException) as error:
        AuthressClient(authress_api_url=namespace.url).groups.get_groups()
    assert error.value.status == 401


def test_a_stale_update_is_rejected_and_succeeds_after_a_new_read(client):
    created = client.groups.create_group(team("Editors"))

    def update(current: Group) -> Group:
        time = current.last_updated.isoformat()
        return client.groups.update_group(created.group_id, created, expected_last_modified_time=time)

    update(created)
    with pytest.raises(ApiException) as error:
        update(created)
    assert error.value.status == 412
    assert update(client.groups.get_group(created.group_id)).name == "Editors"
