// Try it: every operation with a form from its parameters and an example body.

import { credential, get, prefix, quote, setCredential, vendor } from "./api.js";
import { button, code, copyButton, field, fill, h, message, notify, pretty } from "./dom.js";
import { headerTable } from "./detail.js";
import { List } from "./list.js";
import { drawCells, statusClass } from "./requests.js";
import { link, namespace, update } from "./url.js";

/** @typedef {import("./types.js").Operation} Operation */

/** @returns {import("./types.js").Screen} */
export function tryScreen() {
  /** @type {Operation[]} */
  let operations = [];
  let shown = "", params = new URLSearchParams();
  const search = h("input", { type: "search", placeholder: "Search operations  ( / )", "aria-label": "Search operations" });
  search.addEventListener("input", () => update({ q: search.value }));
  const list = new List({
    label: "operations", key: (/** @type {Operation} */ it) => it.operation, open: (it) => update({ op: it.operation, from: "" }, true),
    build: (row) => row.append(h("span", { class: "verb" }), h("span", { class: "mono" }), h("span", { class: "dim" })),
    draw: (row, it) => drawCells(row, [it.method, it.path, `${it.summary} (${it.dialect})`]),
  });
  const detail = h("section", { class: "detail", hidden: true, "aria-label": "Operation" });
  const split = h("div", { class: "split try" }, h("div", { class: "pane" }, list.element), detail);
  const secret = h("input", { value: credential(), "aria-label": "Credential", title: "Sent as Authorization: Bearer", size: 14 });
  secret.addEventListener("input", () => setCredential(secret.value));
  const element = h("section", { class: "screen", "aria-label": "Try it" }, h("div", { class: "bar" }, search, h("label", null, h("span", { class: "dim" }, "Credential "), secret)), split);

  /** @param {string} name */
  async function open(name) {
    const operation = operations.find((it) => it.operation === name);
    fill(detail, h("div", { class: "head" }, h("h2", null, operation ? `${operation.method} ${operation.path}` : name), button("Close", close, { class: "small", title: "Esc" })));
    if (!operation) return detail.append(h("p", null, "There is no such operation."));
    const loading = h("p", { class: "dim" }, "Loading the form …");
    detail.append(h("p", null, operation.summary), loading);
    const [{ document: { paths }, example }, known] = await Promise.all([get(`/operations/${encodeURIComponent(name)}`, { ns: "default" }), sample(operation)]);
    if (shown !== name + params.get("from")) return;
    loading.remove();
    const { parameters = [] } = paths[operation.path][operation.method.toLowerCase()];
    const inputs = parameters.filter((/** @type {any} */ it) => !/authorization/i.test(it.name)).map((/** @type {any} */ it) => ({
      ...it, input: h("input", { value: known[it.name] ?? (it.required ? (it.example ?? it.schema?.example ?? it.schema?.enum?.[0] ?? "") : ""), required: Boolean(it.required) }),
    }));
    const type = example.mediaType ?? "";
    const body = type ? h("textarea", { "aria-label": "Body", spellcheck: false }) : null;
    if (body) body.value = known[""] ?? example.body;
    const build = () => {
      let path = operation.path, query = new URLSearchParams();
      /** @type {Record<string, string>} */
      const headers = { Authorization: `Bearer ${credential()}` };
      if (body) headers["Content-Type"] = type;
      for (const { name, in: where, input } of inputs) {
        if (where === "path") path = path.replace(`{${name}}`, encodeURIComponent(input.value));
        else if (input.value && where === "query") query.append(name, input.value);
        else if (input.value && where === "header") headers[name] = input.value;
      }
      return { path: `${path}${query.size ? `?${query}` : ""}`, headers };
    };
    const curl = () => {
      const { path, headers } = build();
      const words = Object.entries(headers).map(([name, value]) => ` -H ${quote(`${name}: ${value}`)}`).join("");
      return `curl${operation.method === "GET" ? "" : ` -X ${operation.method}`}${words}${body ? ` --data-raw ${quote(body.value)}` : ""} ${quote(location.origin + prefix(namespace()) + path)}`;
    };
    const result = h("div", { "aria-live": "polite" });
    const run = async () => {
      const { path, headers } = build();
      const answer = await vendor(operation.method, path, headers, body?.value);
      fill(result, h("h3", null, "Response"), h("p", null, h("span", { class: statusClass(answer.status) }, answer.status), ` in ${Math.round(answer.duration)} ms`,
        answer.rule ? [" · rejected by ", h("a", { href: link("coverage", { view: "rules", sel: answer.rule }) }, answer.rule)] : "",
        " · ", h("a", { href: link("requests", answer.id ? { sel: answer.id } : { op: operation.operation }) }, answer.status >= 400 ? "Why?" : "Journal entry")),
        answer.text ? code(pretty(answer.text), "Response body") : h("p", { class: "dim" }, "No body"), headerTable(answer.headers, "Response"));
    };
    const form = h("form", { novalidate: true }, inputs.length > 0 && h("div", { class: "fields" }, inputs.map((/** @type {any} */ it) => field(`${it.name}${it.required ? " *" : ""} (${it.in})`, it.input))),
      body && [h("h3", null, `Body (${type})`), body], h("div", { class: "actions" }, h("button", { class: "main" }, "Send"), copyButton(curl, "the curl line", "Copy as curl")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run().catch((error) => notify(`No response: ${message(error)}`, true));
    });
    detail.append(form, result);
  }

  /** Values of a recorded request, or of an existing group, for the parameters by name; the body has the name "". @param {Operation} operation @returns {Promise<Record<string, string>>} */
  async function sample(operation) {
    /** @type {Record<string, string>} */
    const values = {};
    const from = params.get("from");
    if (from) {
      const { exchange: { request } } = await get(`/requests/${encodeURIComponent(from)}/explain`);
      const [path, query = ""] = request.url.split("?");
      const parts = operation.path.split("/"), given = path.split("/").slice(-parts.length);
      parts.forEach((part, i) => {
        if (part.startsWith("{")) values[part.replace(/[{}]|\.json/g, "")] = decodeURIComponent(given[i] ?? "");
      });
      for (const [name, value] of new URLSearchParams(query)) values[name] = value;
      if (request.body) values[""] = pretty(request.body);
      return values;
    }
    // The first group whose path fits that of the operation.
    const { groups } = await get(`/groups?limit=100&dialect=${operation.dialect}`).catch(() => ({ groups: [] }));
    const template = operation.path.split("/");
    for (const group of groups) {
      const parts = group.path.split("/").slice(0, template.length);
      if (!parts.every((/** @type {string} */ part, /** @type {number} */ i) => part === template[i] || template[i].startsWith("{"))) continue;
      if (group.account) values.account_id = group.account;
      parts.forEach((/** @type {string} */ part, /** @type {number} */ i) => {
        if (template[i].startsWith("{")) values[template[i].replace(/[{}]|\.json/g, "")] = decodeURIComponent(part.replace(/\.json$/, ""));
      });
      break;
    }
    return values;
  }

  function close() {
    update({ op: "", from: "" });
    list.focus();
  }

  function draw() {
    const words = (params.get("q") ?? "").toLowerCase().split(/\s+/);
    list.set(operations.filter((it) => {
      const text = `${it.method} ${it.path} ${it.operation} ${it.summary} ${it.dialect}`.toLowerCase();
      return words.every((word) => text.includes(word));
    }));
    const name = params.get("op") ?? "", wanted = name && name + params.get("from");
    detail.hidden = !name;
    split.classList.toggle("open", Boolean(name));
    list.setOpened(name);
    if (wanted === shown || !operations.length) return;
    shown = wanted;
    if (name) open(name).catch((error) => notify(message(error), true));
  }

  return {
    element,
    show(next) {
      params = next;
      if (document.activeElement !== search) search.value = params.get("q") ?? "";
      draw();
      if (operations.length) return;
      get("/coverage", { ns: "default" }).then((report) => {
        operations = report.operations;
        draw();
      }).catch((error) => notify(message(error), true));
    },
    key(key) {
      if (key === "Escape") close();
      else if (list.key(key)) list.focus();
      else return false;
      return true;
    },
  };
}
