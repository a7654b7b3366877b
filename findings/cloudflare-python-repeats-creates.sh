#!/usr/bin/env bash
# cloudflare (Python) 5.9.0 sends a POST again if the connection ends without a response, by default and without an
# idempotency key, so that a create whose response is lost creates two objects with different identifiers.
#
# Expected: an error, or a key with which the service can recognize the second request.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_python cloudflare==5.9.0 <<'EOF'
from cloudflare import Cloudflare
from stub import Stub

created = []


def respond(request):
    created.append(f"group-{len(created) + 1}")
    if len(created) == 1:
        return None
    return 201, {"success": True, "errors": [], "messages": [], "result": {"id": created[-1], "name": "a"}}


stub = Stub(respond)
client = Cloudflare(base_url=stub.url, api_token="token")
group = client.zero_trust.access.groups.create(account_id="account", name="a", include=[{"everyone": {}}])
assert group.id == "group-2", group
first, second = stub.requests
assert first.method == second.method == "POST" and first.body == second.body
assert not [name for name in second.headers if "idempotency" in name], second.headers
print("confirmed: the caller sees group-2, and group-1 exists, too")
EOF
