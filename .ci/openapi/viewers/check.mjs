// Opens the document of a running server in Swagger UI, Scalar and Redoc, in Chromium: `node check.mjs URL`.
//
// Each shows the operations of every dialect, without an error of the page, in AGM_VIEWER_SECONDS (3 by default) of
// processor time of the page's main thread, which depends little on what else the machine does. The time runs from the
// request for the page until each operation has been in the page while it scrolls, and is the shortest of three.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const LIMIT_SECONDS = Number(process.env.AGM_VIEWER_SECONDS ?? 3);
const ATTEMPTS = 3;
const MAX_WAIT_MILLISECONDS = 30_000;

/** An operation of each dialect: its id, and its path. */
const OPERATIONS = {
  cloudflare_list_access_groups: "/accounts/{account_id}/access/groups",
  ibm_list_access_groups: "/v2/groups",
  authress_get_groups: "/v1/groups",
  legacy_list_access_groups: "/api2/access_groups.json",
  admin_add_faults: "/__admin/faults",
};

const VIEWERS = [
  {
    name: "Swagger UI",
    files: ["swagger-ui-dist/swagger-ui.css", "swagger-ui-dist/swagger-ui-bundle.js"],
    script: `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#viewer" })`,
    selector: (id) => `[id^="operations-"][id$="${id}"]`,
  },
  {
    name: "Scalar",
    files: ["@scalar/api-reference/dist/browser/standalone.js"],
    script: `Scalar.createApiReference("#viewer", { url: "/openapi.json", defaultOpenAllTags: true, withDefaultFonts: false, telemetry: false })`,
    selector: (_, path) => `text="${path}"`,
  },
  {
    name: "Redoc",
    files: ["redoc/bundles/redoc.standalone.js"],
    script: `Redoc.init("/openapi.json", {}, document.getElementById("viewer"))`,
    selector: (id) => `[id$="operation/${id}"]`,
  },
];

const resolve = createRequire(import.meta.url).resolve;
const TYPES = { css: "text/css", js: "text/javascript" };

/** The page of a viewer. */
function page({ files, script }) {
  const parts = files.map((file) => (file.endsWith(".css") ? `<link rel=stylesheet href="/${file}">` : `<script src="/${file}"></script>`));
  return `<!doctype html><meta charset=utf-8><title>viewer</title><div id=viewer></div>${parts.join("")}<script>${script}</script>`;
}

/** Serves the pages and files of the viewers, and the document of the server at `url`; returns the origin. */
async function serve(url) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(request.url.slice(1));
    const viewer = VIEWERS.find(({ name }) => name === path);
    if (viewer) return response.setHeader("Content-Type", "text/html").end(page(viewer));
    if (path === "openapi.json") {
      const document = await fetch(`${url}/__admin/openapi.json`);
      return response.setHeader("Content-Type", "application/json").end(Buffer.from(await document.arrayBuffer()));
    }
    if (!VIEWERS.some(({ files }) => files.includes(path))) return response.writeHead(404).end();
    response.setHeader("Content-Type", TYPES[path.split(".").at(-1)]).end(await readFile(resolve(`./node_modules/${path}`)));
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return { origin: `http://127.0.0.1:${server.address().port}`, server };
}

/** Scrolls the page by a screen, and to its start after its end: Swagger UI renders only what has been visible. */
function scrollOn() {
  const before = scrollY;
  scrollBy(0, innerHeight);
  if (scrollY === before) scrollTo(0, 0);
  return new Promise((rendered) => setTimeout(rendered, 10));
}

/** Opens a viewer; returns the seconds until the operations of all dialects were in the page, and what went wrong. */
async function open(browser, origin, { name, selector }) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
  const tab = await context.newPage();
  const problems = [];
  tab.on("pageerror", (error) => problems.push(`${name}: ${error}`));
  const debugging = await context.newCDPSession(tab);
  await debugging.send("Performance.enable", { timeDomain: "threadTicks" });
  const start = performance.now();
  await tab.goto(`${origin}/${encodeURIComponent(name)}`);
  const hidden = new Map(Object.entries(OPERATIONS));
  while (hidden.size > 0 && performance.now() - start < MAX_WAIT_MILLISECONDS) {
    for (const [id, path] of hidden) {
      if ((await tab.locator(selector(id, path)).count()) > 0) hidden.delete(id);
    }
    await tab.evaluate(scrollOn);
  }
  problems.push(...[...hidden.keys()].map((id) => `${name}: ${id} is not shown`));
  const elapsed = (performance.now() - start) / 1000;
  const { metrics } = await debugging.send("Performance.getMetrics");
  const processor = metrics.find((metric) => metric.name === "TaskDuration").value;
  await context.close();
  return { elapsed, processor, problems };
}

const { origin, server } = await serve(process.argv[2]);
const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: sandbox });
const problems = [];
for (const viewer of VIEWERS) {
  let fastest = { elapsed: Infinity, processor: Infinity };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const opened = await open(browser, origin, viewer);
    problems.push(...opened.problems);
    if (opened.processor < fastest.processor) fastest = opened;
  }
  const figures = `${fastest.processor.toFixed(1)} s of processor time, ${fastest.elapsed.toFixed(1)} s in all`;
  console.log(`${viewer.name}: ${figures}`);
  if (fastest.processor > LIMIT_SECONDS) problems.push(`${viewer.name} took ${figures}, more than ${LIMIT_SECONDS} s`);
}
await browser.close();
server.close();
for (const problem of new Set(problems)) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
