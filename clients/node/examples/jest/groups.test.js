// Tests with Cloudflare's official SDK in jest.
const { connect } = require("access-groups-mock");
const Cloudflare = require("cloudflare");

const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";

let mock;
beforeEach(() => (mock = connect().namespace(expect.getState().currentTestName)));
afterEach(() => mock.delete());

test("group is created and listed", async () => {
  const client = new Cloudflare({ baseURL: mock.urls.cloudflare, apiToken: "any", maxRetries: 0 });

  await client.zeroTrust.access.groups.create({ account_id: ACCOUNT, name: "Admins", include: [{ everyone: {} }] });

  const { result } = await client.zeroTrust.access.groups.list({ account_id: ACCOUNT });
  expect(result.map((group) => group.name)).toEqual(["Admins"]);
  await mock.admin.verify({ operation: "cloudflare_create_access_group" }, { count: 1 });
});
