"""Clients of the test's own mock."""

import pytest
from authress import AuthressClient

# The client signs tokens with it, so it must be well formed; it was created for tests and opens nothing.
ACCESS_KEY = "sc_test.key1.acc-test.MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"


@pytest.fixture
def client(namespace) -> AuthressClient:
    """Returns a client that signs its own tokens."""
    return AuthressClient(authress_api_url=namespace.url, service_client_access_key=ACCESS_KEY)
