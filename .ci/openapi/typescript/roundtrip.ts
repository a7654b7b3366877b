// A round trip in each dialect and in the admin API, with the types of openapi-typescript: `node roundtrip.js URL`.

import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { paths } from "./schema.js";

const url = process.argv[2] ?? "";
const headers = { authorization: "Bearer any" };
const client = createClient<paths>({ baseUrl: url, headers });

async function cloudflare() {
    const cloudflare = createClient<paths>({ baseUrl: `${url}/client/v4`, headers });
    const account = { account_id: "699d98642c564d2e855e9661899b7252" };
    const body = { name: "generated", include: [{ email: { email: "ada@example.com" } }] };
    const created = await cloudflare.POST("/accounts/{account_id}/access/groups", { params: { path: account }, body });
    const id = created.data?.result.id ?? "";
    const path = { ...account, group_id: id };
    const one = "/accounts/{account_id}/access/groups/{group_id}";
    const read = await cloudflare.GET(one, { params: { path } });
    assert.deepEqual(read.data?.result.include[0]?.email, { email: "ada@example.com" });
    const listed = await cloudflare.GET("/accounts/{account_id}/access/groups", {
        params: { path: account, query: { name: "generated" } },
    });
    assert.deepEqual(listed.data?.result.map((group) => group.id), [id]);
    assert.equal((await cloudflare.DELETE(one, { params: { path } })).data?.result.id, id);
    const { error, response } = await cloudflare.GET(one, { params: { path } });
    assert.ok(response.status === 404 && error !== undefined && "errors" in error);
    assert.equal(error.errors[0]?.code, 12152);
}

async function ibm() {
    const account = { account_id: "generated" };
    const created = await client.POST("/v2/groups", { params: { query: account }, body: { name: "generated" } });
    const path = { access_group_id: created.data?.id ?? "" };
    const read = await client.GET("/v2/groups/{access_group_id}", { params: { path } });
    assert.equal(read.data?.name, "generated");
    const changed = await client.PATCH("/v2/groups/{access_group_id}", {
        params: { path, header: { "If-Match": read.response.headers.get("etag") ?? "" } },
        body: { description: "changed" },
    });
    assert.equal(changed.data?.description, "changed");
    const listed = await client.GET("/v2/groups", { params: { query: account } });
    assert.ok(listed.data?.groups.some((group) => group.id === path.access_group_id));
    assert.equal((await client.DELETE("/v2/groups/{access_group_id}", { params: { path } })).response.status, 204);
    const { error, response } = await client.GET("/v2/groups/{access_group_id}", { params: { path } });
    assert.ok(response.status === 404 && error !== undefined && "errors" in error);
    assert.equal(error.errors[0]?.code, "group_not_found");
}

async function authress() {
    const body = { name: "generated", users: [{ userId: "ada" }], admins: [] };
    const created = await client.POST("/v1/groups", { body });
    const path = { groupId: created.data?.groupId ?? "" };
    const read = await client.GET("/v1/groups/{groupId}", { params: { path } });
    assert.deepEqual(read.data?.users, [{ userId: "ada" }]);
    const listed = await client.GET("/v1/groups", {});
    assert.ok(listed.data?.groups.some((group) => group.groupId === path.groupId));
    assert.equal((await client.DELETE("/v1/groups/{groupId}", { params: { path } })).response.status, 204);
    const { error } = await client.GET("/v1/groups/{groupId}", { params: { path } });
    assert.equal(error?.errorCode, "GroupNotFound");
}

async function legacy() {
    const created = await client.POST("/api2/access_groups.json", { body: { entry: { name: "generated" } } });
    const path = { id: created.data?.entry.id ?? 0 };
    const read = await client.GET("/api2/access_groups/{id}.json", { params: { path } });
    assert.equal(read.data?.entry.name, "generated");
    const listed = await client.GET("/api2/access_groups.json", {});
    assert.ok(listed.data?.entries.some((group) => group.id === path.id));
    assert.equal((await client.DELETE("/api2/access_groups/{id}.json", { params: { path } })).response.status, 204);
    const { error, response } = await client.GET("/api2/access_groups/{id}.json", { params: { path } });
    assert.ok(response.status === 404 && error?.Message);
}

async function faults() {
    const body = {
        match: { operation: "ibm_list_access_groups" },
        effect: { type: "status" as const, status: 503 },
        schedule: { times: 1 },
    };
    const added = await client.POST("/__admin/faults", { body });
    assert.equal(added.data?.faults[0]?.effect.status, 503);
    const query = { account_id: "generated" };
    const failed = await client.GET("/v2/groups", { params: { query } });
    assert.ok(failed.response.status === 503 && failed.error !== undefined && "status_code" in failed.error);
    assert.equal(failed.error.status_code, 503);
    assert.equal((await client.GET("/v2/groups", { params: { query } })).response.status, 200);
    const listed = await client.GET("/__admin/faults", {});
    assert.equal(listed.data?.faults[0]?.injected, 1);
    assert.equal((await client.DELETE("/__admin/faults", {})).response.status, 204);
}

await cloudflare();
await ibm();
await authress();
await legacy();
await faults();
