import { expect, row, serve, test } from "./support.mjs";
import { start } from "./dev-server.mjs";

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
  expect(await page.context().cookies()).toEqual([]);
  await server.stop();
});

test("a generated token is in the ready line, and works in the fragment", async ({ page }) => {
  const server = await serve(["--admin-token", "auto"]);
  await page.goto(`${server.page}#token=${server.ready.admin_token}`);
  await expect(page.locator(".status.live")).toBeVisible();
  await server.stop();
});

test("beyond loopback without a token, the page says why it is empty and what to do", async ({ page }) => {
  const server = await serve(["--host", "0.0.0.0"]);
  await page.goto(server.page);
  await expect(page.getByRole("dialog")).toContainText("The admin API is closed");
  await expect(page.getByRole("dialog")).toContainText("AGM_ADMIN_TOKEN");
  await expect(page.getByLabel("Admin token")).toHaveCount(0);
  await server.stop();
});

test("the page is live again after the server was restarted", async ({ page }) => {
  const server = await serve();
  await server.send("GET", "/v1/groups/before");
  await page.goto(server.page);
  await expect(row(page, "/v1/groups/before")).toBeVisible();
  await server.kill();
  await expect(page.locator(".status")).toHaveText("not connected");
  await new Promise((resolve) => setTimeout(resolve, 2500));
  const again = await serve(undefined, {}, server.port);
  await expect(page.locator(".status.live")).toBeVisible();
  await again.send("GET", "/v1/groups/after");
  await expect(row(page, "/v1/groups/after")).toBeVisible();
  await expect(row(page, "/v1/groups/before")).toHaveCount(0);
  await again.stop();
  await server.stop();
});

test("a broken connection loses and repeats no request", async ({ page, server }) => {
  const sent = async (from, to) => {
    for (let number = from; number < to; number++) await server.send("GET", `/v1/groups/n${number}`);
  };
  const proxy = await start(server.api, 0);
  const { port } = proxy.address();
  await sent(0, 3);
  await page.goto(`http://127.0.0.1:${port}/__admin/ui/`);
  await expect(page.locator(".bar .dim").first()).toHaveText("3 requests");
  await sent(3, 5);
  await expect(page.locator(".bar .dim").first()).toHaveText("5 requests");
  proxy.close();
  proxy.closeAllConnections();
  await expect(page.locator(".status")).toHaveText("not connected");
  await sent(5, 9);
  const again = await start(server.api, port);
  await expect(page.locator(".bar .dim").first()).toHaveText("9 requests");
  await sent(9, 10);
  await expect(page.locator(".bar .dim").first()).toHaveText("10 requests");
  // The rows are drawn in a later frame than the number.
  const paths = async () => (await page.locator(".screen:not([hidden]) [role=option]:not([hidden]) > :nth-child(3)").allTextContents()).toSorted();
  await expect.poll(paths).toEqual(Array.from({ length: 10 }, (_, i) => `/v1/groups/n${i}`));
  again.close();
  again.closeAllConnections();
});
