#!/usr/bin/env bash
# ibm-cloud-sdk-core (Python) 3.28.0 removes a trailing slash from the URL of a service, but not from the URL of its IAM
# authenticator: `https://iam.cloud.ibm.com/` becomes a request to `//identity/token`.
#
# Expected: `/identity/token`, as the URL of the service is treated.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_python ibm-cloud-sdk-core==3.28.0 ibm-platform-services==0.77.1 <<'EOF'
from ibm_cloud_sdk_core.authenticators import IAMAuthenticator
from ibm_platform_services import IamAccessGroupsV2
from stub import Stub, iam_token

groups = {"limit": 50, "offset": 0, "total_count": 0, "groups": []}
stub = Stub(lambda request: (200, iam_token() if "token" in request.path else groups))
service = IamAccessGroupsV2(authenticator=IAMAuthenticator("any", url=stub.url + "/"))
service.set_service_url(stub.url + "/")
service.list_access_groups("account")
paths = [request.path.split("?")[0] for request in stub.requests]
assert paths == ["//identity/token", "/v2/groups"], paths
print("confirmed: the token is requested from", paths[0])
EOF
