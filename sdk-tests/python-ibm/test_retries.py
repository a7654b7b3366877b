"""The retries of the client: none, until `enable_retries` is called."""

import time

import pytest
import requests
from ibm_cloud_sdk_core import ApiException

ACCOUNT = "acct1"
CREATE = "ibm_create_access_group"
UPDATE = "ibm_update_access_group"
TOKEN = "ibm_create_token"


def create(service, fault=None):
    headers = {"X-Mock-Fault": fault} if fault else {}
    return service.create_access_group(account_id=ACCOUNT, name="Team", headers=headers).get_result()["id"]


def names(service):
    listed = service.list_access_groups(ACCOUNT, hide_public_access=True).get_result()
    return [group["name"] for group in listed["groups"]]


def test_nothing_is_retried_by_default(service, namespace):
    with pytest.raises(ApiException) as error:
        create(service, "status=503; times=1")
    assert error.value.status_code == 503
    assert namespace.requests(CREATE) == 1


def test_429_is_an_error_by_default(service, namespace):
    with pytest.raises(ApiException) as error:
        create(service, "status=429; retry-after=1; times=1")
    assert error.value.status_code == 429
    assert namespace.requests(CREATE) == 1


def test_429_is_retried_after_the_retry_after_delay(service, namespace):
    service.enable_retries(max_retries=2, retry_interval=0.1)
    started = time.monotonic()

    create(service, "status=429; retry-after=1; times=1")

    assert 1 <= time.monotonic() - started < 5
    assert namespace.requests(CREATE) == 2


def test_two_503_responses_are_retried(service, namespace):
    service.enable_retries(max_retries=2, retry_interval=0.1)

    create(service, "status=503; times=2")

    assert names(service) == ["Team"]
    assert namespace.requests(CREATE) == 3


def test_a_persistent_503_becomes_a_retry_error_without_the_response(service, namespace):
    service.enable_retries(max_retries=2, retry_interval=0.1)

    with pytest.raises(requests.exceptions.RetryError):
        create(service, "status=503")
    assert namespace.requests(CREATE) == 3


def test_patch_is_never_retried(service, namespace):
    group = create(service)
    service.enable_retries(max_retries=2, retry_interval=0.1)

    with pytest.raises(ApiException) as error:
        service.update_access_group(
            group, if_match="*", name="x", headers={"X-Mock-Fault": "status=503; times=1"})
    assert error.value.status_code == 503
    assert namespace.requests(UPDATE) == 1


def test_a_dropped_response_is_an_error_after_the_commit(service, namespace):
    with pytest.raises(requests.exceptions.ConnectionError):
        create(service, "commit-then-fail; times=1")

    assert names(service) == ["Team"]
    assert namespace.requests(CREATE) == 1


def test_a_dropped_response_with_retries_creates_a_second_group(service, namespace):
    service.enable_retries(max_retries=2, retry_interval=0.1)

    create(service, "commit-then-fail; times=1")

    assert names(service) == ["Team", "Team"]
    assert namespace.requests(CREATE) == 2


def test_a_slow_response_succeeds(service, namespace):
    create(service, "delay=300ms; times=1")

    assert namespace.requests(CREATE) == 1


def test_a_timeout_is_a_read_timeout_error(service, namespace):
    service.set_http_config({"timeout": 0.5})
    namespace.fault(CREATE, {"type": "delay", "min": "2s"})

    with pytest.raises(requests.exceptions.ReadTimeout):
        create(service)


def test_a_timeout_is_retried_with_retries_enabled(service, namespace):
    create(service)
    service.set_http_config({"timeout": 0.5})
    service.enable_retries(max_retries=2, retry_interval=0.1)

    create(service, "delay=2s; times=1")

    assert namespace.requests(CREATE) == 3


def test_a_stale_etag_is_a_412_and_succeeds_after_a_new_read(service):
    group = create(service)
    stale = service.get_access_group(group).get_headers()["ETag"]
    service.update_access_group(group, if_match=stale, description="first")

    with pytest.raises(ApiException) as error:
        service.update_access_group(group, if_match=stale, description="second")
    assert error.value.status_code == 412
    fresh = service.get_access_group(group).get_headers()["ETag"]
    assert service.update_access_group(group, if_match=fresh, description="second").get_status_code() == 200


def test_an_error_of_the_token_endpoint_fails_the_call(service, namespace):
    # The client requests no new token for one minute.
    namespace.fault(TOKEN, {"type": "status", "status": 503}, times=1)

    with pytest.raises(ApiException) as error:
        create(service)
    assert error.value.status_code == 503
    assert (namespace.requests(TOKEN), namespace.requests(CREATE)) == (1, 0)
