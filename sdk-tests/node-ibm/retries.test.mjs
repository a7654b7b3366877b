// The retries of the client: none, until `enableRetries` is called.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { duration } from '../node/namespace.mjs';
import { connect, hasStatus } from './connect.mjs';

const accountId = 'acct1';
const CREATE = 'ibm_create_access_group';
const UPDATE = 'ibm_update_access_group';

function create(groups, fault) {
  return groups.createAccessGroup({ accountId, name: 'Team', headers: fault ? { 'X-Mock-Fault': fault } : {} });
}

async function names(groups) {
  const listed = await groups.listAccessGroups({ accountId, hidePublicAccess: true });
  return listed.result.groups.map((group) => group.name);
}

function enableRetries(groups) {
  groups.enableRetries({ maxRetries: 2, maxRetryInterval: 0.1 });
}

test('nothing is retried by default', async (context) => {
  const { namespace, groups } = connect(context);

  await assert.rejects(create(groups, 'status=503; times=1'), hasStatus(503));
  assert.equal(await namespace.requests(CREATE), 1);
});

test('429 is thrown by default', async (context) => {
  const { namespace, groups } = connect(context);

  await assert.rejects(create(groups, 'status=429; retry-after=1; times=1'), hasStatus(429));
  assert.equal(await namespace.requests(CREATE), 1);
});

test('429 is retried after the Retry-After delay, if the maximum interval is not exceeded', async (context) => {
  const { namespace, groups } = connect(context);
  groups.enableRetries({ maxRetries: 2, maxRetryInterval: 2 });

  const elapsed = await duration(() => create(groups, 'status=429; retry-after=1; times=1'));

  assert.ok(elapsed >= 1000 && elapsed < 5000, `${elapsed} ms`);
  assert.equal(await namespace.requests(CREATE), 2);
});

test('two 503 responses are retried', async (context) => {
  const { namespace, groups } = connect(context);
  enableRetries(groups);

  await create(groups, 'status=503; times=2');

  assert.deepEqual(await names(groups), ['Team']);
  assert.equal(await namespace.requests(CREATE), 3);
});

test('a persistent 503 is thrown after the last retry', async (context) => {
  const { namespace, groups } = connect(context);
  enableRetries(groups);

  await assert.rejects(create(groups, 'status=503'), hasStatus(503));
  assert.equal(await namespace.requests(CREATE), 3);
});

test('PATCH is never retried', async (context) => {
  const { namespace, groups } = connect(context);
  const accessGroupId = (await create(groups)).result.id;
  enableRetries(groups);
  const headers = { 'X-Mock-Fault': 'status=503; times=1' };

  await assert.rejects(groups.updateAccessGroup({ accessGroupId, ifMatch: '*', name: 'x', headers }), hasStatus(503));
  assert.equal(await namespace.requests(UPDATE), 1);
});

test('a dropped response is an error after the commit', async (context) => {
  const { namespace, groups } = connect(context);

  await assert.rejects(create(groups, 'commit-then-fail; times=1'));

  assert.deepEqual(await names(groups), ['Team']);
  assert.equal(await namespace.requests(CREATE), 1);
});

test('a dropped response with retries creates a second group', async (context) => {
  const { namespace, groups } = connect(context);
  enableRetries(groups);

  await create(groups, 'commit-then-fail; times=1');

  assert.deepEqual(await names(groups), ['Team', 'Team']);
  assert.equal(await namespace.requests(CREATE), 2);
});

test('a slow response succeeds', async (context) => {
  const { namespace, groups } = connect(context);

  await create(groups, 'delay=300ms; times=1');

  assert.equal(await namespace.requests(CREATE), 1);
});

test('a timeout is an error', async (context) => {
  const { groups } = connect(context, { timeout: 500 });

  // The fault is injected only once, so a retry would succeed.
  await assert.rejects(create(groups, 'delay=2s; times=1'), /timeout/);
});

test('a timeout is retried with retries enabled', async (context) => {
  const { namespace, groups } = connect(context, { timeout: 500 });
  enableRetries(groups);

  await create(groups, 'delay=2s; times=1');

  assert.equal(await namespace.requests(CREATE), 2);
});

test('a stale ETag is a 412, and a write succeeds after a new read', async (context) => {
  const { groups } = connect(context);
  const accessGroupId = (await create(groups)).result.id;
  const stale = (await groups.getAccessGroup({ accessGroupId })).headers.etag;
  await groups.updateAccessGroup({ accessGroupId, ifMatch: stale, description: 'first' });
  const second = (ifMatch) => groups.updateAccessGroup({ accessGroupId, ifMatch, description: 'second' });

  await assert.rejects(second(stale), hasStatus(412));
  const fresh = (await groups.getAccessGroup({ accessGroupId })).headers.etag;
  assert.equal((await second(fresh)).status, 200);
});
