"""Tests with IBM's official SDK (`pip install ibm-platform-services`), including the token endpoint."""

import pytest
from ibm_cloud_sdk_core.authenticators import IAMAuthenticator
from ibm_platform_services import IamAccessGroupsV2

ACCOUNT = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


@pytest.fixture
def client(access_groups_namespace):
    url = access_groups_namespace.urls.ibm
    service = IamAccessGroupsV2(authenticator=IAMAuthenticator("any", url=url))
    service.set_service_url(url)
    return service


def test_members_are_added_to_a_group(client, access_groups_namespace):
    group = client.create_access_group(ACCOUNT, "Managers").get_result()

    added = client.add_members_to_access_group(group["id"], members=[{"iam_id": "IBMid-1", "type": "user"}])

    assert added.get_result()["members"][0]["status_code"] == 200
    assert client.list_access_group_members(group["id"]).get_result()["total_count"] == 1
    access_groups_namespace.admin.verify({"operation": "ibm_create_token"})
