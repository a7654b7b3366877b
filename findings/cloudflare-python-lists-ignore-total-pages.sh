#!/usr/bin/env bash
# cloudflare (Python) 5.9.0 requests the page after the last one: iterating over accounts.list() ends only with an empty
# page, whatever result_info.total_pages says, so that every complete list costs one request more than it has pages.
#
# Expected: one request, because the first response says that there is one page.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_python cloudflare==5.9.0 <<'EOF'
from cloudflare import Cloudflare
from stub import Stub


def respond(request):
    accounts = [] if "page=2" in request.path else [{"id": "a", "name": "a", "type": "standard"}]
    info = {"page": 1, "per_page": 20, "count": 1, "total_count": 1, "total_pages": 1}
    return 200, {"success": True, "errors": [], "messages": [], "result": accounts, "result_info": info}


stub = Stub(respond)
client = Cloudflare(base_url=stub.url, api_token="token", max_retries=0)
assert [account.id for account in client.accounts.list()] == ["a"]
paths = [request.path for request in stub.requests]
assert len(paths) == 2 and "page=2" in paths[1], paths
print("confirmed: page 2 of 1 is requested")
EOF
