// Sends requests at a constant rate over a few connections, without waiting for each response.

import { connect } from "node:net";

const CONNECTIONS = 4, TICK = 10;

/**
 * Sends `total` requests for `/v1/groups/nN` at `rate` per second; resolves to the number of seconds until all responses came.
 * @param {string} url @param {number} total @param {number} rate
 */
export async function load(url, total, rate) {
  const { hostname, port } = new URL(url);
  let sent = 0, received = 0;
  const begun = performance.now();
  const sockets = Array.from({ length: CONNECTIONS }, () => {
    const socket = connect(Number(port), hostname);
    socket.setNoDelay(true);
    let last = "";
    socket.on("data", (chunk) => {
      const text = last + chunk.toString("latin1");
      received += text.split("HTTP/1.1 ").length - 1;
      // The rest is shorter than what is counted.
      last = text.slice(-8);
    });
    return socket;
  });
  while (received < total) {
    const due = Math.min(total, Math.ceil(((performance.now() - begun) * rate) / 1000));
    for (; sent < due; sent++) {
      sockets[sent % CONNECTIONS].write(`GET /v1/groups/n${sent} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer any\r\n\r\n`);
    }
    await new Promise((resolve) => setTimeout(resolve, TICK));
  }
  for (const socket of sockets) socket.destroy();
  return (performance.now() - begun) / 1000;
}
