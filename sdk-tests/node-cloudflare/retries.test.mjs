// The retries of the client: two, after 0.5 s and 1 s, for every method.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Namespace, duration, require } from '../node/namespace.mjs';

const Cloudflare = require('cloudflare');

const account = { account_id: '023e105f4ecef8ad9ca31a8372d0c353' };
const CREATE = 'cloudflare_create_access_group';
const LIST = 'cloudflare_list_access_groups';

function connect(context) {
  const namespace = new Namespace(context);
  const client = new Cloudflare({ baseURL: `${namespace.url}/client/v4`, apiToken: 'any' });
  return [namespace, client.zeroTrust.access.groups];
}

function create(groups, fault, options = {}) {
  const headers = fault ? { 'X-Mock-Fault': fault } : {};
  return groups.create({ ...account, name: 'devs', include: [{ everyone: {} }] }, { headers, ...options });
}

async function names(groups, options = {}) {
  const found = [];
  for await (const group of groups.list(account, options)) found.push(group.name);
  return found;
}

test('429 is retried after the Retry-After delay', async (context) => {
  const [namespace, groups] = connect(context);

  const elapsed = await duration(() => create(groups, 'status=429; retry-after=1; times=1'));

  assert.ok(elapsed >= 1000 && elapsed < 5000, `${elapsed} ms`);
  assert.equal(await namespace.requests(CREATE), 2);
});

test('two 503 responses are retried', async (context) => {
  const [namespace, groups] = connect(context);

  await create(groups, 'status=503; times=2');

  assert.deepEqual(await names(groups), ['devs']);
  assert.equal(await namespace.requests(CREATE), 3);
});

test('a persistent 503 is thrown after two retries', async (context) => {
  const [namespace, groups] = connect(context);

  await assert.rejects(create(groups, 'status=503'), Cloudflare.InternalServerError);
  assert.equal(await namespace.requests(CREATE), 3);
});

test('503 is thrown immediately without retries', async (context) => {
  const [namespace, groups] = connect(context);

  await assert.rejects(create(groups, 'status=503', { maxRetries: 0 }), Cloudflare.InternalServerError);
  assert.equal(await namespace.requests(CREATE), 1);
});

test('a dropped response creates a second group', async (context) => {
  const [namespace, groups] = connect(context);

  await create(groups, 'commit-then-fail; times=1');

  assert.deepEqual(await names(groups), ['devs', 'devs']);
  assert.equal(await namespace.requests(CREATE), 2);
});

test('a dropped response without retries is a connection error after the commit', async (context) => {
  const [, groups] = connect(context);

  await assert.rejects(create(groups, 'commit-then-fail; times=1', { maxRetries: 0 }), Cloudflare.APIConnectionError);

  assert.deepEqual(await names(groups), ['devs']);
});

test('a slow response succeeds', async (context) => {
  const [namespace, groups] = connect(context);

  await create(groups, 'delay=300ms; times=1');

  assert.equal(await namespace.requests(CREATE), 1);
});

test('a timeout is retried', async (context) => {
  const [namespace, groups] = connect(context);
  await namespace.fault(LIST, { type: 'delay', min: '2s' }, { times: 2 });

  await assert.rejects(names(groups, { timeout: 500, maxRetries: 0 }), Cloudflare.APIConnectionTimeoutError);
  assert.deepEqual(await names(groups, { timeout: 500 }), []);
});
