// Tests of the client with a real server.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import * as agm from "../index.js";

const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
const GROUPS = `/client/v4/accounts/${ACCOUNT}/access/groups`;
const SEED = new URL("../../../seeds/demo.json", import.meta.url);

let server;
before(async () => (server = await agm.start()));
after(() => server.stop());

async function send(url, method = "GET", body = undefined) {
  const headers = { Authorization: "Bearer any", "Content-Type": "application/json" };
  const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
  return { status: response.status, body: await response.json() };
}

const createGroup = (mock, name) => send(mock.url + GROUPS, "POST", { name, include: [{ everyone: {} }] });
const listGroups = async (mock) => (await send(mock.url + GROUPS)).body.result.map((group) => group.name);

test("namespaces are isolated", async () => {
  const [one, two] = [server.namespace("one"), server.namespace("two")];

  assert.equal((await createGroup(one, "mine")).status, 201);

  assert.deepEqual(await listGroups(one), ["mine"]);
  assert.deepEqual(await listGroups(two), []);
  assert.equal(await two.admin.count({ method: "POST" }), 0);
});

test("any label results in a valid namespace name", async () => {
  const namespace = server.namespace(`a test, ä ${"x".repeat(200)}`);

  assert.match(namespace.name, /^a-test-x+-[0-9a-f]{8}$/);
  assert.equal(namespace.name.length, 128);
  assert.deepEqual(await listGroups(namespace), []);
});

test("deleted namespace is empty, and unused namespace can be deleted", async () => {
  const namespace = server.namespace();
  await namespace.delete();
  await createGroup(namespace, "mine");

  await namespace[Symbol.asyncDispose]();

  assert.deepEqual(await listGroups(namespace), []);
});

test("URLs are the base URLs of the SDKs", () => {
  const { url, urls } = server.namespace();

  assert.deepEqual(urls, { cloudflare: `${url}/client/v4`, ibm: url, authress: url, legacy: url });
});

test("state, snapshots and resets", async () => {
  const mock = server.namespace();
  await createGroup(mock, "first");
  await mock.admin.snapshot("one");
  await createGroup(mock, "second");
  const saved = await mock.admin.state();

  await mock.admin.restore("one");
  assert.deepEqual(await listGroups(mock), ["first"]);
  await mock.admin.reset("state", "clock");
  assert.deepEqual(await listGroups(mock), []);
  assert.equal(await mock.admin.count(), 4);
  await mock.admin.seed(saved);
  assert.deepEqual((await listGroups(mock)).sort(), ["first", "second"]);
  await mock.admin.reset();
  assert.equal(await mock.admin.count(), 0);
});

test("seed is read from a file, and its errors have a path", async () => {
  const mock = server.namespace();

  await mock.admin.seed(SEED);

  assert.deepEqual(await listGroups(mock), ["Allow devs"]);
  await assert.rejects(mock.admin.seed({ version: 1, ibm: { accounts: 7 } }), (error) => {
    assert(error instanceof agm.AdminError);
    assert.equal(error.status, 400);
    assert.match(error.message, /ibm\.accounts/);
    return true;
  });
});

test("fault is injected the scheduled number of times", async () => {
  const mock = server.namespace();
  const match = { operation: "cloudflare_create_access_group" };

  const [fault] = await mock.admin.fault({ effect: { type: "status", status: 503 }, match, schedule: { times: 1 }, id: "once" });

  assert.equal(fault.id, "once");
  assert.equal((await createGroup(mock, "mine")).status, 503);
  assert.equal((await createGroup(mock, "mine")).status, 201);
  assert.deepEqual((await mock.admin.faults()).map(({ matched, injected }) => [matched, injected]), [[2, 1]]);
  await mock.admin.clearFaults();
  assert.deepEqual(await mock.admin.faults(), []);
  assert.equal((await mock.admin.fault({ preset: "outage" })).length, 1);
});

test("clock is set and advanced", async () => {
  const { admin } = server.namespace();

  assert.match((await admin.setClock({ mode: "frozen", now: new Date("2030-01-01T00:00:00Z") })).now, /^2030-01-01T00:00:00/);
  assert.match((await admin.advance(3_600_005)).now, /^2030-01-01T01:00:00.005/);
  assert.match((await admin.advance("1h")).now, /^2030-01-01T02:00:00.005/);
  assert.equal((await admin.clock()).mode, "frozen");
});

test("fidelity is set until the next reset", async () => {
  const { admin } = server.namespace();

  await admin.setFidelity("live");
  assert.equal(await admin.fidelity(), "live");
  await admin.reset();
  assert.equal(await admin.fidelity(), "documented");
});

test("verification counts requests and lists what was received", async () => {
  const mock = server.namespace();
  await createGroup(mock, "mine");

  assert.equal(await mock.admin.verify({ method: "POST" }), 1);
  assert.equal(await mock.admin.verify({ method: "DELETE" }, { count: 0 }), 0);
  await assert.rejects(mock.admin.verify({ method: "DELETE" }, { count: 1 }), (error) => {
    assert(error instanceof agm.VerificationError);
    assert.match(error.message, /expected exactly 1 matching request/);
    assert(error.message.includes(`POST ${GROUPS} -> 201`));
    return true;
  });
});

test("record is in the format of a seed", async () => {
  const { admin } = server.namespace();
  await admin.seed({ authress: { groups: [{ groupId: "grp_a", name: "A", users: [], admins: [] }] } });

  assert.equal((await admin.record("authress", "group", "grp_a")).name, "A");
  await assert.rejects(admin.record("authress", "group", "grp_a", "other"));
});

test("metrics are in the text format of Prometheus", async () => {
  const mock = server.namespace();
  await send(mock.url + GROUPS, "POST", { name: "counted", include: [{ everyone: {} }] });

  const metrics = await mock.admin.metrics();

  const created = 'dialect="cloudflare",operation="cloudflare_create_access_group",status="2xx"';
  assert(metrics.includes(`\naccess_groups_mock_requests_total{${created}} `), metrics);
});

test("error response is explained", async () => {
  const mock = server.namespace();
  await send(mock.url + GROUPS, "POST", { name: 7 });
  await send(`${mock.url}/nothing`);

  const [rejected, unmatched] = await mock.admin.requests();

  const { rule, received, remediation } = await mock.admin.explain(rejected);
  assert.equal(rule.id, rejected.rule);
  assert((await mock.admin.explain(rejected)).summary.includes(rejected.reason), rejected.reason);
  assert(rule.description);
  assert.equal(remediation, rule.remediation);
  assert.notEqual(received.length, 0);
  const [found, ...others] = await mock.admin.unmatched();
  assert.deepEqual([found.id, others], [unmatched.id, []]);
  assert.deepEqual((await mock.admin.explain(unmatched)).suggestions, found.suggestions);
  const transcript = await mock.admin.transcript();
  assert(transcript.includes(`POST ${GROUPS} -> 400`), transcript);
  assert(transcript.includes('request  {"name":7}'), transcript);
  assert(transcript.includes(`rule     ${rejected.rule}`), transcript);
  assert(transcript.includes("GET /nothing -> 404"), transcript);
});

test("connect uses a running server, by default the one at AGM_URL", async () => {
  assert.throws(() => agm.connect(), /AGM_URL/);
  process.env.AGM_URL = `${server.url}/`;

  const mock = agm.connect();

  delete process.env.AGM_URL;
  assert.equal(mock.urls.ibm, server.url);
  assert.equal((await mock.admin.call("GET", "/health")).status, "healthy");
});

test("admin token is sent", async () => {
  const guarded = await agm.start({ args: ["--admin-token", "secret"] });

  assert.deepEqual(await new agm.Admin(guarded.url, { token: "secret" }).faults(), []);
  await assert.rejects(guarded.admin.faults(), { status: 401 });
  await guarded.stop();
});

test("server stops gracefully, and stop is idempotent", async () => {
  const other = await agm.start();

  assert.equal(await other.stop(), 0);
  assert.equal(await other.stop(), 0);
});

test("start error contains the reason", async () => {
  await assert.rejects(agm.start({ args: ["--no-such-flag"] }), /exited with code 2[^]*--no-such-flag/);
  await assert.rejects(agm.start({ seed: "no-such-file" }), /exited with code 3[^]*no-such-file/);
  await assert.rejects(agm.start({ binary: "/nowhere" }), /could not be started: .*ENOENT/);
});

test("server that is not ready in time is stopped", async () => {
  const silent = script("echo 'still thinking' >&2; exec sleep 60");
  const chatty = script("echo hello; exec sleep 60");

  await assert.rejects(agm.start({ binary: silent, timeout: 3000 }), /not ready after 3000 ms[^]*still thinking/);
  await assert.rejects(agm.start({ binary: chatty }), /ready line: hello/);
});

test("error of a call to an exited server contains the exit signal", async () => {
  const other = await agm.start();
  process.kill(other.pid, "SIGKILL");

  await assert.rejects(other.admin.state(), /was terminated by SIGKILL. Its standard error:\n/);
});

test("binary is read from AGM_BIN, or else from the path", () => {
  const before = { ...process.env };
  const binary = script("exit 0");
  try {
    process.env.AGM_BIN = binary;
    assert.equal(agm.findBinary(), binary);
    process.env.AGM_BIN = "/nowhere";
    assert.throws(() => agm.findBinary(), /AGM_BIN is `\/nowhere`/);
    delete process.env.AGM_BIN;
    process.env.PATH = path.dirname(binary);
    assert.equal(agm.findBinary(), binary);
  } finally {
    Object.assign(process.env, before);
  }
});

test("error for a missing binary lists all locations", () => {
  // The copy is outside of any checkout.
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "agm-"));
  const copy = path.join(folder, "binary.cjs");
  fs.copyFileSync(fileURLToPath(new URL("../lib/binary.cjs", import.meta.url)), copy);
  const { findBinary } = createRequire(import.meta.url)(copy);
  const before = { ...process.env };
  try {
    delete process.env.AGM_BIN;
    process.env.PATH = folder;
    assert.throws(findBinary, new RegExp(`AGM_BIN: not set[^]*PATH: ${folder}[^]*not in a checkout`));
  } finally {
    Object.assign(process.env, before);
  }
});

function script(commands) {
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "agm-")), "access-groups-mock");
  fs.writeFileSync(file, `#!/bin/sh\n${commands}\n`, { mode: 0o755 });
  return file;
}

test("server that was not stopped is killed when its parent process exits", async () => {
  const program = `
    import { start } from ${JSON.stringify(new URL("../index.js", import.meta.url).href)};
    console.log((await start()).url);
  `;

  const url = execFileSync(process.execPath, ["--input-type=module", "--eval", program], { timeout: 20_000, encoding: "utf8" });

  // The operating system may need a moment to close the port of a killed process.
  await eventually(() => assert.rejects(fetch(url.trim())));
});

async function eventually(check) {
  for (let attempt = 1; attempt <= 100; attempt += 1) {
    try {
      return await check();
    } catch {
      await wait(50);
    }
  }
  return check();
}

test("the command runs the binary with its arguments, signals and exit code", async () => {
  const command = fileURLToPath(new URL("../bin/access-groups-mock.cjs", import.meta.url));
  const env = { ...process.env, AGM_BIN: agm.findBinary() };
  const started = spawn(process.execPath, [command, "--port", "0"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const [ready] = await once(started.stdout, "data");
  started.kill("SIGTERM");
  const [code] = await once(started, "exit");

  assert.match(JSON.parse(ready).url, /^http:/);
  assert.equal(code, 0);
  assert.equal(spawnSync(process.execPath, [command, "--no-such-flag"], { env }).status, 2);
});

test("the example in docs/fixtures.md runs", async () => {
  const page = fs.readFileSync(new URL("../../../docs/fixtures.md", import.meta.url), "utf8");
  const example = page.match(/```js\nimport { connect } from "access-groups-mock";\n([^]*?)```/)[1];
  const AsyncFunction = (async () => {}).constructor;
  const runExample = new AsyncFunction("connect", "test", "myCodeCreatesAGroup", example);
  const results = [];

  await runExample(
    () => server,
    (name, body) => results.push(body()),
    async (url) => {
      const create = () => send(`${url}/v2/groups?account_id=a`, "POST", { name: "Red Team" });
      assert.deepEqual([(await create()).status, (await create()).status], [503, 201]);
    },
  );

  assert.equal(results.length, 1);
  await Promise.all(results);
});
