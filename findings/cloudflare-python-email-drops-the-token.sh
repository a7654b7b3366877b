#!/usr/bin/env bash
# cloudflare (Python) 5.9.0 sends no API token if the environment has CLOUDFLARE_EMAIL, although a token is given in
# the constructor and no API key is set: the request has only the header X-Auth-Email.
#
# Expected: `Authorization: Bearer TOKEN`, which it sends without the variable.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_python cloudflare==5.9.0 <<'EOF'
import os
from cloudflare import Cloudflare
from stub import Stub

stub = Stub(lambda request: (200, {"success": True, "errors": [], "messages": [], "result": {"id": "a", "name": "a"}}))
for email in [None, "someone@example.com"]:
    os.environ.pop("CLOUDFLARE_EMAIL", None)
    if email:
        os.environ["CLOUDFLARE_EMAIL"] = email
    client = Cloudflare(base_url=stub.url, api_token="token", max_retries=0)
    client.zero_trust.access.groups.get("group", account_id="account")

without, with_email = (request.headers for request in stub.requests)
assert without.get("authorization") == "Bearer token", without
assert "authorization" not in with_email, with_email
assert with_email["x-auth-email"] == "someone@example.com", with_email
print("confirmed: no token is sent if CLOUDFLARE_EMAIL is set")
EOF
