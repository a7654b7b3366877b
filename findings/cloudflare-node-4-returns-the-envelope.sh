#!/usr/bin/env bash
# cloudflare (Node) 4.5.0 returns the envelope of the response as the resource group, where its types promise the group
# itself: `id` and `name` are undefined, and the group is in `result`. The Access group of the same client is right.
#
# Expected: the group, as for `zeroTrust.access.groups.get`.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_node cloudflare@4.5.0 <<'EOF'
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Cloudflare from "cloudflare";
import { start } from "./stub.mjs";

const types = readFileSync("node_modules/cloudflare/resources/iam/resource-groups.d.ts", "utf8");
assert.match(types, /interface ResourceGroupGetResponse \{[^}]*\bid: string;/);

const result = { id: "a", name: "a", scope: [] };
const stub = await start(() => [200, {}, { success: true, errors: [], messages: [], result }]);
const client = new Cloudflare({ baseURL: stub.url, apiToken: "token", maxRetries: 0 });
const account = { account_id: "account" };

const resourceGroup = await client.iam.resourceGroups.get("a", account);
assert.equal(resourceGroup.id, undefined);
assert.deepEqual(resourceGroup.result, result);
assert.deepEqual(await client.zeroTrust.access.groups.get("a", account), result);
console.log("confirmed: the resource group is in the property result of what get() returns");
process.exit();
EOF
