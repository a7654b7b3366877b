"""A round trip in each dialect and in the admin API with the client of openapi-python-client: `roundtrip.py URL`."""

import sys

from access_groups_mock_client import AuthenticatedClient
from access_groups_mock_client.api.admin_faults import admin_add_faults, admin_delete_faults, admin_list_faults
from access_groups_mock_client.api.authress_groups import (
    authress_create_group,
    authress_delete_group,
    authress_get_group,
    authress_get_groups,
)
from access_groups_mock_client.api.cloudflare_access_groups import (
    cloudflare_create_access_group,
    cloudflare_delete_access_group,
    cloudflare_get_access_group,
    cloudflare_list_access_groups,
)
from access_groups_mock_client.api.ibm_access_groups import (
    ibm_create_access_group,
    ibm_delete_access_group,
    ibm_get_access_group,
    ibm_list_access_groups,
    ibm_update_access_group,
)
from access_groups_mock_client.api.legacy_access_groups import (
    legacy_create_access_group,
    legacy_delete_access_group,
    legacy_get_access_group,
    legacy_list_access_groups,
)
from access_groups_mock_client.models import (
    AdminNewFault,
    AuthressError,
    AuthressGroupRequest,
    CloudflareAccessGroupRequest,
    CloudflareServiceError,
    IbmGroupCreateRequest,
    IbmGroupsError,
    IbmGroupUpdateRequest,
    LegacyEntryRequest,
    LegacyError,
)


def cloudflare(url: str) -> None:
    client = AuthenticatedClient(f"{url}/client/v4", "any")
    account = "699d98642c564d2e855e9661899b7252"
    body = {"name": "generated", "include": [{"email": {"email": "ada@example.com"}}]}
    group = cloudflare_create_access_group.sync(
        account, client=client, body=CloudflareAccessGroupRequest.from_dict(body)
    ).result
    read = cloudflare_get_access_group.sync(account, group.id, client=client).result
    assert read.include[0].email.email == "ada@example.com", read
    listed = cloudflare_list_access_groups.sync(account, client=client, name="generated")
    assert [it.id for it in listed.result] == [group.id], listed
    assert cloudflare_delete_access_group.sync(account, group.id, client=client).result.id == group.id
    error = cloudflare_get_access_group.sync(account, group.id, client=client)
    assert isinstance(error, CloudflareServiceError) and error.errors[0].code == 12152, error


def ibm(client: AuthenticatedClient) -> None:
    group = ibm_create_access_group.sync(
        client=client, account_id="generated", body=IbmGroupCreateRequest(name="generated")
    )
    read = ibm_get_access_group.sync_detailed(group.id, client=client)
    assert read.parsed.name == "generated", read
    changed = ibm_update_access_group.sync(
        group.id, client=client, if_match=read.headers["etag"], body=IbmGroupUpdateRequest(description="changed")
    )
    assert changed.description == "changed", changed
    assert group.id in [it.id for it in ibm_list_access_groups.sync(client=client, account_id="generated").groups]
    assert ibm_delete_access_group.sync_detailed(group.id, client=client).status_code == 204
    error = ibm_get_access_group.sync(group.id, client=client)
    assert isinstance(error, IbmGroupsError) and error.errors[0].code == "group_not_found", error


def authress(client: AuthenticatedClient) -> None:
    body = {"name": "generated", "users": [{"userId": "ada"}], "admins": []}
    group = authress_create_group.sync(client=client, body=AuthressGroupRequest.from_dict(body))
    assert authress_get_group.sync(group.group_id, client=client).users[0].user_id == "ada"
    assert group.group_id in [it.group_id for it in authress_get_groups.sync(client=client).groups]
    assert authress_delete_group.sync_detailed(group.group_id, client=client).status_code == 204
    error = authress_get_group.sync(group.group_id, client=client)
    assert isinstance(error, AuthressError) and error.error_code == "GroupNotFound", error


def legacy(client: AuthenticatedClient) -> None:
    body = LegacyEntryRequest.from_dict({"entry": {"name": "generated"}})
    group = legacy_create_access_group.sync(client=client, body=body).entry
    assert legacy_get_access_group.sync(group.id, client=client).entry.name == "generated"
    assert group.id in [it.id for it in legacy_list_access_groups.sync(client=client).entries]
    assert legacy_delete_access_group.sync_detailed(group.id, client=client).status_code == 204
    error = legacy_get_access_group.sync(group.id, client=client)
    assert isinstance(error, LegacyError) and error.message, error


def faults(client: AuthenticatedClient) -> None:
    fault = {
        "match": {"operation": "ibm_list_access_groups"},
        "effect": {"type": "status", "status": 503},
        "schedule": {"times": 1},
    }
    added = admin_add_faults.sync(client=client, body=AdminNewFault.from_dict(fault))
    assert added.faults[0].effect.status == 503, added
    failed = ibm_list_access_groups.sync(client=client, account_id="generated")
    assert isinstance(failed, IbmGroupsError) and failed.status_code == 503, failed
    assert ibm_list_access_groups.sync_detailed(client=client, account_id="generated").status_code == 200
    assert admin_list_faults.sync(client=client).faults[0].injected == 1
    assert admin_delete_faults.sync_detailed(client=client).status_code == 204


def main() -> None:
    url = sys.argv[1]
    client = AuthenticatedClient(url, "any")
    cloudflare(url)
    ibm(client)
    authress(client)
    legacy(client)
    faults(client)


main()
