import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, serve, test } from "./support.mjs";

const AXE = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const SCREENS = ["requests", "groups", "faults", "control", "try", "coverage"];
const row = (page, text) => page.locator(".screen:not([hidden]) [role=option]:not([hidden])", { hasText: text });

test("a rejected request shows its reason and what would pass", async ({ page, server }) => {
  await page.goto(server.page);
  await expect(page.locator(".status.live")).toBeVisible();
  await server.send("POST", "/v2/groups?account_id=a", '{"name":3}');
  await row(page, "/v2/groups").click();
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
  const status = execFileSync("sh", ["-c", line.replace(/^curl/, "curl -s -o /dev/null -w '%{http_code}'")]).toString();
  expect(status).toBe("400");
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
  await page.getByRole("combobox", { name: "Status" }).selectOption("4xx");
  await expect(row(page, "200")).toHaveCount(0);
  await row(page, "/v1/groups/none").click();
  await page.reload();
  await expect(page.locator(".why")).toContainText("authress.");
  await expect(page.getByRole("combobox", { name: "Status" })).toHaveValue("4xx");
  await expect(row(page, "200")).toHaveCount(0);
});

test("a preset and a fault from the form hit a client, and turn off", async ({ page, server }) => {
  await page.goto(`${server.page}#/faults`);
  await page.getByRole("switch", { name: /^outage/ }).click();
  await expect(page.getByRole("switch", { name: /^outage/ })).toHaveAttribute("aria-checked", "true");
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
  await server.send("POST", "/v1/groups", '{"name":"New","users":[],"admins":[]}');
  const before = await groups();
  await page.getByRole("button", { name: "Reset", exact: true }).click();
  await expect.poll(groups).toBe(before - 1);
  await page.getByRole("button", { name: "Undo the last change" }).click();
  await expect.poll(groups).toBe(before);
  await page.getByRole("textbox", { name: "Name of the snapshot" }).fill("mine");
  await page.getByRole("button", { name: "Take snapshot" }).click();
  await expect(page.getByRole("button", { name: "Restore mine" })).toBeVisible();
});

test("groups show members, and are searched, edited and deleted", async ({ page, server }) => {
  await page.goto(`${server.page}#/groups`);
  await page.getByRole("searchbox", { name: "Search groups" }).fill("blue team");
  await expect(row(page, "Auditors")).toHaveCount(0);
  await row(page, "Blue Team").click();
  await expect(page.getByRole("region", { name: "Members" })).toContainText("iam_id");
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(page.locator("#notice")).toContainText("DELETE /v2/groups/");
});

test("an operation is tried, and its entry is in the journal", async ({ page, server }) => {
  await page.goto(`${server.page}#/try`);
  await page.getByRole("searchbox", { name: "Search operations" }).fill("create an access group ibm");
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

test("names from outside are text", async ({ page, server }) => {
  const name = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  await server.send("POST", "/v1/groups", JSON.stringify({ name, users: [], admins: [] }));
  await server.send("GET", "/v1/groups/%3Cimg%20src=x%20onerror=alert(1)%3E?q=<b>");
  await page.goto(`${server.page}#/groups`);
  await row(page, "<img").click();
  await expect(page.locator(".screen:not([hidden]) .detail h2")).toHaveText(name);
  await page.goto(`${server.page}#/requests`);
  await row(page, "%3Cimg").click();
  await expect(page.locator(".why")).toBeVisible();
  await expect(page.locator("img, b, main script")).toHaveCount(0);
});

test("the token is asked for, checked, and taken from the fragment", async ({ page }) => {
  const server = await serve([], { AGM_ADMIN_TOKEN: "s3cret" });
  await page.goto(server.page);
  await page.getByLabel("Admin token").fill("wrong");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.getByText("This is not the token")).toBeVisible();
  await page.getByLabel("Admin token").fill("s3cret");
  await page.getByRole("button", { name: "Log in" }).click();
  await expect(page.locator(".status.live")).toBeVisible();
  await page.evaluate(() => sessionStorage.clear());
  await page.goto("about:blank");
  await page.goto(`${server.page}#token=s3cret`);
  await expect(page.locator(".status.live")).toBeVisible();
  expect(page.url()).not.toContain("s3cret");
  await server.stop();
});

test("the empty page says how to start", async ({ page }) => {
  const server = await serve([]);
  await page.goto(server.page);
  await expect(page.getByText("Waiting for requests")).toBeVisible();
  await page.getByRole("button", { name: "Load demo groups" }).click();
  await expect(row(page, "Engineering")).toBeVisible();
  await server.stop();
});

for (const [name, scheme, width] of [["light", "light", 1280], ["dark", "dark", 1280], ["320 px", "light", 320]]) {
  test(`axe finds no violations: ${name}`, async ({ page, server }) => {
    await server.send("POST", "/v2/groups?account_id=a", '{"name":3}');
    await server.send("GET", "/v1/groups");
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: 760 });
    for (const screen of SCREENS) {
      await page.goto(`${server.page}#/${screen}`);
      await expect(page.locator(".screen:not([hidden]) [role=option], .screen:not([hidden]) .card").first()).toBeAttached();
      await page.evaluate(AXE);
      const { violations } = await page.evaluate(() => window.axe.run());
      expect(violations.map(({ id, nodes }) => `${screen}: ${id} ${nodes.map(({ html, any }) => `${html.slice(0, 90)} ${any[0]?.message ?? ""}`)}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    }
  });
}

test("1,000 requests a second are shown without losses", async ({ page, server }) => {
  const total = 3000;
  await page.goto(server.page);
  await expect(page.locator(".status.live")).toBeVisible();
  await page.evaluate(() => {
    window.frames_ = 0;
    window.since_ = performance.now();
    const count = () => { window.frames_++; requestAnimationFrame(count); };
    requestAnimationFrame(count);
  });
  const begun = performance.now();
  for (let sent = 0; sent < total; sent += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, i) => server.send("GET", `/v1/groups/n${sent + i}`).then((it) => it.arrayBuffer())));
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, begun + sent + 50 - performance.now())));
  }
  const seconds = (performance.now() - begun) / 1000;
  const frames = await page.evaluate(() => (window.frames_ * 1000) / (performance.now() - window.since_));
  await expect(page.locator(".bar .dim").first()).toHaveText("3,000 requests");
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  console.log(`${Math.round(total / seconds)} requests/s, ${frames.toFixed(1)} frames/s, ${nodes} elements`);
  expect(nodes).toBeLessThan(500);
  expect(frames).toBeGreaterThan(Number(process.env.AGM_CONSOLE_FPS ?? 30));
});
