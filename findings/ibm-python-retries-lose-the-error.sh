#!/usr/bin/env bash
# ibm-cloud-sdk-core (Python) 3.28.0 with enable_retries(): if the last retry fails, the caller gets
# requests.exceptions.RetryError without the response, so that code that catches ApiException misses it, and the status,
# message and transaction id of the service are lost. Without retries the same response is an ApiException.
#
# Expected: ApiException in both cases, as the cores for Node and Go return the last response.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_python ibm-cloud-sdk-core==3.28.0 ibm-platform-services==0.77.1 <<'EOF'
from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import NoAuthAuthenticator
from ibm_platform_services import IamAccessGroupsV2
from requests.exceptions import RetryError
from stub import Stub


def error_of(service):
    try:
        service.list_access_groups("account")
    except Exception as error:
        return error
    raise AssertionError("the call succeeded")


stub = Stub(lambda request: (503, {"errors": [{"code": "service_unavailable", "message": "try later"}], "trace": "t-1"}))
service = IamAccessGroupsV2(authenticator=NoAuthAuthenticator())
service.set_service_url(stub.url)
without = error_of(service)
assert isinstance(without, ApiException) and without.status_code == 503 and without.message == "try later", without

service.enable_retries(max_retries=1, retry_interval=0.1)
last = error_of(service)
assert isinstance(last, RetryError) and last.response is None, repr(last)
assert not isinstance(last, ApiException) and "try later" not in str(last), last
assert len(stub.requests) == 3, stub.requests
print("confirmed: RetryError without the response")
EOF
