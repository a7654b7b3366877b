// The figures of the page under load; AGM_CONSOLE_SECONDS sets the duration of the load.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { load } from "./load.mjs";
import { expect, row, serve, test } from "./support.mjs";

const RATE = 1000, SECONDS = Number(process.env.AGM_CONSOLE_SECONDS ?? 4), RING = 10000;

test.describe.configure({ mode: "default" });

test("1,000 requests a second are shown without losses", async ({ page }) => {
  // The journal is as long as the list, so that nothing is lost when the machine is busy.
  const server = await serve(["--journal-entries", String(RING), "--journal-bytes", String(64 * 1024 * 1024)]);
  test.setTimeout(60_000 + SECONDS * 3000);
  const total = RATE * SECONDS;
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize / 1e6;
  };
  await page.goto(server.page);
  await expect(page.locator(".status.live")).toBeVisible();
  // The list of the page is full at the start, so that the heap of a longer run has nothing else to keep.
  if (total > RING) await load(server.api, RING + 2000, 2 * RATE);
  const before = await heap();
  await page.evaluate(() => {
    window.frames_ = 0;
    window.since_ = performance.now();
    const count = () => { window.frames_++; requestAnimationFrame(count); };
    requestAnimationFrame(count);
  });
  const seconds = await load(server.api, total, RATE);
  const frames = await page.evaluate(() => (window.frames_ * 1000) / (performance.now() - window.since_));
  const { requests: [last] } = await (await server.send("GET", "/__admin/requests?format=summary&limit=1")).json();
  await expect(row(page, last.url)).toBeVisible();
  if (total <= RING) await expect(page.locator(".bar .dim").first()).toHaveText(`${total.toLocaleString("en")} requests`);
  await expect(page.locator("#notice.error")).toHaveCount(0);
  const nodes = await page.evaluate(() => document.querySelectorAll("*").length);
  const after = await heap();
  console.log(`${Math.round(total / seconds)} requests/s, ${frames.toFixed(1)} frames/s, ${nodes} elements, heap ${before.toFixed(1)} MB before and ${after.toFixed(1)} MB after`);
  expect(nodes).toBeLessThan(500);
  expect(frames).toBeGreaterThan(Number(process.env.AGM_CONSOLE_FPS ?? 30));
  if (total > RING) expect(after).toBeLessThan(before + 2);
  await server.stop();
});

test("a store of 100,000 groups opens in less than 300 ms", async ({ page }) => {
  const folder = mkdtempSync(join(tmpdir(), "console-"));
  const file = join(folder, "seed.json");
  const groups = Array.from({ length: 100_000 }, (_, i) => ({ groupId: `grp_${i}`, name: `Group ${i}`, users: [{ userId: `u${i}` }], admins: [] }));
  writeFileSync(file, JSON.stringify({ authress: { groups } }));
  const server = await serve(["--seed", file]);
  await page.goto(server.page);
  await expect(page.locator(".status.live")).toBeVisible();
  const times = [];
  for (let i = 0; i < 3; i++) {
    times.push(await page.evaluate(() => new Promise((resolve) => {
      const begun = performance.now();
      location.hash = "#/groups";
      const check = () => (document.querySelector(".groups [role=option]:not([hidden])") ? resolve(performance.now() - begun) : requestAnimationFrame(check));
      check();
    })));
    await expect(page.getByText("1–100 of 100,000 groups")).toBeVisible();
    await page.goto(`${server.page}?${i}`);
    await expect(page.locator(".status.live")).toBeVisible();
  }
  console.log(`100,000 groups: opened in ${times.map((time) => Math.round(time)).join(", ")} ms`);
  expect(Math.min(...times)).toBeLessThan(300);
  await server.stop();
  rmSync(folder, { recursive: true });
});
