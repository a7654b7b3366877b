// The related APIs: users, service ids, trusted profiles, policies, roles.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { PoliciesPager, UsersPager, V2PoliciesPager, connect, hasStatus } from './connect.mjs';

const accountId = 'acct1';
const VIEWER = 'crn:v1:bluemix:public:iam::::role:Viewer';
const EDITOR = 'crn:v1:bluemix:public:iam::::role:Editor';

test('users are listed and read', async (context) => {
  const { groups, users } = connect(context);
  const accessGroupId = (await groups.createAccessGroup({ accountId, name: 'Team' })).result.id;
  const members = ['IBMid-0', 'IBMid-1', 'IBMid-2'].map((id) => ({ iam_id: id, type: 'user' }));
  await groups.addMembersToAccessGroup({ accessGroupId, members });

  const listed = await new UsersPager(users, { accountId, limit: 2 }).getAll();
  assert.deepEqual(listed.map((user) => user.iam_id), ['IBMid-0', 'IBMid-1', 'IBMid-2']);
  assert.equal((await users.getUserProfile({ accountId, iamId: 'IBMid-1' })).result.iam_id, 'IBMid-1');
  await assert.rejects(users.getUserProfile({ accountId, iamId: 'IBMid-9' }), hasStatus(404));
});

test('service ids are created, listed, updated and deleted', async (context) => {
  const { identities } = connect(context);

  const { id, entity_tag: ifMatch } = (await identities.createServiceId({ accountId, name: 'bot' })).result;
  assert.equal((await identities.updateServiceId({ id, ifMatch, name: 'robot' })).result.name, 'robot');
  await assert.rejects(identities.updateServiceId({ id, ifMatch, name: 'late' }), hasStatus(409, 412));
  const listed = await identities.listServiceIds({ accountId });
  assert.deepEqual(listed.result.serviceids.map((it) => it.name), ['robot']);
  assert.equal((await identities.getServiceId({ id })).result.name, 'robot');
  await identities.deleteServiceId({ id });
  await assert.rejects(identities.getServiceId({ id }), hasStatus(404));
});

test('profiles are created, listed, updated and deleted', async (context) => {
  const { identities } = connect(context);

  const created = (await identities.createProfile({ accountId, name: 'deploy' })).result;
  const profileId = created.id;
  await identities.updateProfile({ profileId, ifMatch: created.entity_tag, name: 'release' });
  assert.deepEqual((await identities.listProfiles({ accountId })).result.profiles.map((it) => it.name), ['release']);
  assert.equal((await identities.getProfile({ profileId })).result.name, 'release');
  await identities.deleteProfile({ profileId });
  await assert.rejects(identities.getProfile({ profileId }), hasStatus(404));
});

test('v1 policies are created, replaced, listed and deleted', async (context) => {
  const { groups, policies } = connect(context);
  const group = (await groups.createAccessGroup({ accountId, name: 'Team' })).result.id;
  const form = {
    type: 'access',
    subjects: [{ attributes: [{ name: 'access_group_id', value: group }] }],
    resources: [{ attributes: [{ name: 'accountId', value: accountId }, { name: 'serviceType', value: 'service' }] }],
  };

  const policyId = (await policies.createPolicy({ ...form, roles: [{ role_id: VIEWER }] })).result.id;
  const ifMatch = (await policies.getPolicy({ policyId })).headers.etag;
  const change = { ...form, policyId, ifMatch, roles: [{ role_id: EDITOR }] };
  assert.equal((await policies.replacePolicy(change)).result.roles[0].role_id, EDITOR);
  await assert.rejects(policies.replacePolicy(change), hasStatus(409, 412));
  assert.equal((await policies.listPolicies({ accountId, accessGroupId: group })).result.policies.length, 1);
  assert.equal((await new PoliciesPager(policies, { accountId, limit: 1 }).getAll()).length, 1);
  await policies.deletePolicy({ policyId });
  await assert.rejects(policies.getPolicy({ policyId }), hasStatus(404));
});

test('v2 policies are created, replaced, listed and deleted', async (context) => {
  const { groups, policies } = connect(context);
  const value = (await groups.createAccessGroup({ accountId, name: 'Team' })).result.id;
  const operator = 'stringEquals';
  const form = {
    type: 'access',
    subject: { attributes: [{ key: 'access_group_id', operator, value }] },
    resource: {
      attributes: [
        { key: 'accountId', operator, value: accountId },
        { key: 'serviceType', operator, value: 'service' },
      ],
    },
  };
  const grant = (role) => ({ grant: { roles: [{ role_id: role }] } });

  const created = await policies.createV2Policy({ ...form, control: grant(VIEWER) });
  const { id } = created.result;
  await policies.replaceV2Policy({ ...form, id, ifMatch: created.headers.etag, control: grant(EDITOR) });
  assert.equal((await policies.getV2Policy({ id })).result.control.grant.roles[0].role_id, EDITOR);
  assert.equal((await policies.listV2Policies({ accountId })).result.policies.length, 1);
  assert.equal((await new V2PoliciesPager(policies, { accountId, limit: 1 }).getAll()).length, 1);
  await policies.deleteV2Policy({ id });
  await assert.rejects(policies.getV2Policy({ id }), hasStatus(404));
});

test('roles are listed', async (context) => {
  const { policies } = connect(context);

  const { result } = await policies.listRoles({ accountId });

  assert.ok(result.system_roles.some((role) => role.crn === VIEWER));
});
