// Takes the pictures of docs/images/ with the binary, and with `all` those of every screen in dark and at 320 px, too:
// `node pictures.mjs [FOLDER] [all]`. pngquant makes them small.

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { chromium } from "@playwright/test";
import { row, serve } from "./support.mjs";

const [folder = new URL("../docs/images/", import.meta.url).pathname, all] = process.argv.slice(2);

/** Requests of a client that makes the usual mistakes. @param {Awaited<ReturnType<typeof serve>>} server */
async function traffic(server) {
  const { send } = server;
  const group = JSON.stringify({ name: "Release managers", description: "People who ship" });
  await send("GET", "/v2/groups?account_id=acct1");
  const created = await (await send("POST", "/v2/groups?account_id=acct1", group)).json();
  await send("GET", `/v2/groups/${created.id}`);
  await send("PATCH", `/v2/groups/${created.id}`, '{"description":"People who ship on Fridays"}', { "If-Match": "1-stale" });
  await send("PUT", `/v2/groups/${created.id}/members`, JSON.stringify({ members: [{ iam_id: "IBMid-270001", type: "user" }, { iam_id: "IBMid-270009", type: "users" }] }));
  await send("GET", "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups");
  await send("POST", "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups", JSON.stringify({ name: "Contractors", include: [{ emial: { email: "eve@example.com" } }] }));
  await send("GET", "/v1/groups");
  await send("POST", "/v1/groups", JSON.stringify({ groupId: "grp_writers", name: "Writers", users: [{ userId: "auth0|ada" }], admins: [] }));
  await send("GET", "/v1/groups/grp_reviewers");
  await send("GET", "/api2/access_groups.json");
  await send("GET", "/v1/group/grp_writers");
  await send("POST", "/__admin/faults", JSON.stringify({ id: "first-create", match: { operation: "authress_create_group" }, effect: { type: "status", status: 503, retryAfter: 2 }, schedule: { times: 1 } }));
  await send("POST", "/v1/groups", JSON.stringify({ groupId: "grp_editors", name: "Editors", users: [], admins: [] }));
  await send("GET", "/ns/payments-tests/v1/groups");
  await send("POST", "/v2/groups?account_id=acct1", '{"name":3}');
  return created.id;
}

/** @type {[string, string, (page: import("@playwright/test").Page) => Promise<unknown>][]} */
const PICTURES = [
  ["requests", "requests", (page) => row(page, "If-Match").click()],
  ["groups", "groups", (page) => row(page, "Blue Team").first().click()],
  ["faults", "faults", (page) => page.getByText("first-create").first().waitFor()],
  ["control", "control", (page) => page.getByRole("link", { name: "Open payments-tests" }).waitFor()],
  ["try", "try?q=create+group+ibm", async (page) => {
    await row(page, "/v2/groups").first().click();
    await page.getByRole("button", { name: "Send", exact: true }).click();
    await page.getByText("Response", { exact: true }).waitFor();
  }],
  ["coverage", "coverage?used=yes", (page) => row(page, "/v2/groups").first().click()],
];

/** @type {[string, "light" | "dark", number, number][]} */
const VARIANTS = [["", "light", 1280, 800], ["-dark", "dark", 1280, 800], ["-320", "light", 320, 640]];

/** @param {string} url @param {(page: import("@playwright/test").Page, suffix: string) => Promise<void>} take */
async function everyVariant(url, take) {
  for (const [suffix, colorScheme, width, height] of VARIANTS) {
    if (suffix === "-320" && !all) continue;
    const page = await browser.newPage({ colorScheme, viewport: { width, height }, reducedMotion: "reduce" });
    await page.goto(url);
    await take(page, suffix);
    await page.close();
  }
}

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
// The usual port, which is in the pictures.
const empty = await serve([], {}, 4010);
await everyVariant(empty.page, async (page, suffix) => {
  await page.locator(".copyline code", { hasText: /^curl/ }).waitFor();
  if (!suffix || all) await page.screenshot({ path: `${folder}/console-empty${suffix}.png` });
});
await empty.stop();
const server = await serve(undefined, {}, 4010);
await traffic(server);
await everyVariant(server.page, async (page, suffix) => {
  for (const [name, hash, prepare] of all || !suffix ? PICTURES : PICTURES.slice(0, 1)) {
    await page.goto(`${server.page}#/${hash}`);
    await page.locator(".status.live").waitFor();
    if (suffix === "-320") await page.screenshot({ path: `${folder}/console-${name}${suffix}-list.png` });
    await prepare(page);
    await page.waitForTimeout(700);
    await page.screenshot({ path: `${folder}/console-${name}${suffix}.png` });
  }
});
await server.stop();
await browser.close();
const files = readdirSync(folder).filter((name) => /^console-.*png$/.test(name)).map((name) => `${folder}/${name}`);
execFileSync("pngquant", ["--force", "--ext", ".png", "--speed", "1", "128", ...files]);
