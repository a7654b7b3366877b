"""Clients for the namespace of the test."""

import pytest
from authress import AuthressClient

# A well-formed key, because the client signs tokens with it; it was generated for tests and grants no access.
ACCESS_KEY = "sc_test.key1.acc-test.MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"


@pytest.fixture
def client(namespace) -> AuthressClient:
    """Returns a client that signs its own tokens."""
    return AuthressClient(authress_api_url=namespace.url, service_client_access_key=ACCESS_KEY)
