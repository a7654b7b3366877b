// Access groups, resource groups, permission groups and user groups, with the typed errors of the client.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

import { Namespace, duration, require } from '../node/namespace.mjs';

// The client has only modules for `import`, which are installed in the cache.
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { Effect, Stream } = await load('effect');
const { fromApiToken } = await load('@distilled.cloud/cloudflare/Credentials');
const { none } = await load('@distilled.cloud/cloudflare/Retry');
const { layer } = await load('effect/unstable/http/FetchHttpClient');
const access = await load('@distilled.cloud/cloudflare/zero-trust');
const iam = await load('@distilled.cloud/cloudflare/iam');

const account = { accountId: '023e105f4ecef8ad9ca31a8372d0c353' };
const zone = { zoneId: '9a7806061c88ada191ed06f989cc3dac' };
const include = [{ everyone: {} }];
const scope = { key: `com.cloudflare.api.account.${account.accountId}`, objects: [{ key: '*' }] };
const CREATE = 'cloudflare_create_access_group';

const create = access.createAccessGroupForAccount({ ...account, name: 'devs', include });

/** Returns the namespace, and a function that runs an effect in it. */
function connect(context) {
  const namespace = new Namespace(context);
  const credentials = fromApiToken({ apiToken: 'any', apiBaseUrl: `${namespace.url}/client/v4` });
  const run = (effect) => Effect.runPromise(effect.pipe(Effect.provide(credentials), Effect.provide(layer)));
  return [namespace, run];
}

/** Runs an effect that must fail, and returns the tag of its error. */
async function tagOf(run, effect) {
  return run(Effect.match(effect, { onFailure: (error) => error._tag, onSuccess: () => 'none' }));
}

const names = (page) => page.result.map((group) => group.name);

for (const [level, owner, suffix] of [['an account', account, 'ForAccount'], ['a zone', zone, 'ForZone']]) {
  test(`a group of ${level} is created, read, replaced, listed and deleted`, async (context) => {
    const [, run] = connect(context);

    const created = await run(access[`createAccessGroup${suffix}`]({ ...owner, name: 'devs', include }));
    const groupId = created.id;
    assert.equal(created.isDefault, false);
    assert.deepEqual((await run(access[`getAccessGroup${suffix}`]({ ...owner, groupId }))).include, include);
    const renamed = access[`updateAccessGroup${suffix}`]({ ...owner, groupId, name: 'renamed', include });
    assert.equal((await run(renamed)).name, 'renamed');
    assert.deepEqual(names(await run(access[`listAccessGroups${suffix}`](owner))), ['renamed']);
    await run(access[`deleteAccessGroup${suffix}`]({ ...owner, groupId }));

    assert.equal(await tagOf(run, access[`getAccessGroup${suffix}`]({ ...owner, groupId })), 'AccessGroupNotFound');
    assert.equal(await tagOf(run, access[`deleteAccessGroup${suffix}`]({ ...owner, groupId })), 'AccessGroupNotFound');
  });
}

test('the items of all pages are streamed', async (context) => {
  const [namespace, run] = connect(context);
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    await run(access.createAccessGroupForAccount({ ...account, name, include }));
  }

  const groups = await run(Stream.runCollect(access.listAccessGroupsForAccount.items({ ...account, perPage: 2 })));

  assert.deepEqual(Array.from(groups, (group) => group.name), ['a', 'b', 'c', 'd', 'e']);
  assert.ok(await namespace.requests('cloudflare_list_access_groups') >= 3);
});

test('a resource group is created, read, updated, listed and deleted', async (context) => {
  const [, run] = connect(context);

  const created = await run(iam.createResourceGroup({ ...account, name: 'zones', scope }));
  const resourceGroupId = created.id;
  assert.equal((await run(iam.getResourceGroup({ ...account, resourceGroupId }))).id, resourceGroupId);
  await run(iam.updateResourceGroup({ ...account, resourceGroupId, name: 'renamed', scope }));
  assert.ok(names(await run(iam.listResourceGroups(account))).includes('renamed'));
  await run(iam.deleteResourceGroup({ ...account, resourceGroupId }));

  assert.equal(await tagOf(run, iam.getResourceGroup({ ...account, resourceGroupId })), 'ResourceGroupNotFound');
});

test('permission groups are listed and read', async (context) => {
  const [, run] = connect(context);

  const { result: [, second] } = await run(iam.listPermissionGroups(account));

  const read = await run(iam.getPermissionGroup({ ...account, permissionGroupId: second.id }));
  assert.equal(read.name, second.name);
});

test('a user group with members is created, changed and deleted', async (context) => {
  const [, run] = connect(context);
  const policies = [{ access: 'allow', permissionGroups: [{ id: 'p' }], resourceGroups: [{ id: 'r' }] }];

  const created = await run(iam.createUserGroup({ ...account, name: 'staff', policies }));
  const group = { ...account, userGroupId: created.id };
  assert.equal((await run(iam.getUserGroup(group))).policies[0].permissionGroups[0].id, 'p');
  assert.equal(await tagOf(run, iam.createUserGroup({ ...account, name: 'staff' })), 'UserGroupNameInUse');
  assert.equal((await run(iam.updateUserGroup({ ...group, name: 'crew' }))).name, 'crew');
  assert.deepEqual(names(await run(iam.listUserGroups(account))), ['crew']);

  await run(iam.createUserGroupMember({ ...group, members: [{ id: 'm1' }] }));
  await run(iam.updateUserGroupMember({ ...group, members: [{ id: 'm2' }] }));
  const { result: members } = await run(iam.listUserGroupMembers(group));
  assert.deepEqual(members.map((member) => member.id), ['m2']);
  assert.equal((await run(iam.getUserGroupMember({ ...group, memberId: 'm2' }))).id, 'm2');
  assert.equal(await tagOf(run, iam.getUserGroupMember({ ...group, memberId: 'm1' })), 'UserGroupMemberNotFound');
  await run(iam.deleteUserGroupMember({ ...group, memberId: 'm2' }));

  await run(iam.deleteUserGroup(group));
  assert.equal(await tagOf(run, iam.getUserGroup(group)), 'UserGroupNotFound');
});

test('a 503 with an envelope is not retried', async (context) => {
  const [namespace, run] = connect(context);
  await namespace.fault(CREATE, { type: 'status', status: 503 });

  assert.equal(await tagOf(run, create), 'UnknownCloudflareError');

  assert.equal(await namespace.requests(CREATE), 1);
});

test('429 is retried after the Retry-After delay', async (context) => {
  const [namespace, run] = connect(context);
  await namespace.fault(CREATE, { type: 'status', status: 429, retryAfter: 1 }, { times: 1 });

  const elapsed = await duration(() => run(create));

  assert.ok(elapsed >= 1000 && elapsed < 5000, `${elapsed} ms`);
  assert.equal(await namespace.requests(CREATE), 2);
});

test('a response dropped after a create is retried with a second group', async (context) => {
  const [namespace, run] = connect(context);
  await namespace.fault(CREATE, { type: 'commit-then-fail' }, { times: 1 });

  await run(create);

  assert.deepEqual(names(await run(access.listAccessGroupsForAccount(account))), ['devs', 'devs']);
});

test('without retries, a dropped response is an error', async (context) => {
  const [namespace, run] = connect(context);
  await namespace.fault(CREATE, { type: 'commit-then-fail' }, { times: 1 });

  assert.equal(await tagOf(run, none(create)), 'HttpClientError');

  assert.equal(await namespace.requests(CREATE), 1);
});
