"""Clients for the namespace of the test, from which they first request a token."""

import pytest
from ibm_cloud_sdk_core.authenticators import IAMAuthenticator
from ibm_platform_services import IamAccessGroupsV2, IamIdentityV1, IamPolicyManagementV1, UserManagementV1


def connect(service_class, namespace):
    service = service_class(authenticator=IAMAuthenticator("any-key", url=namespace.url))
    service.set_service_url(namespace.url)
    return service


@pytest.fixture
def service(namespace) -> IamAccessGroupsV2:
    """Returns a client of the access group API."""
    return connect(IamAccessGroupsV2, namespace)


@pytest.fixture
def identities(namespace) -> IamIdentityV1:
    """Returns a client of the IAM identity API: service ids and trusted profiles."""
    return connect(IamIdentityV1, namespace)


@pytest.fixture
def policies(namespace) -> IamPolicyManagementV1:
    """Returns a client of the policy API."""
    return connect(IamPolicyManagementV1, namespace)


@pytest.fixture
def users(namespace) -> UserManagementV1:
    """Returns a client of the user API."""
    return connect(UserManagementV1, namespace)
