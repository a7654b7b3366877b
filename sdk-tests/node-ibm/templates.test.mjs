// Templates, their versions, and assignments.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { IamAccessGroupsV2, connect, hasStatus } from './connect.mjs';

const accountId = 'acct1';

function groupTemplate(name) {
  return { name, description: 'of a template', members: { users: ['IBMid-1'], action_controls: { add: true } } };
}

async function createTemplate(groups, name = 'Template') {
  const created = await groups.createTemplate({ name, accountId, group: groupTemplate('Managed') });
  assert.equal(created.status, 201);
  return created.result.id;
}

async function commit(groups, templateId, versionNum) {
  const ifMatch = (await groups.getTemplateVersion({ templateId, versionNum })).headers.etag;
  assert.equal((await groups.commitTemplate({ templateId, versionNum, ifMatch })).status, 204);
}

async function managedGroupNames(groups) {
  const listed = await groups.listAccessGroups({ accountId: 'acct2', hidePublicAccess: true });
  return listed.result.groups.map((group) => group.name);
}

test('versions are created, read, updated, committed and deleted', async (context) => {
  const { groups } = connect(context);
  const templateId = await createTemplate(groups);

  const version = { templateId, name: 'Template', group: groupTemplate('Managed 2') };
  const created = await groups.createTemplateVersion(version);
  assert.equal(created.result.version, '2');
  const ifMatch = (await groups.getLatestTemplateVersion({ templateId, verbose: true })).headers.etag;
  const change = { templateId, versionNum: '2', ifMatch, name: 'Template', group: groupTemplate('Managed 3') };
  assert.equal((await groups.updateTemplateVersion(change)).result.group.name, 'Managed 3');
  await assert.rejects(groups.updateTemplateVersion(change), hasStatus(412));
  await commit(groups, templateId, '2');

  assert.equal((await groups.deleteTemplateVersion({ templateId, versionNum: '2' })).status, 204);
  assert.equal((await groups.deleteTemplate({ templateId })).status, 204);
  await assert.rejects(groups.getLatestTemplateVersion({ templateId }), hasStatus(404));
});

test('templates and versions are paginated', async (context) => {
  const { groups } = connect(context);
  const templateId = await createTemplate(groups, 'A');
  await createTemplate(groups, 'B');
  await createTemplate(groups, 'C');
  await groups.createTemplateVersion({ templateId, name: 'A' });

  const listed = await groups.listTemplates({ accountId });
  const paginated = await new IamAccessGroupsV2.TemplatesPager(groups, { accountId, limit: 2 }).getAll();
  assert.deepEqual(paginated, listed.result.group_templates);
  const versions = await groups.listTemplateVersions({ templateId });
  assert.equal(versions.result.group_template_versions.length, 2);
  const pager = new IamAccessGroupsV2.TemplateVersionsPager(groups, { templateId, limit: 1 });
  assert.equal((await pager.getAll()).length, 2);
});

test('an assignment creates the group in the child account', async (context) => {
  const { groups } = connect(context);
  const templateId = await createTemplate(groups);
  await commit(groups, templateId, '1');

  const target = { targetType: 'Account', target: 'acct2' };
  const created = await groups.createAssignment({ templateId, templateVersion: '1', ...target });
  assert.equal(created.status, 202);
  const assignmentId = created.result.id;
  const read = await groups.getAssignment({ assignmentId, verbose: true });
  assert.equal(read.result.status, 'succeeded');
  assert.deepEqual(await managedGroupNames(groups), ['Managed']);
  const listed = await groups.listAssignments({ accountId, templateId });
  assert.deepEqual(listed.result.assignments.map((it) => it.id), [assignmentId]);

  await groups.createTemplateVersion({ templateId, name: 'Template', group: groupTemplate('Managed 2') });
  await commit(groups, templateId, '2');
  const update = { assignmentId, ifMatch: read.headers.etag, templateVersion: '2' };
  assert.equal((await groups.updateAssignment(update)).status, 202);
  assert.deepEqual(await managedGroupNames(groups), ['Managed 2']);
  // The removal of a version reinstates the one before, and that of the first version removes the group.
  assert.equal((await groups.deleteAssignment({ assignmentId })).status, 202);
  assert.deepEqual(await managedGroupNames(groups), ['Managed']);
  assert.equal((await groups.deleteAssignment({ assignmentId })).status, 202);
  assert.deepEqual(await managedGroupNames(groups), []);
});
