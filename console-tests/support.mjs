// Fixtures: the real binary on a free port, and a page that fails its test on errors, reports of the content security
// policy and requests to other hosts.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test as base, expect } from "@playwright/test";
import { start } from "./dev-server.mjs";

const BINARY = process.env.AGM_BIN ?? new URL("../target/debug/access-groups-mock", import.meta.url).pathname;
const SEED = new URL("../seeds/demo.json", import.meta.url).pathname;

/** Starts a server. @param {string[]} [options] @param {Record<string, string>} [env] */
export async function serve(options = ["--seed", SEED], env = {}) {
  const child = spawn(BINARY, ["--port", "0", ...options], { stdio: ["ignore", "pipe", "ignore"], env: { PATH: process.env.PATH, ...env } });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  const { url } = JSON.parse(line);
  const api = url.replace("0.0.0.0", "127.0.0.1");
  const { origin, close } = await pageOrigin(api);
  return {
    api, origin, page: `${origin}/__admin/ui/`,
    send: (method, path, body, headers) => fetch(api + path, { method, body, headers: { Authorization: "Bearer any", ...(body ? { "Content-Type": "application/json" } : {}), ...headers } }),
    async stop() {
      close();
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
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
    page.on("dialog", (dialog) => problems.push(`dialog: ${dialog.message()}`));
    page.on("request", (request) => /^(http:\/\/127\.0\.0\.1|blob:|data:)/.test(request.url()) || problems.push(`request to ${request.url()}`));
    await context.grantPermissions(["clipboard-read", "clipboard-write"]).catch(() => {});
    await use(page);
    expect(problems).toEqual([]);
  },
});
export { expect };
