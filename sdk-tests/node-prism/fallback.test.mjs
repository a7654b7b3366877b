// Prism as the fallback server of the cloudflare dialect: it responds to requests that the server has no operation for.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { Namespace, require } from '../node/namespace.mjs';

const { Cloudflare } = require('cloudflare');

const ACCOUNT = '023e105f4ecef8ad9ca31a8372d0c353';
const PRISM_URL = 'http://127.0.0.1:14020';

let prism;

before(async () => {
  const program = join(process.env.NODE_PACKAGES, 'node_modules', '@stoplight', 'prism-cli', 'dist', 'index.js');
  const description = join(import.meta.dirname, 'description.yaml');
  prism = spawn(process.execPath, [program, 'mock', '--port', '14020', description], { stdio: 'ignore' });
  await until(async () => (await fetch(`${PRISM_URL}/ips`)).ok);
});

after(() => prism.kill());

async function until(isReady) {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await isReady().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Prism does not start');
}

function connect(context) {
  const namespace = new Namespace(context);
  const options = { baseURL: `${namespace.url}/client/v4`, apiToken: 'any', maxRetries: 0 };
  return [namespace, new Cloudflare(options)];
}

test('groups come from the server, the addresses from Prism', async (context) => {
  const [namespace, client] = connect(context);

  const addresses = await client.ips.list();
  const created = await client.zeroTrust.access.groups.create({
    account_id: ACCOUNT, name: 'devs', include: [{ everyone: {} }],
  });
  const groups = await client.zeroTrust.access.groups.list({ account_id: ACCOUNT });

  assert.deepEqual(addresses.ipv4_cidrs, ['192.0.2.0/24']);
  assert.deepEqual(groups.result.map((group) => group.id), [created.id]);
  const list = await (await fetch(`${namespace.url}/__admin/requests`)).json();
  const fallbacks = list.requests.map((request) => request.fallback).filter(Boolean);
  assert.deepEqual(fallbacks, [PRISM_URL]);
});

test('Prism does not receive the token', async (context) => {
  const [, client] = connect(context);

  await assert.rejects(client.memberships.get('membership-1'), (error) => error.status === 401);
});

test('a path that neither has is the 404 of Prism', async (context) => {
  const [namespace] = connect(context);

  const response = await fetch(`${namespace.url}/client/v4/nothing`);

  assert.equal(response.status, 404);
  assert.equal(response.headers.get('x-mock-fallback'), PRISM_URL);
  assert.match(await response.text(), /NO_PATH_MATCHED_ERROR/);
});
