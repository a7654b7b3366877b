"""A round trip in each dialect and in the admin API with the Python client of openapi-generator: `roundtrip.py URL`."""

import sys

import openapi_client as api
from openapi_client.exceptions import NotFoundException, ServiceException


def new_client(url: str) -> api.ApiClient:
    client = api.ApiClient(api.Configuration(host=url))
    client.set_default_header("Authorization", "Bearer any")
    return client


def failure(kind, call, *arguments, **options):
    try:
        call(*arguments, **options)
    except kind as error:
        return error.data
    raise AssertionError("the call did not fail")


def cloudflare(url: str) -> None:
    groups = api.CloudflareAccessGroupsApi(new_client(f"{url}/client/v4"))
    account = "699d98642c564d2e855e9661899b7252"
    rule = api.CloudflareRule.from_dict({"email": {"email": "ada@example.com"}})
    body = api.CloudflareAccessGroupRequest(name="generated", include=[rule])
    group = groups.cloudflare_create_access_group(account, body).result
    read = groups.cloudflare_get_access_group(account, group.id).result
    assert read.include[0].email.email == "ada@example.com", read
    assert [it.id for it in groups.cloudflare_list_access_groups(account, name="generated").result] == [group.id]
    assert groups.cloudflare_delete_access_group(account, group.id).result.id == group.id
    error = failure(NotFoundException, groups.cloudflare_get_access_group, account, group.id)
    assert error.actual_instance.errors[0].code == 12152, error


def ibm(client: api.ApiClient) -> None:
    groups = api.IbmAccessGroupsApi(client)
    group = groups.ibm_create_access_group("generated", api.IbmGroupCreateRequest(name="generated"))
    read = groups.ibm_get_access_group_with_http_info(group.id)
    assert read.data.name == "generated", read
    change = api.IbmGroupUpdateRequest(description="changed")
    changed = groups.ibm_update_access_group(
        access_group_id=group.id, if_match=read.headers["etag"], ibm_group_update_request=change
    )
    assert changed.description == "changed", changed
    assert group.id in [it.id for it in groups.ibm_list_access_groups("generated").groups]
    groups.ibm_delete_access_group(group.id)
    error = failure(NotFoundException, groups.ibm_get_access_group, group.id)
    assert error.errors[0].code == "group_not_found", error


def authress(client: api.ApiClient) -> None:
    groups = api.AuthressGroupsApi(client)
    body = api.AuthressGroupRequest(name="generated", users=[api.AuthressUser(userId="ada")], admins=[])
    group = groups.authress_create_group(body)
    assert groups.authress_get_group(group.group_id).users[0].user_id == "ada"
    assert group.group_id in [it.group_id for it in groups.authress_get_groups().groups]
    groups.authress_delete_group(group.group_id)
    error = failure(NotFoundException, groups.authress_get_group, group.group_id)
    assert error.error_code == "GroupNotFound", error


def legacy(client: api.ApiClient) -> None:
    groups = api.LegacyAccessGroupsApi(client)
    body = api.LegacyEntryRequest.from_dict({"entry": {"name": "generated"}})
    group = groups.legacy_create_access_group(body).entry
    assert groups.legacy_get_access_group(group.id).entry.name == "generated"
    assert group.id in [it.id for it in groups.legacy_list_access_groups().entries]
    groups.legacy_delete_access_group(group.id)
    assert failure(NotFoundException, groups.legacy_get_access_group, group.id).message


def faults(client: api.ApiClient) -> None:
    admin, groups = api.AdminFaultsApi(client), api.IbmAccessGroupsApi(client)
    fault = {
        "match": {"operation": "ibm_list_access_groups"},
        "effect": {"type": "status", "status": 503},
        "schedule": {"times": 1},
    }
    body = api.AdminNewFaults(api.AdminNewFault.from_dict(fault))
    assert admin.admin_add_faults(body).faults[0].effect.status == 503
    error = failure(ServiceException, groups.ibm_list_access_groups, "generated")
    assert error.status_code == 503, error
    groups.ibm_list_access_groups("generated")
    assert admin.admin_list_faults().faults[0].injected == 1
    admin.admin_delete_faults()


def main() -> None:
    url = sys.argv[1]
    client = new_client(url)
    cloudflare(url)
    ibm(client)
    authress(client)
    legacy(client)
    faults(client)


main()
