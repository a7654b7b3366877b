// A server that records requests and sends the responses of a function.
import { createServer } from "node:http";
import { once } from "node:events";

/** Starts a server that sends `[status, headers, body]` of `respond(request)`. */
export async function start(respond) {
  const requests = [];
  const server = createServer(async (incoming, response) => {
    let body = "";
    for await (const chunk of incoming) body += chunk;
    const request = { method: incoming.method, url: incoming.url, headers: incoming.headers, body };
    requests.push(request);
    const [status, headers, content] = respond(request);
    response.writeHead(status, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(content));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  server.unref();
  return { url: `http://127.0.0.1:${server.address().port}`, requests };
}
