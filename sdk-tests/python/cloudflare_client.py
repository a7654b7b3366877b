"""A pytest plugin: clients of the test's own mock, for both generations."""

import cloudflare
import pytest
from cloudflare import Cloudflare


@pytest.fixture
def client(space):
    """Returns a client that raises where an answer does not fit its models."""
    with Cloudflare(base_url=f"{space.url}/client/v4", api_token="any", _strict_response_validation=True) as it:
        yield it


@pytest.fixture
def is_newest() -> bool:
    """Returns whether this is generation 5."""
    return cloudflare.__version__.startswith("5.")
