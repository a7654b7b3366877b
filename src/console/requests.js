// The list of requests: live, newest first, with filters.

import { get, open, send, stream } from "./api.js";
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
const STATUSES = [["", "every status"], ["2xx", "2xx"], ["3xx", "3xx"], ["4xx", "4xx"], ["5xx", "5xx"], ["rejected", "rejected"], ["unmatched", "no operation"]];

/**
 * Returns the line of a request, from its summary or from a complete exchange.
 * @param {any} it @returns {Summary}
 */
export function toSummary(it) {
  const request = it.request ?? it;
  return {
    id: it.id, namespace: it.namespace, dialect: it.dialect ?? "", operation: it.operation ?? null, method: request.method,
    url: request.url, status: (it.response ? it.response.status : it.status) ?? 0, rule: it.rule ?? null, reason: it.reason ?? null,
    faults: it.faults ?? [], matched: it.wasMatched ?? it.matched ?? true,
    time: request.loggedDate ?? Date.parse(it.time), duration: it.timing?.totalTime ?? it.duration ?? 0,
  };
}

/** @param {number} status */
export const statusClass = (status) => `st s${Math.floor(status / 100)}`;

/** @param {number} time */
export const clockTime = (time) => new Date(time).toISOString().slice(11, 23);

/** The reason of a response in words; empty if it is a success. @param {Summary} it */
export function reasonOf(it) {
  const fault = it.faults.length ? `fault ${it.faults.join(", ")}` : "";
  const reason = it.reason || (it.rule ?? (it.status === 0 ? "no response" : ""));
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
  let isPaused = false, lastId = "", source = "", isVisible = false;
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
      const mark = it.faults.length ? "⚡" : !it.matched ? "?" : it.status >= 400 ? "✕" : it.status === 0 ? "∅" : "";
      const where = namespace() === "*" && it.namespace !== "default" ? `${it.namespace}: ` : "";
      drawCells(row, [clockTime(it.time), it.method, where + it.url, `${it.status || "none"} ${mark}`, reasonOf(it)]);
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
    if (status === "rejected" ? !it.rule : status === "unmatched" ? it.matched : status && Math.floor(it.status / 100) !== Number(status[0])) return false;
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
      const oldest = ring[0];
      let gone = 0;
      if (oldest) {
        const removed = new Set(cut);
        while (gone < list.items.length && removed.has(list.items[gone])) gone++;
      }
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
        else welcome(empty);
      }
      list.update();
    });
  }

  /** @param {any} data */
  function receive(data) {
    const it = toSummary(data);
    lastId = it.id;
    filtered.count++;
    if (it.rule) filtered.rejected++;
    if (it.operation && !operations.has(it.operation)) {
      operations.add(it.operation);
      setOptions(operation, [["", "all operations"], ...[...operations].sort().map((name) => /** @type {[string, string]} */ ([name, name]))]);
      operation.value = filter.op;
    }
    if (isPaused || (!list.isAtTop && isVisible)) {
      pending.push(it);
      if (pending.length > RING) pending.splice(0, SLACK);
      draw();
    } else {
      add([it]);
    }
    speak(`${plural(filtered.count, "new request")}, ${filtered.rejected} rejected`);
  }

  /** Loads the requests of a namespace, and then follows the stream; connects again when it ends. @param {string} ns */
  async function follow(ns) {
    connection?.abort();
    connection = new AbortController();
    const { signal } = connection;
    ring = [];
    pending = [];
    lastId = "";
    refilter();
    let wait = 250;
    while (!signal.aborted) {
      try {
        await stream(`?namespace=${encodeURIComponent(ns)}&format=summary`, {
          ns, lastId, signal,
          opened() {
            isLive = true;
            wait = 250;
            showStatus();
            // The list is read once the stream is open, so that no request falls between the two.
            load(ns, signal).catch(() => {});
          },
          received(event, _id, data) {
            if (event === "missed") notify(`The page missed ${plural(data.missed ?? data, "request")}`, true);
            else receive(data);
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
    const { requests } = await get(`/requests?namespace=${encodeURIComponent(ns)}&format=summary`, { ns, signal });
    const kept = new Set([...ring, ...pending].map((it) => it.id));
    const older = requests.map(toSummary).filter((/** @type {Summary} */ it) => !kept.has(it.id)).reverse();
    for (const it of older) if (it.operation) operations.add(it.operation);
    setOptions(operation, [["", "all operations"], ...[...operations].sort().map((name) => /** @type {[string, string]} */ ([name, name]))]);
    operation.value = filter.op;
    ring = [...ring, ...older].sort((a, b) => a.time - b.time).slice(-RING);
    refilter();
  }

  async function clear() {
    if (!(await confirm("Remove all requests of this namespace from the journal?", "Clear"))) return;
    await send("DELETE", "/requests");
    ring = [];
    pending = [];
    update({ sel: "" });
    refilter();
  }

  async function exportHar() {
    const query = new URLSearchParams({ format: "har" });
    if (filter.dialect) query.set("dialect", filter.dialect);
    if (/^\dxx$/.test(filter.status)) query.set("status", filter.status);
    if (filter.op) query.set("operation", filter.op);
    if (namespace() === "*") query.set("namespace", "*");
    download("requests.har", await (await open(`/requests?${query}`)).blob());
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

  start();
  return {
    element,
    show(params) {
      isVisible = true;
      start();
      const next = { q: (params.get("q") ?? "").toLowerCase(), dialect: params.get("dialect") ?? "", status: params.get("status") ?? "", op: params.get("op") ?? "" };
      if (document.activeElement !== search) search.value = params.get("q") ?? "";
      if (next.op && !operations.has(next.op)) {
        operations.add(next.op);
        setOptions(operation, [["", "all operations"], ...[...operations].sort().map((name) => /** @type {[string, string]} */ ([name, name]))]);
      }
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
