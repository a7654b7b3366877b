// What the client does by itself when requests fail: nothing, until `enableRetries` is called.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { duration } from '../node/space.mjs';
import { connect, refusal } from './connect.mjs';

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

function patient(groups) {
  groups.enableRetries({ maxRetries: 2, maxRetryInterval: 0.1 });
}

test('nothing is tried again by default', async (context) => {
  const { space, groups } = connect(context);

  await assert.rejects(create(groups, 'status=503; times=1'), refusal(503));
  assert.equal(await space.requests(CREATE), 1);
});

test('429 is thrown by default', async (context) => {
  const { space, groups } = connect(context);

  await assert.rejects(create(groups, 'status=429; retry-after=1; times=1'), refusal(429));
  assert.equal(await space.requests(CREATE), 1);
});

test('429 is tried again after the time of Retry-After, if that is within the longest interval', async (context) => {
  const { space, groups } = connect(context);
  groups.enableRetries({ maxRetries: 2, maxRetryInterval: 2 });

  const took = await duration(() => create(groups, 'status=429; retry-after=1; times=1'));

  assert.ok(took >= 1000 && took < 5000, `${took} ms`);
  assert.equal(await space.requests(CREATE), 2);
});

test('503 twice is overcome', async (context) => {
  const { space, groups } = connect(context);
  patient(groups);

  await create(groups, 'status=503; times=2');

  assert.deepEqual(await names(groups), ['Team']);
  assert.equal(await space.requests(CREATE), 3);
});

test('503 without end is thrown after the last retry', async (context) => {
  const { space, groups } = connect(context);
  patient(groups);

  await assert.rejects(create(groups, 'status=503'), refusal(503));
  assert.equal(await space.requests(CREATE), 3);
});

test('PATCH is never tried again', async (context) => {
  const { space, groups } = connect(context);
  const accessGroupId = (await create(groups)).result.id;
  patient(groups);
  const headers = { 'X-Mock-Fault': 'status=503; times=1' };

  await assert.rejects(groups.updateAccessGroup({ accessGroupId, ifMatch: '*', name: 'x', headers }), refusal(503));
  assert.equal(await space.requests(UPDATE), 1);
});

test('a lost answer is an error after the commit', async (context) => {
  const { space, groups } = connect(context);

  await assert.rejects(create(groups, 'commit-then-fail; times=1'));

  assert.deepEqual(await names(groups), ['Team']);
  assert.equal(await space.requests(CREATE), 1);
});

test('a lost answer with retries makes a second group', async (context) => {
  const { space, groups } = connect(context);
  patient(groups);

  await create(groups, 'commit-then-fail; times=1');

  assert.deepEqual(await names(groups), ['Team', 'Team']);
  assert.equal(await space.requests(CREATE), 2);
});

test('a slow answer is waited for', async (context) => {
  const { space, groups } = connect(context);

  await create(groups, 'delay=300ms; times=1');

  assert.equal(await space.requests(CREATE), 1);
});

test('an answer slower than the timeout is an error', async (context) => {
  const { groups } = connect(context, { timeout: 500 });

  // The fault is there once only, so a second request would be answered.
  await assert.rejects(create(groups, 'delay=2s; times=1'), /timeout/);
});

test('an answer slower than the timeout is asked for again with retries', async (context) => {
  const { space, groups } = connect(context, { timeout: 500 });
  patient(groups);

  await create(groups, 'delay=2s; times=1');

  assert.equal(await space.requests(CREATE), 2);
});

test('a stale ETag is a 412, and reading again helps', async (context) => {
  const { groups } = connect(context);
  const accessGroupId = (await create(groups)).result.id;
  const stale = (await groups.getAccessGroup({ accessGroupId })).headers.etag;
  await groups.updateAccessGroup({ accessGroupId, ifMatch: stale, description: 'first' });
  const second = (ifMatch) => groups.updateAccessGroup({ accessGroupId, ifMatch, description: 'second' });

  await assert.rejects(second(stale), refusal(412));
  const fresh = (await groups.getAccessGroup({ accessGroupId })).headers.etag;
  assert.equal((await second(fresh)).status, 200);
});
