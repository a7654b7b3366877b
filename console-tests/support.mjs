// Fixtures: the real binary on a free port, and a page that fails its test on errors, reports of the content security
// policy and requests to other hosts.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test as base, expect } from "@playwright/test";
import { start } from "./dev-server.mjs";

const BINARY = process.env.AGM_BIN ?? new URL("../target/debug/access-groups-mock", import.meta.url).pathname;
const SEED = new URL("../seeds/demo.json", import.meta.url).pathname;

/** Starts a server, on a free port by default. @param {string[]} [options] @param {Record<string, string>} [env] @param {number} [port] */
export async function serve(options = ["--seed", SEED], env = {}, port = 0) {
  const child = spawn(BINARY, ["--port", String(port), ...options], { stdio: ["ignore", "pipe", "ignore"], env: { PATH: process.env.PATH, ...env } });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { url } = JSON.parse(line);
  const api = url.replace("0.0.0.0", "127.0.0.1");
  const { origin, close } = await pageOrigin(api);
  return {
    api, origin, page: `${origin}/__admin/ui/`, port: Number(new URL(api).port), ready: JSON.parse(line),
    send: (method, path, body, headers) => fetch(api + path, { method, body, headers: { Authorization: "Bearer any", ...(body ? { "Content-Type": "application/json" } : {}), ...headers } }),
    /** Ends the binary; with AGM_CONSOLE_FILES, the server of the page remains. */
    async kill() {
      // The stream of an open page would delay a graceful shutdown.
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    },
    async stop() {
      close();
      await this.kill();
    },
  };
}

/** The origin of the page: the binary, or with AGM_CONSOLE_FILES the development server in front of it. */
async function pageOrigin(api) {
  if (!process.env.AGM_CONSOLE_FILES) return { origin: api, close() {} };
  const server = await start(api, 0);
  return { origin: `http://127.0.0.1:${server.address().port}`, close: () => { server.close(); server.closeAllConnections(); } };
}

export const test = base.extend({
  server: async ({}, use) => {
    const server = await serve();
    await use(server);
    await server.stop();
  },
  page: async ({ page, context }, use) => {
    const problems = [];
    page.on("pageerror", (error) => problems.push(`error: ${error.stack}`));
    page.on("console", (message) => /Content.Security.Policy/i.test(message.text()) && problems.push(message.text()));
    await page.addInitScript(() => addEventListener("securitypolicyviolation", (event) => console.error(`Content-Security-Policy: ${event.violatedDirective}`)));
    page.on("dialog", (dialog) => problems.push(`dialog: ${dialog.message()}`));
    page.on("request", (request) => /^(http:\/\/127\.0\.0\.1|blob:|data:)/.test(request.url()) || problems.push(`request to ${request.url()}`));
    await context.grantPermissions(["clipboard-read", "clipboard-write"]).catch(() => {});
    await use(page);
    expect(problems).toEqual([]);
  },
});
/** The visible row of a list that contains a text. @param {import("@playwright/test").Page} page @param {string | RegExp} text */
export const row = (page, text) => page.locator(".screen:not([hidden]) [role=option]:not([hidden])", { hasText: text });

/** The detail of the visible screen. @param {import("@playwright/test").Page} page */
export const detail = (page) => page.locator(".screen:not([hidden]) .detail");

export { expect };
