// What the client does by itself when requests fail: two retries, after 0.5 s and 1 s, for every method.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Space, duration, require } from '../node/space.mjs';

const Cloudflare = require('cloudflare');

const account = { account_id: '023e105f4ecef8ad9ca31a8372d0c353' };
const CREATE = 'cloudflare_create_access_group';
const LIST = 'cloudflare_list_access_groups';

function connect(context) {
  const space = new Space(context);
  const client = new Cloudflare({ baseURL: `${space.url}/client/v4`, apiToken: 'any' });
  return [space, client.zeroTrust.access.groups];
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

test('429 is tried again after the time of Retry-After', async (context) => {
  const [space, groups] = connect(context);

  const took = await duration(() => create(groups, 'status=429; retry-after=1; times=1'));

  assert.ok(took >= 1000 && took < 5000, `${took} ms`);
  assert.equal(await space.requests(CREATE), 2);
});

test('503 twice is overcome', async (context) => {
  const [space, groups] = connect(context);

  await create(groups, 'status=503; times=2');

  assert.deepEqual(await names(groups), ['devs']);
  assert.equal(await space.requests(CREATE), 3);
});

test('503 without end is thrown after two retries', async (context) => {
  const [space, groups] = connect(context);

  await assert.rejects(create(groups, 'status=503'), Cloudflare.InternalServerError);
  assert.equal(await space.requests(CREATE), 3);
});

test('without retries 503 is thrown at once', async (context) => {
  const [space, groups] = connect(context);

  await assert.rejects(create(groups, 'status=503', { maxRetries: 0 }), Cloudflare.InternalServerError);
  assert.equal(await space.requests(CREATE), 1);
});

test('a lost answer makes a second group', async (context) => {
  const [space, groups] = connect(context);

  await create(groups, 'commit-then-fail; times=1');

  assert.deepEqual(await names(groups), ['devs', 'devs']);
  assert.equal(await space.requests(CREATE), 2);
});

test('a lost answer without retries is a connection error after the commit', async (context) => {
  const [, groups] = connect(context);

  await assert.rejects(create(groups, 'commit-then-fail; times=1', { maxRetries: 0 }), Cloudflare.APIConnectionError);

  assert.deepEqual(await names(groups), ['devs']);
});

test('a slow answer is waited for', async (context) => {
  const [space, groups] = connect(context);

  await create(groups, 'delay=300ms; times=1');

  assert.equal(await space.requests(CREATE), 1);
});

test('an answer slower than the timeout is asked for again', async (context) => {
  const [space, groups] = connect(context);
  await space.fault(LIST, { type: 'delay', min: '2s' }, { times: 2 });

  await assert.rejects(names(groups, { timeout: 500, maxRetries: 0 }), Cloudflare.APIConnectionTimeoutError);
  assert.deepEqual(await names(groups, { timeout: 500 }), []);
});
