// The client of the admin API, with a method for each operation that tests use.
"use strict";

const { readFile } = require("node:fs/promises");
const http = require("node:http");
const https = require("node:https");

/** The maximum length of a body in a transcript, in characters. */
const MAX_BODY_LENGTH = 400;

/** The timeout of a request to the admin API, in milliseconds. */
const REQUEST_TIMEOUT = 30_000;

/** The admin API rejected a request, or the server could not be reached. */
class AdminError extends Error {
  name = "AdminError";

  constructor(detail, status, options) {
    super(detail, options);
    this.status = status;
  }
}

/** The received requests do not match the expectation; the message lists what was received instead. */
class VerificationError extends AdminError {
  name = "VerificationError";
}

/** A client of the admin API for one namespace of a server. */
class Admin {
  #token;
  #diagnose;

  constructor(url, { token = process.env.AGM_ADMIN_TOKEN, diagnose = async () => "" } = {}) {
    this.url = url;
    this.#token = token;
    this.#diagnose = diagnose;
  }

  async reset(...scopes) {
    await this.call("POST", scopes.length > 0 ? `/reset?scope=${scopes.join(",")}` : "/reset");
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

  async advance(duration) {
    return this.call("PUT", "/clock", { advance: duration });
  }

  async fidelity() {
    return (await this.call("GET", "/fidelity")).fidelity;
  }

  async setFidelity(fidelity) {
    await this.call("PUT", "/fidelity", { fidelity });
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

  async record(dialect, kind, id, account) {
    const path = [dialect, kind, id].map(encodeURIComponent).join("/");
    const query = account ? `?account=${encodeURIComponent(account)}` : "";
    return (await this.call("GET", `/records/${path}${query}`)).record;
  }

  async explain(request) {
    const id = typeof request === "string" ? request : request.id;
    return this.call("GET", `/requests/${encodeURIComponent(id)}/explain`);
  }

  async metrics() {
    return this.#request("GET", "/metrics");
  }

  async transcript() {
    const lines = [];
    for (const exchange of await this.requests()) lines.push(...(await this.#describe(exchange)));
    return lines.join("\n");
  }

  async call(method, path, body) {
    const text = await this.#request(method, path, body);
    return text === "" ? undefined : JSON.parse(text);
  }

  async #request(method, path, body) {
    const { status, text } = await this.#send(method, `/__admin${path}`, body);
    if (status < 300) return text;
    throw new (status === 422 ? VerificationError : AdminError)(errorDetail(text), status);
  }

  async #send(method, path, body) {
    const url = this.url + path;
    const headers = this.#token ? { "X-Mock-Admin-Token": this.#token } : {};
    if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      return await send(url, { method, headers }, body === undefined ? undefined : JSON.stringify(body));
    } catch (error) {
      const diagnosis = await this.#diagnose();
      throw new AdminError(`${method} ${url}: ${error.message || error.code}${diagnosis}`, undefined, { cause: error });
    }
  }

  async #describe({ id, request, response, faults, rule, wasMatched }) {
    const lines = [`${request.method} ${request.url} -> ${response?.status ?? "no response"}`];
    if (request.body) lines.push(`    request  ${shorten(request.body)}`);
    if (response?.body) lines.push(`    response ${shorten(response.body)}`);
    if (faults.length > 0) lines.push(`    faults   ${faults.join(", ")}`);
    if (rule || !wasMatched) lines.push(`    rule     ${rule ?? "none"}: ${(await this.explain(id)).summary}`);
    return lines;
  }
}

// `fetch` is not used, because tests may replace it, and because it keeps connections open.
function send(url, options, body) {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith("https:") ? https : http;
    const outgoing = request(url, { ...options, agent: false, timeout: REQUEST_TIMEOUT }, (incoming) => {
      let text = "";
      incoming.setEncoding("utf8");
      incoming.on("data", (chunk) => (text += chunk));
      incoming.on("end", () => resolve({ status: incoming.statusCode, text }));
      incoming.on("error", reject);
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error(`no response within ${REQUEST_TIMEOUT} ms`)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

function shorten(body) {
  const text = body.replace(/\s+/g, " ").trim();
  return text.length <= MAX_BODY_LENGTH ? text : `${text.slice(0, MAX_BODY_LENGTH)}… (${text.length} characters)`;
}

/** Returns the details of an error response, or the text itself if it does not have the format of the admin API. */
function errorDetail(text) {
  try {
    return JSON.parse(text).errors.map((error) => error.detail).join("\n");
  } catch {
    return text;
  }
}

module.exports = { Admin, AdminError, VerificationError };
