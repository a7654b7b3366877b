// Templates, their versions, and assignments.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { IamAccessGroupsV2, connect, refusal } from './connect.mjs';

const accountId = 'acct1';

function blueprint(name) {
  return { name, description: 'of a template', members: { users: ['IBMid-1'], action_controls: { add: true } } };
}

async function template(groups, name = 'Template') {
  const made = await groups.createTemplate({ name, accountId, group: blueprint('Managed') });
  assert.equal(made.status, 201);
  return made.result.id;
}

async function commit(groups, templateId, versionNum) {
  const ifMatch = (await groups.getTemplateVersion({ templateId, versionNum })).headers.etag;
  assert.equal((await groups.commitTemplate({ templateId, versionNum, ifMatch })).status, 204);
}

async function managed(groups) {
  const listed = await groups.listAccessGroups({ accountId: 'acct2', hidePublicAccess: true });
  return listed.result.groups.map((group) => group.name);
}

test('versions are made, read, changed, committed and deleted', async (context) => {
  const { groups } = connect(context);
  const templateId = await template(groups);

  const made = await groups.createTemplateVersion({ templateId, name: 'Template', group: blueprint('Managed 2') });
  assert.equal(made.result.version, '2');
  const ifMatch = (await groups.getLatestTemplateVersion({ templateId, verbose: true })).headers.etag;
  const change = { templateId, versionNum: '2', ifMatch, name: 'Template', group: blueprint('Managed 3') };
  assert.equal((await groups.updateTemplateVersion(change)).result.group.name, 'Managed 3');
  await assert.rejects(groups.updateTemplateVersion(change), refusal(412));
  await commit(groups, templateId, '2');

  assert.equal((await groups.deleteTemplateVersion({ templateId, versionNum: '2' })).status, 204);
  assert.equal((await groups.deleteTemplate({ templateId })).status, 204);
  await assert.rejects(groups.getLatestTemplateVersion({ templateId }), refusal(404));
});

test('templates and versions are paged', async (context) => {
  const { groups } = connect(context);
  const templateId = await template(groups, 'A');
  await template(groups, 'B');
  await template(groups, 'C');
  await groups.createTemplateVersion({ templateId, name: 'A' });

  const listed = await groups.listTemplates({ accountId });
  const paged = await new IamAccessGroupsV2.TemplatesPager(groups, { accountId, limit: 2 }).getAll();
  assert.deepEqual(paged, listed.result.group_templates);
  const versions = await groups.listTemplateVersions({ templateId });
  assert.equal(versions.result.group_template_versions.length, 2);
  const pager = new IamAccessGroupsV2.TemplateVersionsPager(groups, { templateId, limit: 1 });
  assert.equal((await pager.getAll()).length, 2);
});

test('an assignment brings the group about in the child account', async (context) => {
  const { groups } = connect(context);
  const templateId = await template(groups);
  await commit(groups, templateId, '1');

  const target = { targetType: 'Account', target: 'acct2' };
  const made = await groups.createAssignment({ templateId, templateVersion: '1', ...target });
  assert.equal(made.status, 202);
  const assignmentId = made.result.id;
  const read = await groups.getAssignment({ assignmentId, verbose: true });
  assert.equal(read.result.status, 'succeeded');
  assert.deepEqual(await managed(groups), ['Managed']);
  const listed = await groups.listAssignments({ accountId, templateId });
  assert.deepEqual(listed.result.assignments.map((it) => it.id), [assignmentId]);

  await groups.createTemplateVersion({ templateId, name: 'Template', group: blueprint('Managed 2') });
  await commit(groups, templateId, '2');
  const update = { assignmentId, ifMatch: read.headers.etag, templateVersion: '2' };
  assert.equal((await groups.updateAssignment(update)).status, 202);
  assert.deepEqual(await managed(groups), ['Managed 2']);
  assert.equal((await groups.deleteAssignment({ assignmentId })).status, 202);
  assert.deepEqual(await managed(groups), []);
});
