// Access groups, their members and rules, and account settings.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { IamAccessGroupsV2, connect, hasStatus } from './connect.mjs';

const accountId = 'acct1';

async function createGroup(groups, name = 'Team') {
  return (await groups.createAccessGroup({ accountId, name })).result.id;
}

test('a group is created, read, updated and deleted', async (context) => {
  const { groups } = connect(context);

  const created = await groups.createAccessGroup({ accountId, name: 'Team', description: 'blue' });
  assert.equal(created.status, 201);
  const accessGroupId = created.result.id;
  const read = await groups.getAccessGroup({ accessGroupId, showFederated: true, showCrn: true });
  assert.match(read.result.crn, /^crn:/);

  const ifMatch = read.headers.etag;
  const updated = await groups.updateAccessGroup({ accessGroupId, ifMatch, description: 'changed' });
  assert.equal(updated.result.description, 'changed');
  await assert.rejects(groups.updateAccessGroup({ accessGroupId, ifMatch, name: 'too late' }), hasStatus(412));

  assert.equal((await groups.deleteAccessGroup({ accessGroupId })).status, 204);
  await assert.rejects(groups.getAccessGroup({ accessGroupId }), (error) => {
    assert.equal(error.status, 404);
    assert.ok(error.message);
    assert.ok(error.result.trace);
    return true;
  });
});

test('the pager returns all groups', async (context) => {
  const { groups } = connect(context);
  for (let number = 0; number < 5; number += 1) await createGroup(groups, `Team ${number}`);

  const pager = new IamAccessGroupsV2.AccessGroupsPager(groups, { accountId, limit: 2, hidePublicAccess: true });
  const pages = [];
  while (pager.hasNext()) pages.push((await pager.getNext()).map((group) => group.name));

  assert.deepEqual(pages, [['Team 0', 'Team 1'], ['Team 2', 'Team 3'], ['Team 4']]);
  const found = await groups.listAccessGroups({ accountId, search: 'name:Team 3' });
  assert.deepEqual(found.result.groups.map((group) => group.name), ['Team 3']);
});

test('invalid requests return the documented status', async (context) => {
  const { groups } = connect(context);

  await assert.rejects(groups.listAccessGroups({ accountId, sort: 'nonsense' }), hasStatus(400));
  await assert.rejects(groups.listAccessGroupMembers({ accessGroupId: 'AccessGroupId-none' }), hasStatus(404));
});

test('members are added, listed, checked and removed', async (context) => {
  const { groups } = connect(context);
  const accessGroupId = await createGroup(groups);
  const members = [
    { iam_id: 'IBMid-1', type: 'user' },
    { iam_id: 'iam-ServiceId-1', type: 'service' },
    { iam_id: 'iam-Profile-1', type: 'profile' },
  ];

  const added = await groups.addMembersToAccessGroup({ accessGroupId, members });
  assert.equal(added.status, 207);
  assert.deepEqual(added.result.members.map((member) => member.status_code), [200, 200, 200]);
  const pager = new IamAccessGroupsV2.AccessGroupMembersPager(groups, { accessGroupId, limit: 2, verbose: true });
  const listed = (await pager.getAll()).map((member) => member.iam_id);
  assert.deepEqual(listed, ['IBMid-1', 'iam-ServiceId-1', 'iam-Profile-1']);
  assert.equal((await groups.isMemberOfAccessGroup({ accessGroupId, iamId: 'IBMid-1' })).status, 204);
  await assert.rejects(groups.isMemberOfAccessGroup({ accessGroupId, iamId: 'IBMid-2' }), hasStatus(404));

  assert.equal((await groups.removeMemberFromAccessGroup({ accessGroupId, iamId: 'IBMid-1' })).status, 204);
  const removed = await groups.removeMembersFromAccessGroup({ accessGroupId, members: ['iam-ServiceId-1', 'IBMid-1'] });
  assert.deepEqual(removed.result.members.map((member) => member.status_code), [204, 404]);
});

test('a member is added to and removed from multiple groups', async (context) => {
  const { groups } = connect(context);
  const ids = [await createGroup(groups, 'A'), await createGroup(groups, 'B')];
  const who = { accountId, iamId: 'IBMid-1' };

  const joined = await groups.addMemberToMultipleAccessGroups({ ...who, type: 'user', groups: ids });
  assert.deepEqual(joined.result.groups.map((group) => group.status_code), [200, 200]);
  const left = await groups.removeMemberFromAllAccessGroups(who);
  assert.deepEqual(left.result.groups.map((group) => group.status_code), [204, 204]);
  await assert.rejects(groups.removeMemberFromAllAccessGroups(who), hasStatus(404));
});

test('rules are added, listed, replaced and removed', async (context) => {
  const { groups } = connect(context);
  const accessGroupId = await createGroup(groups);
  const conditions = [{ claim: 'isManager', operator: 'EQUALS', value: '"true"' }];
  const rule = { accessGroupId, name: 'r', expiration: 12, realmName: 'https://idp.example', conditions };

  const added = await groups.addAccessGroupRule(rule);
  assert.equal(added.status, 201);
  const ruleId = added.result.id;
  const read = await groups.getAccessGroupRule({ accessGroupId, ruleId });
  const ifMatch = read.headers.etag;
  const replaced = await groups.replaceAccessGroupRule({ ...rule, ruleId, ifMatch, expiration: 24 });
  assert.equal(replaced.result.expiration, 24);
  const listed = await groups.listAccessGroupRules({ accessGroupId });
  assert.deepEqual(listed.result.rules.map((it) => it.id), [ruleId]);
  assert.equal((await groups.removeAccessGroupRule({ accessGroupId, ruleId })).status, 204);
  await assert.rejects(groups.getAccessGroupRule({ accessGroupId, ruleId }), hasStatus(404));
});

test('settings are read and changed', async (context) => {
  const { groups } = connect(context);

  assert.equal((await groups.getAccountSettings({ accountId })).result.public_access_enabled, true);
  const changed = await groups.updateAccountSettings({ accountId, publicAccessEnabled: false });
  assert.equal(changed.result.public_access_enabled, false);
});
