// The admin client: calls for what the server's own API can do.
"use strict";

const { readFile } = require("node:fs/promises");
const http = require("node:http");
const https = require("node:https");

/** How much of a body a transcript shows, in characters. */
const LONGEST_BODY = 400;

/** How long a call may take, in milliseconds. */
const LONGEST_CALL = 30_000;

/** A call of the admin API was refused, or did not reach the server. */
class AdminError extends Error {
  name = "AdminError";

  constructor(detail, status, options) {
    super(detail, options);
    this.status = status;
  }
}

/** Other requests came than were expected; the text shows which. */
class VerificationError extends AdminError {
  name = "VerificationError";
}

/** Calls the admin API of one mock: of the server's default namespace, or of a namespace. */
class Admin {
  #token;
  #diagnose;

  constructor(url, { token = process.env.AGM_ADMIN_TOKEN, diagnose = async () => "" } = {}) {
    this.url = url;
    this.#token = token;
    this.#diagnose = diagnose;
  }

  async reset(...parts) {
    await this.call("POST", parts.length > 0 ? `/reset?scope=${parts.join(",")}` : "/reset");
  }

  async state() {
    return this.call("GET", "/state");
  }

  async seed(seed) {
    const isFile = typeof seed === "string" || seed instanceof URL;
    await this.call("PUT", "/state", isFile ? JSON.parse(await readFile(seed, "utf8")) : seed);
  }

  async snapshot(name) {
    await this.call("POST", `/snapshots/${encodeURIComponent(name)}`);
  }

  async restore(name) {
    await this.call("POST", `/snapshots/${encodeURIComponent(name)}/restore`);
  }

  async clock() {
    return this.call("GET", "/clock");
  }

  async setClock(change) {
    return this.call("PUT", "/clock", change);
  }

  async advance(span) {
    return this.call("PUT", "/clock", { advance: span });
  }

  async fault(fault) {
    return (await this.call("POST", "/faults", fault)).faults;
  }

  async faults() {
    return (await this.call("GET", "/faults")).faults;
  }

  async clearFaults() {
    await this.call("DELETE", "/faults");
  }

  async requests(pattern = {}) {
    return (await this.call("POST", "/requests/find", pattern)).requests;
  }

  async unmatched() {
    return (await this.call("GET", "/requests/unmatched")).requests;
  }

  async count(pattern = {}) {
    return (await this.call("POST", "/requests/count", pattern)).count;
  }

  async verify(pattern = {}, times = {}) {
    return (await this.call("POST", "/requests/verify", { ...pattern, ...times })).count;
  }

  async explain(request) {
    const id = typeof request === "string" ? request : request.id;
    return this.call("GET", `/requests/${encodeURIComponent(id)}/explain`);
  }

  async transcript() {
    const lines = [];
    for (const exchange of await this.requests()) lines.push(...(await this.#lines(exchange)));
    return lines.join("\n");
  }

  async call(method, path, body) {
    const { status, text } = await this.#send(method, `/__admin${path}`, body);
    if (status < 300) return text === "" ? undefined : JSON.parse(text);
    throw new (status === 422 ? VerificationError : AdminError)(detailOf(text), status);
  }

  async #send(method, path, body) {
    const url = this.url + path;
    const headers = this.#token ? { "X-Mock-Admin-Token": this.#token } : {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      return await send(url, { method, headers }, body === undefined ? undefined : JSON.stringify(body));
    } catch (error) {
      const more = await this.#diagnose();
      throw new AdminError(`${method} ${url}: ${error.message || error.code}${more}`, undefined, { cause: error });
    }
  }

  async #lines({ id, request, response, faults, rule, wasMatched }) {
    const lines = [`${request.method} ${request.url} -> ${response?.status ?? "no answer"}`];
    if (request.body) lines.push(`    sent     ${shortened(request.body)}`);
    if (response?.body) lines.push(`    answered ${shortened(response.body)}`);
    if (faults.length > 0) lines.push(`    faults   ${faults.join(", ")}`);
    if (rule || !wasMatched) lines.push(`    rule     ${rule ?? "none"}: ${(await this.explain(id)).summary}`);
    return lines;
  }
}

// `fetch` is what tests replace, and what keeps connections open behind their back; this is neither.
function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith("https:") ? https : http;
    const outgoing = request(url, { ...options, agent: false, timeout: LONGEST_CALL }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk) => (text += chunk));
      incoming.on("end", () => resolve({ status: incoming.statusCode, text }));
      incoming.on("error", reject);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no answer within ${LONGEST_CALL} ms`)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function shortened(body) {
  const text = body.replace(/\s+/g, " ").trim();
  return text.length <= LONGEST_BODY ? text : `${text.slice(0, LONGEST_BODY)}… (${text.length} characters)`;
}

/** Returns the text of a refusal; what is not in the admin API's shape as it is. */
function detailOf(text) {
  try {
    return JSON.parse(text).errors.map((error) => error.detail).join("\n");
  } catch {
    return text;
  }
}

module.exports = { Admin, AdminError, VerificationError };
