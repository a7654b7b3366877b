// Calls of the admin API and of the vendors' APIs. All of them send the admin token in a header, never a cookie.

import { namespace } from "./url.js";

/** The path under which the server is mounted. */
export const root = location.pathname.split("/__admin/")[0].replace(/\/ns\/[^/]*$/, "");

const TOKEN_KEY = "access-groups-mock admin token";

/** An error response. */
export class ApiError extends Error {
  /** @param {number} status @param {string} text */
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

/** Takes the token out of the fragment (`#token=…`), so that it does not stay in the address bar. */
export function takeToken() {
  const found = /^#token=([^&]*)/.exec(location.hash);
  if (!found) return;
  setToken(decodeURIComponent(found[1]));
  history.replaceState(null, "", `${location.pathname}${location.search}`);
}

/** @param {string} token */
export const setToken = (token) => sessionStorage.setItem(TOKEN_KEY, token);

export const hasToken = () => Boolean(sessionStorage.getItem(TOKEN_KEY));

/** The path of a namespace. @param {string} ns */
export const prefix = (ns) => (ns === "default" || ns === "*" ? root : `${root}/ns/${encodeURIComponent(ns)}`);

/** @param {string} path @param {RequestInit & {ns?: string}} [init] */
export async function open(path, { ns = namespace(), ...init } = {}) {
  const headers = new Headers(init.headers);
  const token = sessionStorage.getItem(TOKEN_KEY);
  if (token) headers.set("X-Mock-Admin-Token", token);
  const response = await fetch(`${prefix(ns)}/__admin${path}`, { ...init, headers, credentials: "omit" });
  if (response.ok) return response;
  const text = await response.text();
  let title = text;
  try {
    const [error] = JSON.parse(text).errors;
    title = error.detail ? `${error.title}: ${error.detail}` : error.title;
  } catch {
    title = text || response.statusText;
  }
  if (response.status === 401 || (response.status === 403 && /token/.test(title))) {
    dispatchEvent(new CustomEvent("locked", { detail: { status: response.status, title } }));
  }
  throw new ApiError(response.status, title);
}

/** @param {string} path @param {RequestInit & {ns?: string}} [init] @returns {Promise<any>} */
export async function get(path, init) {
  return (await open(path, init)).json();
}

/** @param {string} method @param {string} path @param {unknown} [body] @param {{ns?: string}} [options] @returns {Promise<any>} */
export async function send(method, path, body, options) {
  const init = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const text = await (await open(path, { ...options, ...init, method })).text();
  return text ? JSON.parse(text) : null;
}

const SENT_KEY = "access-groups-mock sent requests";

/** The ids of the latest requests that this tab sent to the vendors' APIs. @type {Set<string>} */
export const sentHere = new Set(JSON.parse(sessionStorage.getItem(SENT_KEY) ?? "[]"));

/** @param {string} id */
function remember(id) {
  sentHere.add(id);
  sessionStorage.setItem(SENT_KEY, JSON.stringify([...sentHere].slice(-500)));
  dispatchEvent(new Event("sent"));
}

/** Asks for the id of the request in the response, also of a success. */
const REQUEST_ID = "X-Mock-Request-Id";

/** Headers that a page cannot send, or that belong to the original connection. */
const OWN_HEADERS = /^(host|connection|content-length|accept-encoding|user-agent|origin|referer|cookie|expect|te|transfer-encoding|content-encoding|sec-.*|via|date|dnt|upgrade|keep-alive|trailer|x-mock-(admin-token|request-id))$/i;

/**
 * Sends a request to a vendor's API; it is in the journal like that of any client.
 * @param {string} method @param {string} path @param {Record<string, string>} headers @param {string} [body] @param {string} [ns]
 */
export async function vendor(method, path, headers, body, ns = namespace()) {
  const sent = new Headers({ [REQUEST_ID]: "return" });
  for (const [name, value] of Object.entries(headers)) {
    if (!OWN_HEADERS.test(name)) sent.set(name, value.replaceAll("[redacted]", credential()));
  }
  const hasBody = method !== "GET" && method !== "HEAD";
  if (hasBody && body && !sent.has("content-type")) sent.set("Content-Type", "application/json");
  const started = performance.now();
  const response = await fetch(`${prefix(ns)}${path}`, {
    method, headers: sent, body: hasBody ? body : undefined, credentials: "omit", cache: "no-store", redirect: "manual",
  });
  const text = await response.text(), duration = performance.now() - started;
  const id = response.headers.get(REQUEST_ID);
  if (id) remember(id);
  return { status: response.status, headers: Object.fromEntries(response.headers), text, duration, id, rule: response.headers.get("x-mock-rule") };
}

const CREDENTIAL_KEY = "access-groups-mock credential";

/** The credential that the page sends to the vendors' APIs. */
export const credential = () => sessionStorage.getItem(CREDENTIAL_KEY) || "any";

/** @param {string} value */
export const setCredential = (value) => sessionStorage.setItem(CREDENTIAL_KEY, value);

/**
 * Reads the live stream until it ends or is aborted.
 * @param {string} query @param {{ns: string, lastId: string, signal: AbortSignal, opened: () => void, received: (event: string, id: string, data: any) => void}} options
 */
export async function stream(query, { ns, lastId, signal, opened, received }) {
  /** @type {Record<string, string>} */
  const headers = lastId ? { "Last-Event-ID": lastId } : {};
  const response = await open(`/requests/stream${query}`, { ns, signal, headers });
  opened();
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const events = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = events.pop() ?? "";
    for (const event of events) {
      let name = "message", id = "", data = "";
      for (const line of event.split("\n")) {
        if (line.startsWith("data:")) data += line.slice(5).trim();
        else if (line.startsWith("event:")) name = line.slice(6).trim();
        else if (line.startsWith("id:")) id = line.slice(3).trim();
      }
      if (data) received(name, id, JSON.parse(data));
    }
  }
}

/** A word of a POSIX shell. @param {string} text */
export const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;

/** The curl line of a request to the admin API. @param {string} method @param {string} path @param {unknown} [body] */
export function adminCurl(method, path, body) {
  const token = hasToken() ? ' -H "X-Mock-Admin-Token: $AGM_ADMIN_TOKEN"' : "";
  const data = body === undefined ? "" : ` -d ${quote(JSON.stringify(body))}`;
  const verb = method === "POST" && data ? "" : method === "GET" ? "" : ` -X ${method}`;
  return `curl${verb}${token} ${quote(`${location.origin}${prefix(namespace())}/__admin${path}`)}${data}`;
}
