#!/usr/bin/env bash
# ibm-cloud-sdk-core (Python) 3.28.0 with enable_retries() retries POST, which may create a second object, but not PATCH,
# also if it has the precondition If-Match, which makes a repetition safe.
#
# Expected: PATCH is retried as well, as with the core for Go, or POST is not.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_python ibm-cloud-sdk-core==3.28.0 ibm-platform-services==0.77.1 <<'EOF'
from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import NoAuthAuthenticator
from ibm_platform_services import IamAccessGroupsV2
from stub import Stub


def requests_of(call):
    """Returns how many requests a call sends to a service that fails once."""
    stub = Stub(lambda request: (503, {}) if len(stub.requests) == 1 else (200, {"id": "group", "name": "a"}))
    service = IamAccessGroupsV2(authenticator=NoAuthAuthenticator())
    service.set_service_url(stub.url)
    service.enable_retries(max_retries=2, retry_interval=0.1)
    try:
        call(service)
    except ApiException as error:
        assert error.status_code == 503, error
    return len(stub.requests)


assert requests_of(lambda service: service.create_access_group("account", "a")) == 2
assert requests_of(lambda service: service.get_access_group("group")) == 2
assert requests_of(lambda service: service.update_access_group("group", "etag", name="b")) == 1
print("confirmed: PATCH is not retried, POST is")
EOF
