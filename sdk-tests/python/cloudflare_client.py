"""A pytest plugin: clients for the namespace of the test, for the major versions 4 and 5."""

import cloudflare
import pytest
from cloudflare import Cloudflare


@pytest.fixture
def client(namespace):
    """Returns a client that raises an error if a response does not match its models."""
    with Cloudflare(base_url=f"{namespace.url}/client/v4", api_token="any", _strict_response_validation=True) as it:
        yield it


@pytest.fixture
def is_v5() -> bool:
    """Returns whether the major version of the client is 5."""
    return cloudflare.__version__.startswith("5.")
