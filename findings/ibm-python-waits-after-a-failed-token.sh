#!/usr/bin/env bash
# ibm-cloud-sdk-core (Python) 3.28.0: after one failed token request, the next call does not fail and does not request a
# token either: it sleeps in the caller's thread until a minute has passed, and only then requests one.
#
# Expected: a new token request, or an error at once. The script takes a minute.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_python ibm-cloud-sdk-core==3.28.0 ibm-platform-services==0.77.1 <<'EOF'
import time
from ibm_cloud_sdk_core import ApiException
from ibm_cloud_sdk_core.authenticators import IAMAuthenticator
from ibm_platform_services import IamAccessGroupsV2
from stub import Stub, iam_token

tokens = []


def respond(request):
    if request.path != "/identity/token":
        return 200, {"limit": 50, "offset": 0, "total_count": 0, "groups": []}
    tokens.append(time.monotonic())
    return (503, {"errorCode": "BXNIM0503E"}) if len(tokens) == 1 else (200, iam_token())


stub = Stub(respond)
service = IamAccessGroupsV2(authenticator=IAMAuthenticator("any", url=stub.url))
service.set_service_url(stub.url)
try:
    service.list_access_groups("account")
    raise AssertionError("the first call succeeded")
except ApiException as error:
    assert error.status_code == 503, error
assert service.list_access_groups("account").get_status_code() == 200
assert 55 < tokens[1] - tokens[0] < 70, tokens
print(f"confirmed: the second call took {tokens[1] - tokens[0]:.0f} s")
EOF
