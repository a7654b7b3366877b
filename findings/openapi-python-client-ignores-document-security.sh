#!/usr/bin/env bash
# openapi-python-client 0.29.1 reads `security` of an operation, but not that of the document, which applies to each
# operation that has none: the function of such an operation takes a client without a token, and sends no credential.
#
# Expected: both functions require an AuthenticatedClient.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_python openapi-python-client==0.29.1 <<'EOF'
import json
import subprocess
import sys
from pathlib import Path

responses = {"204": {"description": "done"}}
document = {
    "openapi": "3.1.0",
    "info": {"title": "Groups", "version": "1"},
    "security": [{"token": []}],
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "paths": {
        "/groups/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"operationId": "read_group", "responses": responses},
            "delete": {"operationId": "delete_group", "security": [{"token": []}], "responses": responses},
        }
    },
}
Path("groups.json").write_text(json.dumps(document))
command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--overwrite"]
subprocess.run(
    [*command, "--path", "groups.json", "--output-path", "groups"], check=True, capture_output=True
)


def client_of(operation):
    """Returns the type of the client that the function of the operation takes."""
    source = Path(f"groups/api/default/{operation}.py").read_text()
    function = source[source.index("def sync_detailed(") :]
    return next(line.strip() for line in function.splitlines() if line.strip().startswith("client:"))


assert client_of("delete_group") == "client: AuthenticatedClient,", client_of("delete_group")
assert client_of("read_group") == "client: AuthenticatedClient | Client,", client_of("read_group")
print("confirmed: an operation under the security of the document takes a client without a token")
EOF
