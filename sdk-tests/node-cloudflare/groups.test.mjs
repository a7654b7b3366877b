// Access groups of accounts and zones, resource groups, permission groups.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Cloudflare, account, all, connect, everyone, scope, zone } from '../node/cloudflare.mjs';

for (const [owner, whose] of [[account, 'an account'], [zone, 'a zone']]) {
  test(`a group of ${whose} is created, read, replaced and deleted`, async (context) => {
    const { groups } = connect(context).zeroTrust.access;

    const created = await groups.create({
      ...owner,
      name: 'devs',
      include: [{ email_domain: { domain: 'example.com' } }],
      exclude: [{ geo: { country_code: 'US' } }],
      is_default: true,
    });
    assert.equal(created.include[0].email_domain.domain, 'example.com');
    assert.deepEqual(await groups.get(created.id, owner), created);

    const replaced = await groups.update(created.id, { ...owner, name: 'renamed', include: everyone });
    assert.deepEqual([replaced.id, replaced.name, replaced.exclude], [created.id, 'renamed', []]);

    assert.equal((await groups.delete(created.id, owner)).id, created.id);
    await assert.rejects(groups.get(created.id, owner), (error) => {
      assert.ok(error instanceof Cloudflare.NotFoundError);
      assert.equal(error.status, 404);
      assert.ok(error.errors.length > 0);
      return true;
    });
  });

  test(`the groups of ${whose} are paginated and searched`, async (context) => {
    const { groups } = connect(context).zeroTrust.access;
    for (let number = 0; number < 5; number += 1) {
      await groups.create({ ...owner, name: `team ${number}`, include: everyone });
    }

    // The live service accepts only some sizes.
    const listed = await all(groups.list({ ...owner, per_page: 1 }));

    assert.deepEqual(listed.map((group) => group.name), ['team 0', 'team 1', 'team 2', 'team 3', 'team 4']);
    assert.deepEqual((await all(groups.list({ ...owner, search: 'team 3' }))).map((group) => group.name), ['team 3']);
  });
}

test('invalid input is a BadRequestError', async (context) => {
  const { groups } = connect(context).zeroTrust.access;

  await assert.rejects(groups.create({ ...account, name: '', include: [] }), Cloudflare.BadRequestError);
});

test('unknown groups are a NotFoundError', async (context) => {
  const { groups } = connect(context).zeroTrust.access;
  const missing = '00000000-0000-0000-0000-000000000000';

  await assert.rejects(groups.update(missing, { ...account, name: 'x', include: everyone }), Cloudflare.NotFoundError);
  await assert.rejects(groups.delete(missing, account), Cloudflare.NotFoundError);
});

test('a missing credential is rejected', async (context) => {
  const { groups } = connect(context).zeroTrust.access;

  await assert.rejects(
    groups.list(account, { headers: { Authorization: null } }).withResponse(),
    (error) => [400, 401, 403].includes(error.status),
  );
});

test('a resource group is created, read, updated, listed and deleted', async (context) => {
  const groups = connect(context).iam.resourceGroups;

  const created = await groups.create({ ...account, name: 'zones', scope });
  assert.equal((await groups.get(created.id, account)).scope.objects[0].key, '*');
  assert.equal((await groups.update(created.id, { ...account, name: 'renamed' })).id, created.id);
  const names = (await all(groups.list(account))).map((group) => group.name);
  assert.deepEqual(names, [`com.cloudflare.api.account.${account.account_id}`, 'renamed']);
  assert.equal((await groups.delete(created.id, account)).id, created.id);
  await assert.rejects(groups.get(created.id, account), Cloudflare.NotFoundError);
});

test('the predefined resource group cannot be deleted', async (context) => {
  const groups = connect(context).iam.resourceGroups;
  const [predefined] = await all(groups.list(account));

  await assert.rejects(groups.delete(predefined.id, account), Cloudflare.UnprocessableEntityError);
});

test('permission groups are paginated and read', async (context) => {
  const groups = connect(context).iam.permissionGroups;

  const everything = await all(groups.list({ ...account, per_page: 100 }));
  const second = await groups.list({ ...account, per_page: 2, page: 2 });

  assert.deepEqual(second.result.map((group) => group.id), everything.slice(2, 4).map((group) => group.id));
  assert.equal((await groups.get(everything[0].id, account)).name, everything[0].name);
  await assert.rejects(groups.get('0'.repeat(32), account), Cloudflare.NotFoundError);
});
