"""Clients of the test's own mock, which fetch a token from it first."""

import pytest
from ibm_cloud_sdk_core.authenticators import IAMAuthenticator
from ibm_platform_services import IamAccessGroupsV2, IamIdentityV1, IamPolicyManagementV1, UserManagementV1


def connect(service_class, space):
    service = service_class(authenticator=IAMAuthenticator("any-key", url=space.url))
    service.set_service_url(space.url)
    return service


@pytest.fixture
def service(space) -> IamAccessGroupsV2:
    """Returns the client of the access-group API."""
    return connect(IamAccessGroupsV2, space)


@pytest.fixture
def identities(space) -> IamIdentityV1:
    """Returns the client of the API of service ids and trusted profiles."""
    return connect(IamIdentityV1, space)


@pytest.fixture
def policies(space) -> IamPolicyManagementV1:
    """Returns the client of the policy API."""
    return connect(IamPolicyManagementV1, space)


@pytest.fixture
def users(space) -> UserManagementV1:
    """Returns the client of the user API."""
    return connect(UserManagementV1, space)
