// The commands for access groups, resource groups and permission groups.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

import { Namespace } from '../node/namespace.mjs';

const ACCOUNT = '023e105f4ecef8ad9ca31a8372d0c353';
const program = join(process.env.NODE_PACKAGES, 'node_modules', 'cf', 'bin', 'cf');
const devs = JSON.stringify({ name: 'devs', include: [{ everyone: {} }] });
const LIST = 'cloudflare_list_access_groups';

/** Returns a function that runs a command, and returns its exit code, the JSON that it prints, and its messages. */
function connect(context) {
  const namespace = new Namespace(context);
  const env = {
    ...process.env,
    CF_HIDE_COMMANDS: 'false',
    CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
    CLOUDFLARE_API_TOKEN: 'any',
    CLOUDFLARE_BASE_URL: `${namespace.url}/client/v4`,
    HOME: process.env.NODE_PACKAGES,
  };
  const run = (command, ...rest) => new Promise((resolve) => {
    execFile(process.execPath, [program, ...command.split(' '), ...rest], { env }, (error, stdout, stderr) => {
      resolve({ code: error?.code ?? 0, json: stdout.trim() ? JSON.parse(stdout) : undefined, messages: stderr });
    });
  });
  return [namespace, run];
}

test('a group is created, read, replaced, listed and deleted', async (context) => {
  const [, cf] = connect(context);

  const { json: created } = await cf('zero-trust access groups-create', '--body', devs);
  assert.deepEqual(created.include, [{ everyone: {} }]);
  assert.deepEqual((await cf('zero-trust access groups-get', created.id)).json, created);
  const renamed = JSON.stringify({ name: 'renamed', include: [{ everyone: {} }] });
  assert.equal((await cf('zero-trust access groups-update', created.id, '--body', renamed)).json.name, 'renamed');
  assert.deepEqual((await cf('zero-trust access groups-list')).json.map((group) => group.name), ['renamed']);
  assert.equal((await cf('zero-trust access groups-delete', created.id)).code, 0);
  assert.deepEqual((await cf('zero-trust access groups-list')).json, []);
});

test('an error is printed with its code, and the exit code is 1', async (context) => {
  const [, cf] = connect(context);

  const { code, messages } = await cf('zero-trust access groups-get', '00000000-0000-0000-0000-000000000000');

  assert.equal(code, 1);
  assert.match(messages, /API Error: 404/);
  assert.match(messages, /\[12152\] access\.api\.error\.unknown_group/);
});

test('a 503 is reported without retries', async (context) => {
  const [namespace, cf] = connect(context);
  await namespace.fault(LIST, { type: 'status', status: 503 });

  const { code, messages } = await cf('zero-trust access groups-list');

  assert.equal(code, 1);
  assert.match(messages, /503/);
  assert.equal(await namespace.requests(LIST), 1);
});

test('a resource group is created, read, updated, listed and deleted', async (context) => {
  const [, cf] = connect(context);
  const scope = { key: `com.cloudflare.api.account.${ACCOUNT}`, objects: [{ key: '*' }] };

  const { json: created, messages } = await cf('iam resource-groups create', '--body', JSON.stringify({ name: 'zones', scope }));
  assert.ok(created, messages);
  assert.equal((await cf('iam resource-groups get', created.id)).json.id, created.id);
  const renamed = JSON.stringify({ name: 'renamed' });
  assert.equal((await cf('iam resource-groups update', created.id, '--body', renamed)).json.name, 'renamed');
  const names = (await cf('iam resource-groups list')).json.map((group) => group.name);
  assert.deepEqual(names, [`com.cloudflare.api.account.${ACCOUNT}`, 'renamed']);
  assert.equal((await cf('iam resource-groups delete', created.id)).code, 0);
});

test('permission groups are listed and read', async (context) => {
  const [, cf] = connect(context);

  const { json: groups } = await cf('iam permission-groups list');

  assert.ok(groups.length > 4);
  assert.equal((await cf('iam permission-groups get', groups[1].id)).json.name, groups[1].name);
});
