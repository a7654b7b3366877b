// Conditional writes: an ETag from before the last change is rejected.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { connect, hasStatus } from './connect.mjs';

const accountId = 'acct1';
const roles = [{ role_id: 'crn:v1:bluemix:public:iam::::role:Viewer' }];

/** Asserts that a write succeeds with the current tag, fails with it afterwards, and succeeds with the new one. */
async function assertStaleTagRejected(read, write) {
  const stale = await read();
  await write(stale, 'first');

  await assert.rejects(write(stale, 'second'), hasStatus(412));
  await write(await read(), 'second');
}

async function createGroup(groups) {
  return (await groups.createAccessGroup({ accountId, name: 'Team' })).result.id;
}

async function createTemplate(groups) {
  const created = await groups.createTemplate({ name: 'Template', accountId, group: { name: 'Managed' } });
  return created.result.id;
}

async function versionTag(groups, templateId, versionNum) {
  return (await groups.getTemplateVersion({ templateId, versionNum })).headers.etag;
}

async function commit(groups, templateId, versionNum) {
  await groups.commitTemplate({ templateId, versionNum, ifMatch: await versionTag(groups, templateId, versionNum) });
}

test('stale tag of a group', async (context) => {
  const { groups } = connect(context);
  const accessGroupId = await createGroup(groups);

  await assertStaleTagRejected(
    async () => (await groups.getAccessGroup({ accessGroupId })).headers.etag,
    (ifMatch, description) => groups.updateAccessGroup({ accessGroupId, ifMatch, description }),
  );
});

test('stale tag of a rule', async (context) => {
  const { groups } = connect(context);
  const accessGroupId = await createGroup(groups);
  const conditions = [{ claim: 'isManager', operator: 'EQUALS', value: '"true"' }];
  const rule = { accessGroupId, expiration: 12, realmName: 'https://idp.example', conditions };
  const ruleId = (await groups.addAccessGroupRule({ ...rule, name: 'r' })).result.id;

  await assertStaleTagRejected(
    async () => (await groups.getAccessGroupRule({ accessGroupId, ruleId })).headers.etag,
    (ifMatch, name) => groups.replaceAccessGroupRule({ ...rule, ruleId, ifMatch, name }),
  );
});

test('stale tag of a template version', async (context) => {
  const { groups } = connect(context);
  const templateId = await createTemplate(groups);
  const version = { templateId, versionNum: '1', name: 'Template', group: { name: 'Managed' } };

  await assertStaleTagRejected(
    () => versionTag(groups, templateId, '1'),
    (ifMatch, description) => groups.updateTemplateVersion({ ...version, ifMatch, description }),
  );
});

test('stale tag of a commit', async (context) => {
  const { groups } = connect(context);
  const templateId = await createTemplate(groups);
  const version = { templateId, versionNum: '1', ifMatch: await versionTag(groups, templateId, '1') };
  await groups.updateTemplateVersion({ ...version, name: 'Template', group: { name: 'Managed 2' } });

  await assert.rejects(groups.commitTemplate(version), hasStatus(412));
  await commit(groups, templateId, '1');
});

test('stale tag of an assignment', async (context) => {
  const { groups } = connect(context);
  const templateId = await createTemplate(groups);
  await commit(groups, templateId, '1');
  const target = { targetType: 'Account', target: 'acct2' };
  const created = await groups.createAssignment({ templateId, templateVersion: '1', ...target });
  const assignmentId = created.result.id;
  await groups.createTemplateVersion({ templateId, name: 'Template', group: { name: 'Managed 2' } });
  await commit(groups, templateId, '2');
  const tag = async () => (await groups.getAssignment({ assignmentId })).headers.etag;
  const stale = await tag();
  await groups.updateAssignment({ assignmentId, ifMatch: stale, templateVersion: '2' });
  const back = (ifMatch) => groups.updateAssignment({ assignmentId, ifMatch, templateVersion: '1' });

  await assert.rejects(back(stale), hasStatus(412));
  assert.equal((await back(await tag())).status, 202);
});

test('stale tag of a service id', async (context) => {
  const { identities } = connect(context);
  const { id } = (await identities.createServiceId({ accountId, name: 'bot' })).result;

  await assertStaleTagRejected(
    async () => (await identities.getServiceId({ id })).result.entity_tag,
    (ifMatch, name) => identities.updateServiceId({ id, ifMatch, name }),
  );
});

test('stale tag of a trusted profile', async (context) => {
  const { identities } = connect(context);
  const profileId = (await identities.createProfile({ accountId, name: 'deploy' })).result.id;

  await assertStaleTagRejected(
    async () => (await identities.getProfile({ profileId })).result.entity_tag,
    (ifMatch, name) => identities.updateProfile({ profileId, ifMatch, name }),
  );
});

test('stale tag of a v1 policy', async (context) => {
  const { groups, policies } = connect(context);
  const subjects = [{ attributes: [{ name: 'access_group_id', value: await createGroup(groups) }] }];
  const resources = [{ attributes: [{ name: 'accountId', value: accountId }] }];
  const form = { type: 'access', subjects, roles, resources };
  const policyId = (await policies.createPolicy(form)).result.id;

  await assertStaleTagRejected(
    async () => (await policies.getPolicy({ policyId })).headers.etag,
    (ifMatch, description) => policies.replacePolicy({ ...form, policyId, ifMatch, description }),
  );
});

test('stale tag of a v2 policy', async (context) => {
  const { groups, policies } = connect(context);
  const operator = 'stringEquals';
  const subject = { attributes: [{ key: 'access_group_id', operator, value: await createGroup(groups) }] };
  const resource = { attributes: [{ key: 'accountId', operator, value: accountId }] };
  const form = { type: 'access', subject, resource, control: { grant: { roles } } };
  const { id } = (await policies.createV2Policy(form)).result;

  await assertStaleTagRejected(
    async () => (await policies.getV2Policy({ id })).headers.etag,
    (ifMatch, description) => policies.replaceV2Policy({ ...form, id, ifMatch, description }),
  );
});
