// The detail of a request: why it was rejected and what would pass, the request, the response, and what can be done.

import { credential, get, open, vendor } from "./api.js";
import { button, code, coded, copy, fill, h, linked, message, notify, plural, pretty } from "./dom.js";
import { clockTime, statusClass } from "./requests.js";
import { link, update } from "./url.js";

/** @typedef {import("./types.js").Exchange} Exchange */
/** @typedef {import("./types.js").Explanation} Explanation */

/** The curl line of a request, with the credential of the page in the place of the redacted one. @param {string} id */
const curlLine = async (id) => (await (await open(`/requests/${encodeURIComponent(id)}?format=curl&credential=${encodeURIComponent(credential())}`)).text()).trim();

/** @param {string} id */
export async function copyCurl(id) {
  await copy(await curlLine(id), "the curl line");
}

/** @param {Record<string, string>} headers @param {string} label */
export function headerTable(headers, label) {
  const rows = Object.entries(headers);
  return h("details", { open: rows.length < 8 }, h("summary", null, `${label}: ${plural(rows.length, "header")}`),
    h("table", { class: "headers" }, h("tbody", null, rows.map(([name, value]) => h("tr", null, h("td", null, name), h("td", null, value))))));
}

/** @param {string} text @param {number} bytes @param {string} label */
function body(text, bytes, label) {
  if (!bytes) return h("p", { class: "dim" }, "No body");
  const note = new Blob([text]).size < bytes ? h("p", { class: "warn" }, `The journal has only a part of ${plural(bytes, "byte")}.`) : null;
  return [note, code(pretty(text), label)];
}

/** The evidence of a rule or an operation. @param {{evidence: string, confidence: string | null, date: string | null, source: string}} it */
export function evidence(it) {
  const details = [it.confidence && `confidence ${it.confidence}`, it.date].filter(Boolean).join(", ");
  return h("p", null, h("span", { class: "tag" }, it.evidence), " ", details ? `${details}: ` : "", linked(it.source));
}

/** @param {Explanation} it */
function why(it) {
  const { rule, received, remediation, suggestions, exchange } = it;
  if (!rule) return h("div", { class: "why fine" }, h("h3", null, "Accepted"), h("p", null, it.summary));
  return h("div", { class: "why" },
    h("h3", null, "Why it was rejected"), h("p", null, coded(it.summary)), h("p", { class: "dim" }, "Rule ",
      h("a", { href: link("coverage", { view: "rules", q: rule.id }) }, rule.id), ": ", coded(rule.description)),
    received.length > 0 && [h("h3", null, "What came"), h("table", null, h("tbody", null, received.map(({ path, reason, value }) => h("tr", null,
      h("td", { class: "mono" }, path || "subject"), h("td", { class: "mono" }, value === null || value === undefined ? "(absent)" : typeof value === "string" ? value : JSON.stringify(value)), h("td", null, reason)))))],
    remediation && [h("h3", null, "What would pass"), h("p", null, coded(remediation))],
    suggestions.length > 0 && [h("h3", null, "Nearest operations"), h("table", null, h("tbody", null, suggestions.map((near) => h("tr", null,
      h("td", null, h("a", { href: link("try", { op: near.operation }) }, `${near.method} ${near.path}`), h("div", { class: "dim" }, coded(near.difference)))))))],
    exchange.faults.length > 0 && h("p", null, "⚡ Injected by a fault, not by the request: ",
      h("a", { href: link("faults") }, exchange.faults.join(", ")), ". Turn it off on the screen Faults."),
    h("h3", null, "Evidence"), evidence(rule));
}

/** @param {() => void} close */
export function requestDetail(close) {
  const element = h("section", { class: "detail", hidden: true, "aria-label": "Request" });
  let shown = "";
  const head = (/** @type {(Node | string)[]} */ ...title) => h("div", { class: "head" }, h("h2", null, title), button("Close", close, { class: "small", title: "Esc" }));

  /** @param {Exchange} exchange */
  async function sendAgain(exchange) {
    const { request } = exchange;
    const answer = await vendor(request.method, request.url, request.headers, request.body, exchange.namespace);
    notify(`Sent again: ${answer.status} in ${Math.round(answer.duration)} ms`);
    if (answer.id) update({ sel: answer.id }, true);
  }

  /** @param {Explanation} it */
  function draw(it) {
    const { exchange } = it;
    const { request, response } = exchange;
    fill(element, head(h("span", { class: statusClass(response?.status ?? 0) }, response ? String(response.status) : "no response"), ` ${request.method} ${request.url}`),
      h("p", { class: "dim" }, `${clockTime(request.loggedDate)} UTC · ${exchange.timing.totalTime.toFixed(1)} ms · ${exchange.operation ?? "no operation"}${exchange.namespace === "default" ? "" : ` · namespace ${exchange.namespace}`}`),
      h("div", { class: "actions" }, button("Copy as curl", () => copyCurl(exchange.id), { "aria-keyshortcuts": "y", title: "y" }),
        button("Send again", () => sendAgain(exchange)),
        exchange.operation && h("a", { href: link("try", { op: exchange.operation, from: exchange.id }) }, "Edit in Try it"),
        exchange.operation && h("a", { href: link("faults", { op: exchange.operation }) }, "Add a fault for it")),
      why(it),
      exchange.fallback && h("p", null, `The fallback server ${exchange.fallback} responded.`),
      h("h3", null, "Request body"), body(request.body, request.bodyBytes, "Request body"),
      h("h3", null, "Response body"), response ? body(response.body, response.bodyBytes, "Response body") : h("p", { class: "dim" }, "The connection was closed without a response."),
      h("h3", null, "Headers"), headerTable(request.headers, "Request"), response ? headerTable(response.headers, "Response") : null,
      h("p", { class: "dim" }, `Request id ${exchange.id}`));
  }

  return {
    element,
    /** @param {string} id @param {import("./types.js").Summary | undefined} summary */
    async show(id, summary) {
      element.hidden = !id;
      if (id === shown) return;
      shown = id;
      if (!id) return;
      element.scrollTop = 0;
      try {
        const explanation = await get(`/requests/${encodeURIComponent(id)}/explain`);
        if (shown === id) draw(explanation);
      } catch (error) {
        if (shown !== id) return;
        fill(element, head(summary ? `${summary.status} ${summary.method} ${summary.url}` : "Request"),
          h("p", null, `The journal no longer has this request: ${message(error)}`));
      }
    },
  };
}
