// Groups. The client has no methods for them, so the tests use its HTTP client, which signs the tokens, retries, and
// converts the errors for all its methods.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Namespace, duration, require } from '../node/namespace.mjs';

const { AuthressClient } = require('@authress/sdk');

// A well-formed key, because the client signs tokens with it; it was generated for tests and grants no access.
const ACCESS_KEY = 'sc_test.key1.acc-test.MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const CREATE = 'authress_create_group';

function connect(context) {
  const namespace = new Namespace(context);
  return [namespace, new AuthressClient({ authressApiUrl: namespace.url }, ACCESS_KEY).httpClient];
}

function create(http, fault, name = 'Editors') {
  const group = { name, users: [{ userId: 'auth0|1' }], admins: [] };
  return http.post('/v1/groups', group, fault ? { 'X-Mock-Fault': fault } : {});
}

async function names(http) {
  return (await http.get('/v1/groups')).data.groups.map((group) => group.name);
}

function hasStatus(status) {
  return (error) => error.status === status;
}

test('a group is created, read, updated and deleted', async (context) => {
  const [, http] = connect(context);

  const created = (await create(http)).data;
  const path = `/v1/groups/${created.groupId}`;
  assert.match(created.groupId, /^grp_/);
  assert.deepEqual((await http.get(path)).data.users, [{ userId: 'auth0|1' }]);
  assert.equal((await http.put(path, { ...created, name: 'Writers' })).data.name, 'Writers');
  assert.equal((await http.post(path, { ...created, name: 'Readers' })).data.name, 'Readers');
  await http.delete(path);
  await assert.rejects(http.get(path), hasStatus(404));
  await assert.rejects(http.delete(path), hasStatus(404));
});

test('pagination follows the cursor', async (context) => {
  const [, http] = connect(context);
  const created = [];
  for (let number = 0; number < 5; number += 1) {
    created.push((await create(http, undefined, `Team ${number}`)).data.groupId);
  }

  const listed = [];
  let cursor = '';
  do {
    const page = (await http.get(`/v1/groups?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).data;
    listed.push(...page.groups.map((group) => group.groupId));
    cursor = page.pagination?.next?.cursor;
  } while (cursor);

  assert.deepEqual(listed, created);
});

test('a stale update is rejected, and succeeds after a new read', async (context) => {
  const [, http] = connect(context);
  const created = (await create(http)).data;
  const path = `/v1/groups/${created.groupId}`;
  const update = (current) => http.put(path, created, { 'If-Unmodified-Since': current.lastUpdated });
  await update(created);

  await assert.rejects(update(created), hasStatus(412));
  assert.equal((await update((await http.get(path)).data)).status, 200);
});

test('invalid input is rejected', async (context) => {
  const [, http] = connect(context);

  await assert.rejects(http.post('/v1/groups', { users: [] }), hasStatus(400));
});

test('a request without a token is rejected', async (context) => {
  const http = new AuthressClient({ authressApiUrl: new Namespace(context).url }, () => '').httpClient;

  await assert.rejects(http.get('/v1/groups'), hasStatus(401));
});

test('429 is thrown immediately, regardless of Retry-After', async (context) => {
  const [namespace, http] = connect(context);

  await assert.rejects(create(http, 'status=429; retry-after=1; times=1'), hasStatus(429));
  assert.equal(await namespace.requests(CREATE), 1);
});

test('two 503 responses are retried', async (context) => {
  const [namespace, http] = connect(context);

  await create(http, 'status=503; times=2');

  assert.deepEqual(await names(http), ['Editors']);
  assert.equal(await namespace.requests(CREATE), 3);
});

test('a persistent 503 is thrown after the fifth attempt', async (context) => {
  const [namespace, http] = connect(context);

  await assert.rejects(create(http, 'status=503'), hasStatus(503));
  assert.equal(await namespace.requests(CREATE), 5);
});

test('a dropped response creates a second group', async (context) => {
  const [namespace, http] = connect(context);

  await create(http, 'commit-then-fail; times=1');

  assert.deepEqual(await names(http), ['Editors', 'Editors']);
  assert.equal(await namespace.requests(CREATE), 2);
});

test('a slow response succeeds', async (context) => {
  const [namespace, http] = connect(context);

  const elapsed = await duration(() => create(http, 'delay=300ms; times=1'));

  assert.ok(elapsed >= 300, `${elapsed} ms`);
  assert.equal(await namespace.requests(CREATE), 1);
});

test('a timeout is retried', async (context) => {
  const [namespace, http] = connect(context);
  await create(http);
  // The client sets no timeout; this is the default of its axios client.
  http.client.defaults.timeout = 500;

  await create(http, 'delay=2s; times=1');

  assert.equal(await namespace.requests(CREATE), 3);
});
