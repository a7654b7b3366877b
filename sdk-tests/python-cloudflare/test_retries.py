"""The retries of the client: two, after 0.5 s and 1 s, for every method."""

import time

import cloudflare
import httpx
import pytest

ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353"
LIST = "cloudflare_list_access_groups"
CREATE = "cloudflare_create_access_group"


def create(client, **options):
    groups = client.zero_trust.access.groups
    return groups.create(account_id=ACCOUNT, name="devs", include=[{"everyone": {}}], **options)


def names(client):
    return [group.name for group in client.zero_trust.access.groups.list(account_id=ACCOUNT)]


def test_429_is_retried_after_the_retry_after_delay(client, namespace):
    started = time.monotonic()

    create(client, extra_headers={"X-Mock-Fault": "status=429; retry-after=1; times=1"})

    assert 1 <= time.monotonic() - started < 5
    assert namespace.requests(CREATE) == 2


def test_two_503_responses_are_retried(client, namespace):
    create(client, extra_headers={"X-Mock-Fault": "status=503; times=2"})

    assert names(client) == ["devs"]
    assert namespace.requests(CREATE) == 3


def test_a_persistent_503_is_raised_after_two_retries(client, namespace):
    namespace.fault(LIST, {"type": "status", "status": 503})

    with pytest.raises(cloudflare.InternalServerError) as error:
        client.zero_trust.access.groups.list(account_id=ACCOUNT)
    assert error.value.status_code == 503
    assert namespace.requests(LIST) == 3


def test_503_is_raised_immediately_without_retries(client, namespace):
    with pytest.raises(cloudflare.InternalServerError):
        create(client.with_options(max_retries=0), extra_headers={"X-Mock-Fault": "status=503; times=1"})
    assert namespace.requests(CREATE) == 1


def test_a_dropped_response_creates_a_second_group(client, namespace):
    create(client, extra_headers={"X-Mock-Fault": "commit-then-fail; times=1"})

    assert names(client) == ["devs", "devs"]
    assert namespace.requests(CREATE) == 2


def test_a_dropped_response_without_retries_is_a_connection_error_after_the_commit(client):
    with pytest.raises(cloudflare.APIConnectionError):
        create(client.with_options(max_retries=0), extra_headers={"X-Mock-Fault": "commit-then-fail; times=1"})

    assert names(client) == ["devs"]


def test_a_slow_response_succeeds(client, namespace):
    create(client, extra_headers={"X-Mock-Fault": "delay=300ms; times=1"})

    assert namespace.requests(CREATE) == 1


def test_a_timeout_is_retried(client, namespace):
    with_timeout = client.with_options(timeout=httpx.Timeout(0.5))
    namespace.fault(LIST, {"type": "delay", "min": "2s"}, times=2)

    with pytest.raises(cloudflare.APITimeoutError):
        names(with_timeout.with_options(max_retries=0))
    assert names(with_timeout) == []
