import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { detail, expect, row, serve, test } from "./support.mjs";

const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const SCREENS = ["requests", "groups", "faults", "control", "try", "coverage"];

/** Runs a curl line, and returns the status. @param {string} line */
const statusOf = async (line) => (await promisify(execFile)("sh", ["-c", line.replace(/^curl/, "curl -s -m 20 -o /dev/null -w '%{http_code}'")])).stdout;

/** What the visible screen shows once it has loaded: rows of its list, or cards. @param {import("@playwright/test").Page} page */
const drawn = (page) => page.locator(".screen:not([hidden])").locator("[role=option]:not([hidden]), .card");

/** Reads a file that the page saves. @param {import("@playwright/test").Page} page @param {() => Promise<void>} save */
async function saved(page, save) {
  const [file] = await Promise.all([page.waitForEvent("download"), save()]);
  return JSON.parse(readFileSync(await file.path(), "utf8"));
}

test("a rejected request shows its reason within a second, and what would pass", async ({ page, server }) => {
  await page.goto(server.page);
  await expect(page.locator(".status.live")).toBeVisible();
  // The fastest of three, because other tests keep the processor busy.
  const times = [];
  for (let count = 1; count <= 3; count++) {
    const sent = performance.now();
    await server.send("POST", "/v2/groups?account_id=a", '{"name":3}');
    await expect(row(page, "invalid type: integer")).toHaveCount(count);
    times.push(performance.now() - sent);
  }
  expect(Math.min(...times)).toBeLessThan(1000);
  await row(page, "/v2/groups").first().click();
  await expect(page.locator(".why")).toContainText("invalid type: integer");
  await expect(page.locator(".why")).toContainText("What would pass");
  await expect(page.locator(".why a[href^=https]")).toBeVisible();
});

test("an unknown path shows the nearest operations", async ({ page, server }) => {
  await server.send("GET", "/v2/group");
  await page.goto(server.page);
  await row(page, "/v2/group").click();
  await expect(page.locator(".why")).toContainText("Nearest operations");
  await expect(page.locator(".why")).toContainText("GET /v2/groups");
});

test("the copied curl line gets the same status", async ({ page, server }) => {
  await server.send("GET", "/v2/groups");
  await page.goto(server.page);
  await row(page, "/v2/groups").click();
  await expect(page.locator(".why")).toBeVisible();
  await page.keyboard.press("y");
  await expect(page.locator("#notice")).toHaveText("Copied the curl line");
  const line = await page.evaluate(() => navigator.clipboard.readText());
  expect(line).toMatch(/^curl .*Bearer any/);
  expect(await statusOf(line)).toBe("400");
});

test("keys move, open, return to the same row and pause", async ({ page, server }) => {
  for (const id of ["a", "b", "c"]) await server.send("GET", `/v1/groups/${id}`);
  await page.goto(server.page);
  await expect(row(page, "/v1/groups/c")).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect(row(page, "/v1/groups/b")).toHaveClass(/cursor/);
  await expect(page.locator(".detail:visible")).toHaveCount(0);
  await page.keyboard.press("Enter");
  await expect(page.locator(".screen:not([hidden]) .detail h2")).toContainText("/v1/groups/b");
  await page.keyboard.press("Escape");
  await expect(row(page, "/v1/groups/b")).toHaveClass(/cursor/);
  await page.keyboard.press("p");
  await expect(page.locator(".status")).toHaveText("paused");
  await server.send("GET", "/v1/groups/d");
  await expect(page.locator(".fresh")).toContainText("1 new request");
  await expect(row(page, "/v1/groups/d")).toHaveCount(0);
  await page.keyboard.press("p");
  await expect(row(page, "/v1/groups/d")).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keys" })).toBeVisible();
});

test("filters and the selection survive a reload", async ({ page, server }) => {
  await server.send("GET", "/v1/groups");
  await server.send("GET", "/v1/groups/none");
  await page.goto(server.page);
  await expect(row(page, "200")).toBeVisible();
  await page.getByRole("combobox", { name: "Status" }).selectOption("4xx");
  await expect(row(page, "200")).toHaveCount(0);
  await row(page, "/v1/groups/none").click();
  await page.reload();
  await expect(page.locator(".why")).toContainText("authress.");
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("4xx");
  await expect(row(page, "/v1/groups/none")).toBeVisible();
  await expect(row(page, "200")).toHaveCount(0);
});

test("a preset and a fault from the form hit a client, and turn off", async ({ page, server }) => {
  await page.goto(`${server.page}#/faults`);
  // The page moves while it loads.
  await expect(page.getByText("None: every request")).toBeVisible();
  const outage = page.getByRole("switch", { name: /^outage/ });
  const place = await outage.boundingBox();
  await outage.click();
  await expect(outage).toHaveAttribute("aria-checked", "true");
  await expect.poll(() => outage.boundingBox()).toEqual(place);
  expect((await server.send("GET", "/v1/groups")).status).toBe(503);
  await expect(page.locator("td.num")).toContainText("1 injected");
  await page.getByRole("switch", { name: /^outage/ }).click();
  await expect(page.getByText("None: every request")).toBeVisible();
  expect((await server.send("GET", "/v1/groups")).status).toBe(200);
  await page.getByRole("button", { name: "Add fault" }).click();
  await expect(page.locator("td.num")).toContainText("0 matches");
  expect((await server.send("GET", "/v1/groups")).status).toBe(503);
  expect((await server.send("GET", "/v1/groups")).status).toBe(200);
});

test("clock, snapshot and the undo of a reset", async ({ page, server }) => {
  const groups = async () => (await (await server.send("GET", "/__admin/groups")).json()).meta.total;
  await page.goto(`${server.page}#/control`);
  await page.getByRole("button", { name: "Freeze" }).click();
  await expect(page.locator("p.mono")).toContainText("frozen");
  await expect(page.getByRole("combobox", { name: "Mode" })).toHaveValue("frozen");
  await server.send("POST", "/v1/groups", '{"name":"New","users":[],"admins":[]}');
  const before = await groups();
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await expect.poll(groups).toBe(before - 1);
  await page.reload();
  await page.getByRole("button", { name: "Undo the last change" }).click();
  await expect.poll(groups).toBe(before);
  await page.getByRole("textbox", { name: "Name of the snapshot" }).fill("mine");
  await page.getByRole("button", { name: "Take snapshot" }).click();
  await expect(page.getByRole("button", { name: "Restore mine" })).toBeVisible();
});

test("groups are found by name, id and member, and show their members", async ({ page, server }) => {
  await page.goto(`${server.page}#/groups`);
  for (const [text, name] of [["blue te", "Blue Team"], ["grp_supp", "Support"], ["reader@example.com", "Readers"]]) {
    await page.getByRole("searchbox", { name: "Search groups" }).fill(text);
    await expect(row(page, name)).toBeVisible();
    await expect(row(page, "Allow devs")).toHaveCount(0);
  }
  await page.getByRole("searchbox", { name: "Search groups" }).fill("blue team");
  await row(page, "Blue Team").click();
  await expect(page.getByRole("region", { name: "Members" })).toContainText("iam_id");
  await expect(page.getByRole("region", { name: "Policies" })).toContainText("policies");
  await page.reload();
  await expect(page.getByRole("region", { name: "Members" })).toContainText("iam_id");
});

test("groups of every dialect are edited and deleted with the vendor's operation", async ({ page, server }) => {
  await page.goto(`${server.page}#/groups`);
  for (const name of ["Allow devs", "Office network", "Production zones", "Auditors", "Support", "Readers"]) {
    await row(page, name).first().click();
    await page.getByText("Edit", { exact: true }).click();
    const body = page.getByRole("textbox", { name: "Body of the update" });
    await body.fill((await body.inputValue()).replace(name, `${name} II`));
    await page.getByRole("button", { name: /^Save with/ }).click();
    await expect(page.locator("#notice")).toHaveText(/^(PUT|PATCH) .*: 20\d$/);
    // The group stays open, with what was saved.
    await expect(detail(page).locator("h2")).toHaveText(`${name} II`);
    await expect(detail(page)).toContainText(/(PUT|PATCH) \//);
    await page.getByRole("button", { name: "Delete", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect(page.locator("#notice")).toHaveText(/^DELETE .*: 20\d$/);
    await expect(row(page, `${name} II`)).toHaveCount(0);
  }
});

test("a request is sent again, exported and cleared", async ({ page, server }) => {
  await server.send("GET", "/v1/groups");
  await server.send("POST", "/v2/groups?account_id=a", '{"name":3}');
  await page.goto(`${server.page}#/requests?q=v2`);
  await row(page, "/v2/groups").click();
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(page.locator("#notice")).toContainText("Sent again: 400");
  await expect(row(page, "/v2/groups")).toHaveCount(2);
  const har = await saved(page, () => page.getByRole("button", { name: "Export HAR" }).click());
  expect(har.log.entries.map(({ request }) => request.method)).toEqual(["POST", "POST"]);
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Clear" }).click();
  await expect(row(page, "/v")).toHaveCount(0);
  expect((await (await server.send("GET", "/__admin/requests")).json()).requests).toEqual([]);
});

test("a state is downloaded, and uploaded again", async ({ page, server }) => {
  await page.goto(`${server.page}#/control`);
  const state = await saved(page, () => page.getByRole("button", { name: "Download state" }).click());
  expect(state.authress.groups.map(({ name }) => name)).toContain("Support");
  const groups = async () => (await (await server.send("GET", "/__admin/groups")).json()).meta.total;
  const upload = { name: "state.json", mimeType: "application/json", buffer: Buffer.from('{"authress":{"groups":[{"groupId":"grp_one","name":"One","users":[],"admins":[]}]}}') };
  await page.getByLabel("State file").setInputFiles(upload);
  await expect(page.locator("#notice")).toHaveText("Loaded state.json");
  expect(await groups()).toBe(1);
  await page.getByRole("button", { name: "Undo the last change" }).click();
  await expect.poll(groups).toBeGreaterThan(5);
  await page.getByLabel("State file").setInputFiles({ ...upload, buffer: Buffer.from("{") });
  await expect(page.locator("#notice.error")).toBeVisible();
});

test("namespaces are listed, opened, watched together and deleted", async ({ page, server }) => {
  await server.send("GET", "/v1/groups");
  await server.send("GET", "/ns/blue/v1/groups/x");
  await page.goto(`${server.page}#/control`);
  await page.getByRole("link", { name: "Open blue" }).click();
  await expect(row(page, "/v1/groups/x")).toBeVisible();
  await expect(row(page, "200")).toHaveCount(0);
  await page.getByRole("combobox", { name: "Namespace" }).selectOption("*");
  await expect(row(page, "blue: /v1/groups/x")).toBeVisible();
  await expect(row(page, "200")).toHaveCount(1);
  await server.send("GET", "/ns/red/v1/groups/later");
  await row(page, "red: /v1/groups/later").click();
  await expect(page.locator(".why")).toContainText("authress.");
  await page.goto(`${server.page}#/control`);
  await page.getByRole("button", { name: "Delete blue" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("link", { name: "Open blue" })).toHaveCount(0);
  expect((await (await server.send("GET", "/__admin/namespaces")).json()).namespaces.map(({ name }) => name)).toEqual(["default", "red"]);
});

test("an operation is tried, and its entry is in the journal", async ({ page, server }) => {
  await page.goto(`${server.page}#/try`);
  await page.getByRole("searchbox", { name: "Search operations" }).fill("create an access group ibm");
  await expect(row(page, "GET")).toHaveCount(0);
  await row(page, "/v2/groups").first().click();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("Response", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: /Journal entry|Why/ }).click();
  await row(page, "/v2/groups").first().click();
  await expect(page.locator(".why")).toContainText("/v2/groups");
});

test("coverage counts calls and links to the evidence", async ({ page, server }) => {
  await server.send("GET", "/v1/groups");
  await page.goto(`${server.page}#/coverage?used=yes`);
  await row(page, "/v1/groups").click();
  await expect(page.locator(".screen:not([hidden]) .detail")).toContainText("1 call");
  await expect(page.locator(".screen:not([hidden]) .detail .tag")).toBeVisible();
});

test("requests of the page are marked after a reload, and can be left out", async ({ page, server }) => {
  await server.send("GET", "/v1/groups/grp_support");
  await page.goto(`${server.page}#/groups?q=grp_support`);
  await row(page, "Support").click();
  await expect(detail(page).getByRole("heading", { level: 3 }).first()).toHaveText(/200$/);
  await page.goto(`${server.page}#/requests`);
  await page.reload();
  await expect(row(page, "sent by this page")).toHaveCount(1);
  await expect(row(page, "/v1/groups/grp_support")).toHaveCount(2);
  await page.getByRole("combobox", { name: "Status" }).selectOption("clients");
  await expect(row(page, "/v1/groups/grp_support")).toHaveCount(1);
  await expect(row(page, "sent by this page")).toHaveCount(0);
});

test("long paths wrap in the detail, at 1280 and at 320 px", async ({ page, server }) => {
  await server.send("POST", `/client/v4/accounts/${"a".repeat(32)}/access/groups`, '{"name":"x"}');
  await page.goto(server.page);
  await row(page, "include is required").click();
  for (const width of [1280, 320]) {
    await page.setViewportSize({ width, height: 760 });
    await expect(page.locator(".why")).toBeVisible();
    await expect.poll(() => detail(page).evaluate((it) => it.scrollWidth - it.clientWidth)).toBe(0);
  }
});

test("an empty list of groups says why, and loads groups", async ({ page, server }) => {
  await page.goto(`${server.page}#/groups?q=nobody`);
  await expect(page.getByText("No group matches the search")).toBeVisible();
  await page.getByRole("button", { name: "Remove the search" }).click();
  await expect(row(page, "Support")).toBeVisible();
  await server.send("PUT", "/__admin/state", "{}");
  await page.reload();
  await page.getByRole("button", { name: "Load demo groups" }).click();
  await expect(row(page, "Engineering")).toBeVisible();
});

test("names from outside are text", async ({ page, server }) => {
  const name = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  await server.send("POST", "/v1/groups", JSON.stringify({ name, users: [], admins: [] }));
  await server.send("GET", "/v1/groups/%3Cimg%20src=x%20onerror=alert(1)%3E?q=<b>");
  await server.send("GET", "/v1/<b>markup</b>", undefined, { "X-Mock-Test": name });
  await server.send("POST", "/__admin/faults", JSON.stringify({ id: name, match: { operation: "legacy_list_access_groups" }, effect: { type: "status", status: 500, message: name } }));
  await server.send("POST", "/__admin/snapshots/%3Cimg%20src%3Dx%20onerror%3Dalert(3)%3E");
  await server.send("GET", "/api2/access_groups.json");
  await page.goto(`${server.page}#/groups`);
  await row(page, "<img").click();
  await expect(page.locator(".screen:not([hidden]) .detail h2")).toHaveText(name);
  await page.goto(`${server.page}#/requests`);
  await row(page, "%3Cimg").click();
  await expect(page.locator(".why")).toBeVisible();
  await row(page, "access_groups.json").click();
  await expect(page.locator(".why")).toContainText("<img");
  await page.goto(`${server.page}#/faults`);
  await expect(page.locator("td", { hasText: "<img" }).first()).toBeVisible();
  await page.goto(`${server.page}#/control`);
  await expect(page.locator("tbody")).not.toHaveCount(0);
  await expect(page.locator("img, b, main script")).toHaveCount(0);
});

test("the empty page says how to start, and loads groups of every dialect", async ({ page }) => {
  const server = await serve([]);
  await page.goto(server.page);
  await expect(page.getByText("Waiting for requests")).toBeVisible();
  await expect(page.locator(".copyline code", { hasText: `${server.api}/client/v4` })).toBeVisible();
  const curl = await page.locator(".copyline code", { hasText: /^curl/ }).textContent();
  await page.getByRole("button", { name: "Load demo groups" }).click();
  for (const name of ["Allow devs", "Office network", "Production zones", "Blue Team", "Engineering", "Readers"]) {
    await row(page, name).first().click();
    await expect(detail(page).getByRole("heading", { level: 3 }).first()).toHaveText(/^GET .* 200$/);
  }
  expect(await statusOf(curl)).toBe("200");
  await page.goto(`${server.page}#/requests`);
  await expect(row(page, "sent by this page").first()).toBeVisible();
  await server.stop();
});

test("only the served dialects are on the empty page", async ({ page }) => {
  const server = await serve(["--dialects", "ibm"]);
  await page.goto(server.page);
  await expect(page.locator(".copyline .dim", { hasText: "ibm" })).toBeVisible();
  await expect(page.locator(".copyline .dim", { hasText: "authress" })).toHaveCount(0);
  await page.getByRole("button", { name: "Load demo groups" }).click();
  await expect(row(page, "Blue Team")).toBeVisible();
  await server.stop();
});

test("no frame shows a row of a list before it is drawn", async ({ page, server }) => {
  await page.addInitScript(() => {
    window.frames_ = 0;
    window.blank_ = [];
    const { port1, port2 } = new MessageChannel();
    // A message that is sent in a frame is received after the frame was painted.
    port2.onmessage = () => {
      window.frames_++;
      for (const it of document.querySelectorAll("[role=option]")) {
        if (it.checkVisibility() && !it.textContent.trim()) window.blank_.push(`${location.hash} ${innerHeight} ${it.id}`);
      }
    };
    const frame = () => { port1.postMessage(null); requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
  });
  await server.send("GET", "/v1/groups");
  await page.goto(server.page);
  for (const screen of SCREENS) {
    await page.evaluate((screen) => { location.hash = `#/${screen}`; }, screen);
    await expect(drawn(page).first()).toBeVisible();
    for (const height of [400, 900, 760]) {
      const before = await page.evaluate(() => window.frames_);
      await page.setViewportSize({ width: 1280, height });
      await expect.poll(() => page.evaluate(() => window.frames_)).toBeGreaterThan(before + 2);
    }
  }
  expect(await page.evaluate(() => window.blank_)).toEqual([]);
});

for (const [name, scheme, width] of [["light", "light", 1280], ["dark", "dark", 1280], ["320 px", "light", 320]]) {
  test(`axe finds no violations: ${name}`, async ({ page, server }) => {
    await server.send("POST", "/v2/groups?account_id=a", '{"name":3}');
    await server.send("GET", "/v1/groups");
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 760 });
    for (const screen of SCREENS) {
      await page.goto(`${server.page}#/${screen}`);
      await expect(drawn(page).first()).toBeVisible();
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run());
      expect(violations.map(({ id, nodes }) => `${screen}: ${id} ${nodes.map(({ html, any }) => `${html.slice(0, 90)} ${any[0]?.message ?? ""}`)}`)).toEqual([]);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });
}
