// The HTTP Archive of the journal, used by Playwright in the place of the server, and imported by Chromium.

import { rm, writeFile } from "node:fs/promises";
import { expect, serve, test } from "./support.mjs";

test("routeFromHAR returns the responses in the archive of the journal", async ({ page }, info) => {
  const server = await serve();
  const group = { name: "Ünïcode \"quoted\"", users: [{ userId: "u1" }], admins: [] };
  const created = await (await server.send("POST", "/v1/groups", JSON.stringify(group))).json();
  const path = `/v1/groups/${created.groupId}`;
  const expected = await (await server.send("GET", path)).json();
  const missing = await server.send("GET", "/v1/groups/grp_missing");
  expect(missing.status).toBe(404);
  const archive = info.outputPath("journal.har");
  await writeFile(archive, await (await server.send("GET", "/__admin/requests?format=har")).text());
  await page.route(`${server.api}/blank`, (route) => route.fulfill({ contentType: "text/html", body: "<title>blank</title>" }));
  await page.goto(`${server.api}/blank`);
  await page.routeFromHAR(archive, { url: "**/v1/groups**", notFound: "abort" });
  await server.stop();

  const send = (method, path, body) => page.evaluate(async ([method, url, body]) => {
    const headers = { authorization: "Bearer any", "content-type": "application/json" };
    const response = await fetch(url, { method, body, headers });
    return { status: response.status, type: response.headers.get("content-type"), json: await response.json() };
  }, [method, server.api + path, body]);

  expect(await send("POST", "/v1/groups", JSON.stringify(group))).toEqual({ status: 201, type: "application/links+json", json: created });
  expect(await send("GET", path)).toEqual({ status: 200, type: "application/links+json", json: expected });
  expect((await send("GET", "/v1/groups/grp_missing")).status).toBe(404);
  await expect(send("GET", "/v1/groups/grp_never_sent")).rejects.toThrow("Failed to fetch");
  await rm(archive);
});

test("Chromium's network panel imports the archive of the journal", async ({ browser }) => {
  const page = await browser.newPage();
  const server = await serve();
  await server.send("POST", "/v1/groups", JSON.stringify({ name: "a", users: [], admins: [] }));
  await server.send("GET", "/v2/groups?account_id=acct1");
  await server.send("GET", "/v1/groups/grp_missing");
  const archive = await (await server.send("GET", "/__admin/requests?format=har")).json();
  await server.stop();
  await page.goto("devtools://devtools/bundled/devtools_app.html");

  // What the panel does with the file of "Import HAR".
  const imported = await page.evaluate(async (json) => {
    const har = await import("devtools://devtools/bundled/models/har/har.js");
    const { log } = new har.HARFormat.HARRoot(json);
    return har.Importer.Importer.requestsFromHARLog(log).map((request) => [request.requestMethod, request.url(), request.statusCode, request.mimeType]);
  }, archive);

  expect(imported).toEqual([
    ["POST", `${server.api}/v1/groups`, 201, "application/links+json"],
    ["GET", `${server.api}/v2/groups?account_id=acct1`, 200, "application/json"],
    ["GET", `${server.api}/v1/groups/grp_missing`, 404, "application/links+json"],
  ]);
  await page.close();
});
