"""A client for the namespace of the test: the client's own class, without the services that are not emulated."""

from types import SimpleNamespace

import pytest
from ibm_watsonx_data_integration.common.auth import BearerTokenAuthenticator
from ibm_watsonx_data_integration.common.constants import DeploymentEnvironment
from ibm_watsonx_data_integration.cpd_api.access_groups_api import AccessGroupsApiClient
from ibm_watsonx_data_integration.cpd_api.role_api import RoleApiClient
from ibm_watsonx_data_integration.cpd_api.service_id_api import ServiceIDApiClient
from ibm_watsonx_data_integration.cpd_api.trusted_profile_api import TrustedProfileApiClient
from ibm_watsonx_data_integration.cpd_api.user_api import UserAPIClient
from ibm_watsonx_data_integration.platform import Platform

ACCOUNT = "acct1"


class IdentityPlatform(Platform):
    """The client's entry point with its five identity APIs; its own constructor first calls other services."""

    def __init__(self, url: str) -> None:
        auth = BearerTokenAuthenticator("any")
        self._deployment_environment = DeploymentEnvironment.SAAS
        self._access_group_api = AccessGroupsApiClient(auth, url)
        self._user_api = UserAPIClient(auth, url)
        self._service_id_api = ServiceIDApiClient(auth, url)
        self._trusted_profile_api = TrustedProfileApiClient(auth, url)
        self._role_api = RoleApiClient(auth, url)
        self._current_account = SimpleNamespace(account_id=ACCOUNT)


@pytest.fixture
def platform(namespace) -> IdentityPlatform:
    """Returns a client of the namespace."""
    return IdentityPlatform(namespace.url)


@pytest.fixture
def group(platform):
    """Returns a new access group."""
    return platform.create_access_group("Team", "Before")
