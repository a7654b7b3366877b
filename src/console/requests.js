// The list of requests: live, newest first, with filters.

import { get, send, sentHere, stream } from "./api.js";
import { button, confirm, download, fill, h, message, notify, plural, select, setOptions, speak } from "./dom.js";
import { copyCurl, requestDetail } from "./detail.js";
import { List } from "./list.js";
import { namespace, update } from "./url.js";
import { welcome } from "./welcome.js";

/** @typedef {import("./types.js").Summary} Summary */

/** The number of requests that the page keeps; the oldest ones are removed. */
const RING = 10000;

/** The number of removals of the oldest requests at a time, because each one moves all others. */
const SLACK = 1000;

export const DIALECTS = ["cloudflare", "ibm", "authress", "legacy"];

/** @type {[string, string][]} */
const STATUSES = [["", "every status"], ["2xx", "2xx"], ["3xx", "3xx"], ["4xx", "4xx"], ["5xx", "5xx"], ["rejected", "rejected"], ["unmatched", "no operation"], ["clients", "not sent by this page"]];

/** Adds the defaults that a summary leaves out. @param {any} it @returns {Summary} */
export const complete = (it) => ({ namespace: "default", dialect: it.operation?.split("_")[0], operation: null, rule: null, reason: null, faults: [], wasMatched: true, ...it });

/** @param {number} status */
export const statusClass = (status) => `st s${Math.floor(status / 100)}`;

/** @param {number} time */
export const clockTime = (time) => new Date(time).toISOString().slice(11, 23);

/** The reason of a response in words; empty if it is a success. @param {Summary} it */
export function reasonOf(it) {
  const fault = it.faults.length ? `fault ${it.faults.join(", ")}` : "";
  const reason = it.reason || (it.rule ?? (it.status === 0 ? "no response" : sentHere.has(it.id) ? "sent by this page" : ""));
  return fault && reason ? `${fault}: ${reason}` : fault || reason;
}

/** The cells of a row, in the order of `build`. @param {HTMLElement} row @param {string[]} texts */
export function drawCells(row, texts) {
  texts.forEach((text, i) => {
    const cell = /** @type {HTMLElement} */ (row.children[i]);
    if (cell.textContent !== text) cell.textContent = text;
  });
}

/** @param {(state: "live" | "paused" | "off", text: string) => void} setStatus @returns {import("./types.js").Screen} */
export function requestsScreen(setStatus) {
  /** @type {Summary[]} */
  let ring = [];
  /** @type {Summary[]} Requests that came while the list is held. */
  let pending = [];
  let isPaused = false, lastId = "", source = "", isVisible = false, started = 0;
  /** The ids of the requests in `ring` and `pending`. @type {Set<string>} */
  let known = new Set();
  let filter = { q: "", dialect: "", status: "", op: "" };
  /** @type {AbortController | null} */
  let connection = null;
  /** @type {Set<string>} */
  const operations = new Set();
  const filtered = { count: 0, rejected: 0 };

  const search = h("input", { type: "search", placeholder: "Filter: path, reason, rule, id  ( / )", "aria-label": "Filter requests", "aria-keyshortcuts": "/" });
  search.addEventListener("input", () => update({ q: search.value }));
  const dialect = select("Dialect", [["", "all dialects"], ...DIALECTS.map((it) => /** @type {[string, string]} */ ([it, it]))], (value) => update({ dialect: value }));
  const status = select("Status", STATUSES, (value) => update({ status: value }));
  const operation = select("Operation", [["", "all operations"]], (value) => update({ op: value }));
  const pause = button("Pause", () => setPaused(!isPaused), { "aria-pressed": false, "aria-keyshortcuts": "p" });
  const count = h("span", { class: "dim" });
  const fresh = button("", () => release(), { class: "fresh", hidden: true });
  const empty = h("div", { class: "empty", hidden: true });
  const list = new List({
    label: "requests", key: (it) => it.id, open: (it) => update({ sel: it.id }, true),
    build: (row) => row.append(h("span", { class: "mono dim" }), h("span", { class: "verb" }), h("span", { class: "mono" }), h("span"), h("span", { class: "dim" })),
    draw(row, it) {
      const mark = it.faults.length ? "⚡" : !it.wasMatched ? "?" : it.status >= 400 ? "✕" : it.status === 0 ? "∅" : "";
      const where = namespace() === "*" && it.namespace !== "default" ? `${it.namespace}: ` : "";
      drawCells(row, [clockTime(it.loggedDate), it.method, where + it.url, `${it.status || "none"} ${mark}`, reasonOf(it)]);
      row.children[3].className = statusClass(it.status);
    },
    scrolled() {
      if (list.isAtTop && pending.length && !isPaused) release();
    },
  });
  const detail = requestDetail(() => close());
  const pane = h("div", { class: "pane" }, fresh, list.element, empty);
  const split = h("div", { class: "split requests" }, pane, detail.element);
  const element = h("section", { class: "screen", "aria-label": "Requests" },
    h("div", { class: "bar" }, search, dialect, status, operation, pause, button("Clear", clear), button("Export HAR", exportHar), count), split);

  /** @param {Summary} it */
  function matches(it) {
    const { q, dialect, status, op } = filter;
    if (dialect && it.dialect !== dialect) return false;
    if (op && it.operation !== op) return false;
    if (status === "rejected" ? !it.rule : status === "unmatched" ? it.wasMatched : status === "clients" ? sentHere.has(it.id) : status && Math.floor(it.status / 100) !== Number(status[0])) return false;
    return !q || `${it.method} ${it.url} ${it.status} ${it.operation ?? ""} ${it.rule ?? ""} ${it.reason ?? ""} ${it.id} ${it.namespace} ${it.faults.join(" ")}`.toLowerCase().includes(q);
  }

  function refilter() {
    list.set(ring.filter(matches), true);
    draw();
  }

  /** @param {Summary[]} added */
  function add(added) {
    for (const it of added) {
      ring.push(it);
      if (matches(it)) list.items.push(it);
    }
    if (ring.length > RING) {
      const cut = ring.splice(0, ring.length - RING + SLACK);
      const removed = new Set(cut);
      let gone = 0;
      while (gone < list.items.length && removed.has(list.items[gone])) gone++;
      for (const it of cut) known.delete(it.id);
      list.items.splice(0, gone);
      list.removed += gone;
    }
    draw();
  }

  function release() {
    const added = pending;
    pending = [];
    add(added);
    list.element.scrollTop = 0;
  }

  /** @param {boolean} value */
  function setPaused(value) {
    isPaused = value;
    pause.setAttribute("aria-pressed", String(value));
    fill(pause, value ? "Continue" : "Pause");
    if (!value) release();
    showStatus();
  }

  let isLive = false;
  function showStatus() {
    if (!isLive) setStatus("off", "not connected");
    else if (isPaused) setStatus("paused", "paused");
    else setStatus("live", "live");
  }

  let isScheduled = false;
  function draw() {
    if (isScheduled) return;
    isScheduled = true;
    requestAnimationFrame(() => {
      isScheduled = false;
      if (!isVisible) return;
      const all = list.items.length === ring.length;
      const text = all ? plural(ring.length, "request") : `${list.items.length.toLocaleString("en")} of ${plural(ring.length, "request")}`;
      if (count.textContent !== text) count.textContent = text;
      fresh.hidden = !pending.length;
      if (pending.length) fresh.textContent = `↑ ${plural(pending.length, "new request")}`;
      const isEmpty = !list.items.length;
      if (empty.hidden === isEmpty) {
        empty.hidden = !isEmpty;
        list.element.hidden = isEmpty;
      }
      const kind = ring.length ? "filter" : "welcome";
      if (isEmpty && empty.dataset.kind !== kind) {
        empty.dataset.kind = kind;
        if (ring.length) fill(empty, h("h2", null, "No request matches the filter"), button("Remove the filter", () => update({ q: "", dialect: "", status: "", op: "" })));
        else welcome(empty, "Waiting for requests");
      }
      list.update();
    });
  }

  /** Adds operations to the choice. @param {(string | null)[]} names */
  function addOperations(names) {
    const { size } = operations;
    for (const name of names) if (name) operations.add(name);
    if (operations.size > size) setOptions(operation, [["", "all operations"], ...[...operations].sort().map((name) => /** @type {[string, string]} */ ([name, name]))]);
    operation.value = filter.op;
  }

  /** @param {Summary} it */
  function receive(it) {
    lastId = it.id;
    // After an interruption, the stream can repeat requests.
    if (known.has(it.id)) return;
    known.add(it.id);
    filtered.count++;
    if (it.rule) filtered.rejected++;
    if (it.operation && !operations.has(it.operation)) addOperations([it.operation]);
    if (isPaused || (!list.isAtTop && isVisible)) {
      pending.push(it);
      if (pending.length > RING) for (const { id } of pending.splice(0, SLACK)) known.delete(id);
      draw();
    } else {
      add([it]);
    }
    speak(`${plural(filtered.count, "new request")}, ${filtered.rejected} rejected`);
  }

  function forget() {
    ring = [];
    pending = [];
    known = new Set();
    refilter();
  }

  /** Forgets the requests of a server that was started again: its journal is another one. */
  async function checkServer() {
    const { uptimeInSeconds } = await get("/health");
    const start = Date.now() / 1000 - uptimeInSeconds;
    if (started && Math.abs(start - started) > 1.5) {
      lastId = "";
      forget();
      notify("The server was started again; the list shows its new journal");
    }
    started = start;
  }

  /** Loads the requests of a namespace, and then follows the stream; connects again when it ends. @param {string} ns */
  async function follow(ns) {
    connection?.abort();
    connection = new AbortController();
    const { signal } = connection;
    lastId = "";
    forget();
    let wait = 250;
    while (!signal.aborted) {
      try {
        await checkServer();
        await stream(`?namespace=${encodeURIComponent(ns)}&format=summary`, {
          ns, lastId, signal,
          opened() {
            isLive = true;
            wait = 250;
            showStatus();
            // The list is read once the stream is open, so that no request falls between the two.
            if (!lastId) load(ns, signal).catch((error) => notify(message(error), true));
          },
          received(event, _id, data) {
            if (event === "request") receive(complete(data));
            else notify(event === "missed" ? `The journal no longer had ${plural(data.count, "request")} when the page read it` : `The live list ended: ${JSON.stringify(data)}`, true);
          },
        });
      } catch {
        if (signal.aborted) return;
      }
      isLive = false;
      showStatus();
      await new Promise((resolve) => setTimeout(resolve, wait));
      wait = Math.min(wait * 2, 4000);
    }
  }

  /** @param {string} ns @param {AbortSignal} signal */
  async function load(ns, signal) {
    const { requests } = await get(`/requests?namespace=${encodeURIComponent(ns)}&format=summary&limit=${RING}`, { ns, signal });
    const older = requests.filter((/** @type {Summary} */ it) => !known.has(it.id)).map(complete).reverse();
    for (const it of older) known.add(it.id);
    addOperations(older.map((/** @type {Summary} */ it) => it.operation));
    lastId ||= requests[0]?.id ?? "";
    // The stream sent the others since it was opened.
    ring = [...older, ...ring].slice(-RING);
    refilter();
  }

  async function clear() {
    const ns = namespace();
    if (!(await confirm(`Remove all requests of ${ns === "*" ? "all namespaces" : `the namespace ${ns}`} from the journal?`, "Clear"))) return;
    /** @type {string[]} */
    const names = ns === "*" ? (await get("/namespaces")).namespaces.map((/** @type {{name: string}} */ { name }) => name) : [ns];
    await Promise.all(names.map((name) => send("DELETE", "/requests", undefined, { ns: name })));
    update({ sel: "" });
    forget();
  }

  async function exportHar() {
    const query = new URLSearchParams({ format: "har" });
    if (filter.dialect) query.set("dialect", filter.dialect);
    if (/^\dxx$/.test(filter.status)) query.set("status", filter.status);
    if (filter.op) query.set("operation", filter.op);
    if (namespace() === "*") query.set("namespace", "*");
    const har = await get(`/requests?${query}`);
    // The page itself has the filters that the admin API does not have.
    const shown = new Set(list.items.map((it) => it.id));
    har.log.entries = har.log.entries.filter((/** @type {{_id: string}} */ it) => shown.has(it._id));
    download("requests.har", new Blob([JSON.stringify(har)], { type: "application/json" }));
    notify(`Exported ${plural(har.log.entries.length, "request")}`);
  }

  function close() {
    update({ sel: "" });
    list.focus();
  }

  function start() {
    const ns = namespace();
    if (ns === source) return;
    source = ns;
    follow(ns).catch((error) => notify(message(error), true));
  }

  addEventListener("sent", () => (filter.status === "clients" ? refilter() : list.redraw()));
  start();
  return {
    element,
    show(params) {
      isVisible = true;
      start();
      const next = { q: (params.get("q") ?? "").toLowerCase(), dialect: params.get("dialect") ?? "", status: params.get("status") ?? "", op: params.get("op") ?? "" };
      if (document.activeElement !== search) search.value = params.get("q") ?? "";
      addOperations([next.op]);
      [dialect.value, status.value, operation.value] = [next.dialect, next.status, next.op];
      if (JSON.stringify(next) !== JSON.stringify(filter)) {
        filter = next;
        refilter();
      }
      const selected = params.get("sel") ?? "";
      split.classList.toggle("open", Boolean(selected));
      detail.show(selected, ring.find((it) => it.id === selected));
      list.setOpened(selected);
      showStatus();
      draw();
    },
    hide() {
      isVisible = false;
    },
    key(key) {
      if (key === "p") setPaused(!isPaused);
      else if (key === "Escape") close();
      else if (key === "y" && (list.opened || list.cursor)) copyCurl(list.opened || list.cursor).catch((error) => notify(message(error), true));
      else if (list.key(key)) list.focus();
      else return false;
      return true;
    },
  };
}
