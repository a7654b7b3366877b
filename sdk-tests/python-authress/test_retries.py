"""The retries of the client.

It retries 5xx responses five times, after 20 ms, 40 ms, ….
At a lower level, urllib3 retries idempotent methods three times on a broken connection, and on the status 413, 429 or
503 with Retry-After.
"""

import time

import pytest
from authress.exceptions import ApiException, ServiceException
from authress.models.group import Group

CREATE = "authress_create_group"
LIST = "authress_get_groups"
UPDATE = "authress_update_group"


def create(client, fault=None):
    headers = {"X-Mock-Fault": fault} if fault else {}
    return client.groups.create_group(Group(name="Editors", users=[], admins=[]), _headers=headers)


def names(client):
    return [group.name for group in client.groups.get_groups().groups]


def test_two_503_responses_are_retried(client, namespace):
    create(client, "status=503; times=2")

    assert names(client) == ["Editors"]
    assert namespace.requests(CREATE) == 3


def test_a_persistent_503_is_raised_after_five_retries(client, namespace):
    with pytest.raises(ServiceException) as error:
        create(client, "status=503")
    assert error.value.status == 503
    assert namespace.requests(CREATE) == 6


def test_429_of_a_post_is_raised_without_retries(client, namespace):
    with pytest.raises(ApiException) as error:
        create(client, "status=429; retry-after=1; times=1")
    assert error.value.status == 429
    assert namespace.requests(CREATE) == 1


def test_429_of_a_get_is_retried_after_the_retry_after_delay(client, namespace):
    namespace.fault(LIST, {"type": "status", "status": 429, "retryAfter": 1}, times=1)
    started = time.monotonic()

    assert names(client) == []

    assert 1 <= time.monotonic() - started < 5
    assert namespace.requests(LIST) == 2


def test_a_dropped_response_to_a_post_is_an_error_after_the_commit(client, namespace):
    with pytest.raises(Exception, match="Connection"):
        create(client, "commit-then-fail; times=1")

    assert names(client) == ["Editors"]
    assert namespace.requests(CREATE) == 1


def test_a_dropped_response_to_a_put_is_retried(client, namespace):
    created = create(client)
    namespace.fault(UPDATE, {"type": "commit-then-fail"}, times=1)
    created.name = "Writers"

    assert client.groups.update_group(created.group_id, created).name == "Writers"
    assert namespace.requests(UPDATE) == 2


def test_a_503_after_the_commit_creates_a_second_group(client):
    create(client, "commit-then-fail=503; times=1")

    assert names(client) == ["Editors", "Editors"]


def test_a_slow_response_succeeds(client, namespace):
    create(client, "delay=300ms; times=1")

    assert namespace.requests(CREATE) == 1


def test_a_post_timeout_is_an_error(client, namespace):
    namespace.fault(CREATE, {"type": "delay", "min": "2s"}, times=1)

    # The fault is injected only once, so a retry would succeed.
    with pytest.raises(Exception, match="timed out"):
        client.groups.create_group(Group(name="Editors", users=[], admins=[]), _request_timeout=0.5)


def test_a_get_timeout_is_retried(client, namespace):
    namespace.fault(LIST, {"type": "delay", "min": "2s"}, times=1)

    assert client.groups.get_groups(_request_timeout=0.5).groups == []
    assert namespace.requests(LIST) == 2
