// Access groups, resource groups and permission groups with the major versions 3 and 4 of the client.
//
// They parse the envelope of a single resource group or permission group as the object itself.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Cloudflare, account, all, connect, everyone, scope, zone } from '../node/cloudflare.mjs';

for (const [owner, whose] of [[account, 'an account'], [zone, 'a zone']]) {
  test(`a group of ${whose} is created, listed, read, replaced and deleted`, async (context) => {
    const { groups } = connect(context).zeroTrust.access;

    const created = await groups.create({
      ...owner,
      name: 'devs',
      include: [{ email_domain: { domain: 'example.com' } }],
      exclude: [{ geo: { country_code: 'US' } }],
    });
    assert.equal(created.include[0].email_domain.domain, 'example.com');
    assert.deepEqual(await groups.get(created.id, owner), created);
    assert.deepEqual((await all(groups.list(owner))).map((group) => group.id), [created.id]);

    const replaced = await groups.update(created.id, { ...owner, name: 'renamed', include: everyone });
    assert.deepEqual([replaced.id, replaced.name, replaced.exclude], [created.id, 'renamed', []]);

    assert.equal((await groups.delete(created.id, owner)).id, created.id);
    await assert.rejects(groups.get(created.id, owner), (error) => {
      assert.ok(error instanceof Cloudflare.NotFoundError);
      assert.ok(error.errors.length > 0);
      return true;
    });
  });
}

test('invalid input is a BadRequestError', async (context) => {
  const { groups } = connect(context).zeroTrust.access;

  await assert.rejects(groups.create({ ...account, name: '', include: [] }), Cloudflare.BadRequestError);
});

test('a resource group is created, read, updated, listed and deleted', async (context) => {
  const groups = connect(context).iam.resourceGroups;

  const { result: created } = await groups.create({ ...account, name: 'zones', scope });
  assert.equal((await groups.get(created.id, account)).result.id, created.id);
  await groups.update(created.id, { ...account, name: 'renamed' });
  const names = (await all(groups.list(account))).map((group) => group.name);
  assert.deepEqual(names, [`com.cloudflare.api.account.${account.account_id}`, 'renamed']);
  assert.equal((await groups.delete(created.id, account)).id, created.id);
  await assert.rejects(groups.get(created.id, account), Cloudflare.NotFoundError);
});

test('permission groups are paginated and read', async (context) => {
  const groups = connect(context).iam.permissionGroups;

  const everything = await all(groups.list({ ...account, per_page: 2 }));

  assert.ok(everything.length > 4);
  assert.equal((await groups.get(everything[3].id, account)).result.name, everything[3].name);
  await assert.rejects(groups.get('0'.repeat(32), account), Cloudflare.NotFoundError);
});
