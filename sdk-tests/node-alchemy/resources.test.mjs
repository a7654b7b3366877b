// Access groups, and the resources around them, as programs of alchemy create them.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { Namespace } from '../node/namespace.mjs';

const ACCOUNT = '023e105f4ecef8ad9ca31a8372d0c353';
const CREATE = 'cloudflare_create_access_group';
const everyone = [{ everyone: {} }];

/** A program in a folder of its own, which also has the state that alchemy keeps. */
class Program {
  constructor(context) {
    this.namespace = new Namespace(context);
    // The packages are found in a folder above the program.
    this.folder = join(process.env.NODE_PACKAGES, 'programs', context.name.replaceAll(/\W/g, '-'));
    this.env = {
      ...process.env,
      ALCHEMY_CI_STATE_STORE_CHECK: 'false',
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
      CLOUDFLARE_API_TOKEN: 'any',
      CLOUDFLARE_BASE_URL: `${this.namespace.url}/client/v4`,
      HOME: process.env.NODE_PACKAGES,
    };
  }

  static async create(context) {
    const program = new Program(context);
    await rm(program.folder, { recursive: true, force: true });
    await mkdir(program.folder, { recursive: true });
    await copyFile(new URL('program.mjs', import.meta.url), join(program.folder, 'program.mjs'));
    return program;
  }

  /** Runs the program with resources; returns its exit code, the resources that it prints, and its messages. */
  run(resources, ...options) {
    const env = { ...this.env, RESOURCES: JSON.stringify(resources) };
    return new Promise((resolve) => {
      execFile(process.execPath, ['program.mjs', ...options], { cwd: this.folder, env }, (error, stdout, stderr) => {
        const line = stdout.split('\n').find((each) => each.startsWith('{'));
        resolve({ code: error?.code ?? 0, resources: line && JSON.parse(line), messages: stdout + stderr });
      });
    });
  }

  /** Returns what the server has at a path of the account. */
  async get(path) {
    const url = `${this.namespace.url}/client/v4/accounts/${ACCOUNT}/access/${path}`;
    const response = await fetch(url, { headers: { Authorization: 'Bearer any' } });
    return (await response.json()).result;
  }

  async delete(path) {
    const url = `${this.namespace.url}/client/v4/accounts/${ACCOUNT}/access/${path}`;
    await fetch(url, { method: 'DELETE', headers: { Authorization: 'Bearer any' } });
  }
}

const devs = { kind: 'AccessGroup', id: 'devs', name: 'devs', include: everyone };

test('a group is created, updated and deleted', async (context) => {
  const program = await Program.create(context);

  const created = await program.run([devs]);
  assert.equal(created.code, 0, created.messages);
  const { id, isDefault } = created.resources.devs;
  assert.equal(isDefault, undefined);
  assert.deepEqual((await program.get(`groups/${id}`)).include, everyone);

  const office = [{ ip: { ip: '192.0.2.0/24' } }];
  const updated = await program.run([{ ...devs, name: 'developers', exclude: office }]);
  assert.equal(updated.resources.devs.id, id);
  const read = await program.get(`groups/${id}`);
  assert.deepEqual([read.name, read.exclude], ['developers', office]);

  const deleted = await program.run([devs], '--destroy');
  assert.equal(deleted.code, 0, deleted.messages);
  assert.deepEqual(await program.get('groups'), []);
});

test('an application with a policy and an identity provider around a group', async (context) => {
  const program = await Program.create(context);
  const provider = { kind: 'AccessIdentityProvider', id: 'pin', name: 'One-time PIN', type: 'onetimepin' };
  const policy = { kind: 'AccessPolicy', id: 'policy', name: 'Allow', decision: 'allow', include: [{ group: { id: '$devs' } }] };
  const site = { kind: 'AccessApplication', id: 'site', name: 'Site', type: 'self_hosted', domain: 'test.example.com' };
  const all = [devs, provider, policy, { ...site, policies: ['$policy'], allowedIdps: ['$pin'] }];

  const { code, resources, messages } = await program.run(all);

  assert.equal(code, 0, messages);
  assert.deepEqual((await program.get(`policies/${resources.policy.id}`)).include, [{ group: { id: resources.devs.id } }]);
  assert.match(resources.site.aud, /^[0-9a-f]{64}$/);

  const renamed = [devs, { ...provider, name: 'PIN' }, { ...policy, name: 'Permit' }, { ...all[3], name: 'Web site' }];
  assert.equal((await program.run(renamed)).code, 0);
  const names = await Promise.all([
    `identity_providers/${resources.pin.id}`, `policies/${resources.policy.id}`, `apps/${resources.site.id}`,
  ].map(async (path) => (await program.get(path)).name));
  assert.deepEqual(names, ['PIN', 'Permit', 'Web site']);

  assert.equal((await program.run(renamed, '--destroy')).code, 0);
  assert.deepEqual(await Promise.all(['groups', 'policies', 'apps', 'identity_providers'].map((path) => program.get(path))), [[], [], [], []]);
});

test('a run without a change sends nothing, and an update of a deleted group fails', async (context) => {
  const program = await Program.create(context);
  const { resources } = await program.run([devs]);
  await program.delete(`groups/${resources.devs.id}`);

  assert.equal((await program.run([devs])).code, 0);
  assert.equal(await program.namespace.requests(CREATE), 1);
  const { code, messages } = await program.run([{ ...devs, name: 'renamed' }]);
  assert.notEqual(code, 0);
  assert.match(messages, /404/);
});

test('two 503 responses are retried', async (context) => {
  const program = await Program.create(context);
  await program.namespace.fault(CREATE, { type: 'status', status: 503 }, { times: 2 });

  assert.equal((await program.run([devs])).code, 0);

  assert.equal(await program.namespace.requests(CREATE), 3);
});

test('a 403 is retried once', async (context) => {
  const program = await Program.create(context);
  await program.namespace.fault(CREATE, { type: 'status', status: 403 });

  const { code, messages } = await program.run([devs]);

  assert.notEqual(code, 0);
  assert.match(messages, /403/);
  assert.equal(await program.namespace.requests(CREATE), 2);
});
