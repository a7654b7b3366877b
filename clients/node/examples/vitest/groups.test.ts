// Tests with the vendors' official SDKs in vitest.
import IamAccessGroupsV2 from "@ibm-cloud/platform-services/iam-access-groups/v2.js";
import { IamAuthenticator } from "@ibm-cloud/platform-services/auth/index.js";
import { connect, type Namespace } from "access-groups-mock";
import Cloudflare from "cloudflare";
import { test as base, expect } from "vitest";

const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";

// Each test that uses `mock` gets its own namespace; the requests of a failed test are printed.
const test = base.extend<{ mock: Namespace }>({
  mock: async ({ task }, use) => {
    await using mock = connect().namespace(task.name);
    await use(mock);
    if (task.result?.state === "fail") console.error(await mock.admin.transcript());
  },
});

test("Cloudflare: group is created and listed", async ({ mock }) => {
  const { groups } = new Cloudflare({ baseURL: mock.urls.cloudflare, apiToken: "any", maxRetries: 0 }).zeroTrust.access;

  await groups.create({ account_id: ACCOUNT, name: "Admins", include: [{ everyone: {} }] });

  const names = [];
  for await (const group of groups.list({ account_id: ACCOUNT })) names.push(group.name);
  expect(names).toEqual(["Admins"]);
  await mock.admin.verify({ operation: "cloudflare_create_access_group" }, { count: 1 });
});

test("Cloudflare: client throws an error during an outage", async ({ mock }) => {
  const { groups } = new Cloudflare({ baseURL: mock.urls.cloudflare, apiToken: "any", maxRetries: 0 }).zeroTrust.access;
  await mock.admin.fault({ effect: { type: "status", status: 503 }, schedule: { times: 1 } });

  await expect(groups.list({ account_id: ACCOUNT })).rejects.toThrow("503");

  expect((await groups.list({ account_id: ACCOUNT })).result).toEqual([]);
});

test("IBM: members are added to a group", async ({ mock }) => {
  const authenticator = new IamAuthenticator({ apikey: "any", url: mock.urls.ibm });
  const service = new IamAccessGroupsV2({ authenticator, serviceUrl: mock.urls.ibm });
  const group = (await service.createAccessGroup({ accountId: ACCOUNT, name: "Managers" })).result;

  const members = [{ iam_id: "IBMid-1", type: "user" }];
  await service.addMembersToAccessGroup({ accessGroupId: group.id!, members });

  const listed = await service.listAccessGroupMembers({ accessGroupId: group.id! });
  expect(listed.result.total_count).toBe(1);
  await mock.admin.verify({ operation: "ibm_create_token" });
});
