#!/usr/bin/env bash
# ibm-cloud-sdk-core (Node) 5.9.1 with enableRetries() does not retry a 429 with `Retry-After: 0`, which RFC 9110 allows;
# it retries with `Retry-After: 1` and without the header.
#
# Expected: a retry at once.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_node ibm-cloud-sdk-core@5.9.1 @ibm-cloud/platform-services@0.83.1 <<'EOF'
import assert from "node:assert/strict";
import sdk from "@ibm-cloud/platform-services/iam-access-groups/v2.js";
import { NoAuthAuthenticator } from "ibm-cloud-sdk-core";
import { start } from "./stub.mjs";

async function requestsWith(headers) {
  const stub = await start(() => (stub.requests.length === 1 ? [429, headers, {}] : [200, {}, { groups: [] }]));
  const service = new sdk({ authenticator: new NoAuthAuthenticator(), serviceUrl: stub.url });
  service.enableRetries({ maxRetries: 2, maxRetryInterval: 1 });
  await service.listAccessGroups({ accountId: "account" }).catch((error) => assert.equal(error.status, 429));
  return stub.requests.length;
}

assert.equal(await requestsWith({ "Retry-After": "1" }), 2);
assert.equal(await requestsWith({}), 2);
assert.equal(await requestsWith({ "Retry-After": "0" }), 1);
console.log("confirmed: a 429 with Retry-After: 0 is not retried");
process.exit();
EOF
