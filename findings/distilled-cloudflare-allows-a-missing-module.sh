#!/usr/bin/env bash
# @distilled.cloud/cloudflare 1.0.0-rc.12 accepts effect 4.1.0 as its peer dependency, but cannot be loaded with it: it
# imports effect/unstable/http, which that version does not have. With effect 4.0.0-rc.117 it can be loaded.
#
# Expected: the range of the peer dependency excludes versions without the module.
set -euo pipefail
. "$(dirname "$0")/lib.sh"

with_node @distilled.cloud/cloudflare@1.0.0-rc.12 effect@4.1.0 <<'EOF'
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

const { peerDependencies } = JSON.parse(readFileSync("node_modules/@distilled.cloud/cloudflare/package.json", "utf8"));
assert.match(peerDependencies.effect, />=4\.0\.0/);
await assert.rejects(import("@distilled.cloud/cloudflare"), /effect\/dist\/unstable\/http/);
console.log(`confirmed: effect 4.1.0 is in the range ${peerDependencies.effect} and does not load`);
EOF
