// Groups. The client has no calls of its own for them, so its HTTP client is driven,
// which signs the tokens, tries again, and shapes the errors of all its calls.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Space, duration, require } from '../node/space.mjs';

const { AuthressClient } = require('@authress/sdk');

// The client signs tokens with it, so it must be well formed; it was made for tests and opens nothing.
const ACCESS_KEY = 'sc_test.key1.acc-test.MC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const CREATE = 'authress_create_group';

function connect(context) {
  const space = new Space(context);
  return [space, new AuthressClient({ authressApiUrl: space.url }, ACCESS_KEY).httpClient];
}

function create(http, fault, name = 'Editors') {
  const group = { name, users: [{ userId: 'auth0|1' }], admins: [] };
  return http.post('/v1/groups', group, fault ? { 'X-Mock-Fault': fault } : {});
}

async function names(http) {
  return (await http.get('/v1/groups')).data.groups.map((group) => group.name);
}

function refusal(status) {
  return (error) => error.status === status;
}

test('a group is created, read, updated and deleted', async (context) => {
  const [, http] = connect(context);

  const made = (await create(http)).data;
  const path = `/v1/groups/${made.groupId}`;
  assert.match(made.groupId, /^grp_/);
  assert.deepEqual((await http.get(path)).data.users, [{ userId: 'auth0|1' }]);
  assert.equal((await http.put(path, { ...made, name: 'Writers' })).data.name, 'Writers');
  assert.equal((await http.post(path, { ...made, name: 'Readers' })).data.name, 'Readers');
  await http.delete(path);
  await assert.rejects(http.get(path), refusal(404));
  await assert.rejects(http.delete(path), refusal(404));
});

test('the pages follow the cursor', async (context) => {
  const [, http] = connect(context);
  const made = [];
  for (let number = 0; number < 5; number += 1) {
    made.push((await create(http, undefined, `Team ${number}`)).data.groupId);
  }

  const seen = [];
  let cursor = '';
  do {
    const page = (await http.get(`/v1/groups?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).data;
    seen.push(...page.groups.map((group) => group.groupId));
    cursor = page.pagination?.next?.cursor;
  } while (cursor);

  assert.deepEqual(seen, made);
});

test('a stale update is refused, and reading again helps', async (context) => {
  const [, http] = connect(context);
  const made = (await create(http)).data;
  const path = `/v1/groups/${made.groupId}`;
  const update = (seen) => http.put(path, made, { 'If-Unmodified-Since': seen.lastUpdated });
  await update(made);

  await assert.rejects(update(made), refusal(412));
  assert.equal((await update((await http.get(path)).data)).status, 200);
});

test('bad input is refused', async (context) => {
  const [, http] = connect(context);

  await assert.rejects(http.post('/v1/groups', { users: [] }), refusal(400));
});

test('a user without a token is refused', async (context) => {
  const http = new AuthressClient({ authressApiUrl: new Space(context).url }, () => '').httpClient;

  await assert.rejects(http.get('/v1/groups'), refusal(401));
});

test('429 is thrown at once, whatever Retry-After says', async (context) => {
  const [space, http] = connect(context);

  await assert.rejects(create(http, 'status=429; retry-after=1; times=1'), refusal(429));
  assert.equal(await space.requests(CREATE), 1);
});

test('503 twice is overcome', async (context) => {
  const [space, http] = connect(context);

  await create(http, 'status=503; times=2');

  assert.deepEqual(await names(http), ['Editors']);
  assert.equal(await space.requests(CREATE), 3);
});

test('503 without end is thrown after the fifth attempt', async (context) => {
  const [space, http] = connect(context);

  await assert.rejects(create(http, 'status=503'), refusal(503));
  assert.equal(await space.requests(CREATE), 5);
});

test('a lost answer makes a second group', async (context) => {
  const [space, http] = connect(context);

  await create(http, 'commit-then-fail; times=1');

  assert.deepEqual(await names(http), ['Editors', 'Editors']);
  assert.equal(await space.requests(CREATE), 2);
});

test('a slow answer is waited for', async (context) => {
  const [space, http] = connect(context);

  const took = await duration(() => create(http, 'delay=300ms; times=1'));

  assert.ok(took >= 300, `${took} ms`);
  assert.equal(await space.requests(CREATE), 1);
});

test('an answer slower than the timeout is asked for again', async (context) => {
  const [space, http] = connect(context);
  await create(http);
  // It sets none by itself; this is the default of the axios client inside.
  http.client.defaults.timeout = 500;

  await create(http, 'delay=2s; times=1');

  assert.equal(await space.requests(CREATE), 3);
});
