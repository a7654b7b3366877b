"""The retries of the client, by its own settings."""

import time

import pytest
from ibm_watsonx_data_integration.common.retry import HTTPRetryError

CREATE = "ibm_create_access_group"


def names(platform):
    return [group.name for group in platform.access_groups.get_all(hide_public_access=True)]


def fail(namespace, times):
    namespace.fault(CREATE, {"type": "status", "status": 503}, times=times)


def test_429_is_retried_after_the_retry_after_delay(platform, namespace):
    namespace.fault(CREATE, {"type": "status", "status": 429, "retryAfter": 1}, times=1)
    started = time.monotonic()

    platform.create_access_group("Team")

    assert 1 <= time.monotonic() - started < 5
    assert namespace.requests(CREATE) == 2


def test_two_503_responses_are_retried(platform, namespace):
    fail(namespace, times=2)

    platform.create_access_group("Team")

    assert names(platform) == ["Team"]
    assert namespace.requests(CREATE) == 3


def test_a_persistent_503_is_an_error_after_two_retries(platform, namespace):
    fail(namespace, times=9)

    with pytest.raises(HTTPRetryError):
        platform.create_access_group("Team")

    assert namespace.requests(CREATE) == 3


def test_a_response_dropped_after_a_create_is_retried_with_a_second_group(platform, namespace):
    namespace.fault(CREATE, {"type": "commit-then-fail"}, times=1)

    platform.create_access_group("Team")

    assert names(platform) == ["Team", "Team"]
