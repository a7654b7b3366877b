// Serves the console from src/console and forwards everything else to a running server, so that the page can be edited
// without compiling: `node dev-server.mjs http://127.0.0.1:4010 4011`.

import { createServer, request } from "node:http";
import { readFile } from "node:fs/promises";

const FOLDER = new URL("../src/console/", import.meta.url);
const TYPES = { js: "text/javascript", css: "text/css", html: "text/html; charset=utf-8" };
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Starts the server; resolves to it. @param {string} target @param {number} port */
export function start(target, port) {
  const server = createServer(async (incoming, response) => {
    const file = /^\/__admin\/ui\/([\w.]*)$/.exec(incoming.url.split("?")[0]);
    if (file) {
      const name = file[1] || "index.html";
      const text = await readFile(new URL(name, FOLDER)).catch(() => null);
      response.writeHead(text ? 200 : 404, { "content-type": TYPES[name.split(".")[1]] ?? "text/plain", "content-security-policy": POLICY, "x-content-type-options": "nosniff" });
      response.end(text);
      return;
    }
    const headers = { ...incoming.headers, host: new URL(target).host };
    if (headers.origin) headers.origin = target;
    const outgoing = request(target + incoming.url, { method: incoming.method, headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      answer.on("close", () => answer.complete || response.destroy());
    });
    outgoing.on("error", () => response.destroy());
    incoming.pipe(outgoing);
    response.on("close", () => outgoing.destroy());
  });
  return new Promise((resolve) => server.listen(port, "127.0.0.1", () => resolve(server)));
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const [target = "http://127.0.0.1:4010", port = "4011"] = process.argv.slice(2);
  await start(target, Number(port));
  console.log(`http://127.0.0.1:${port}/__admin/ui/`);
}
