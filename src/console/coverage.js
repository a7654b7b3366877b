// Coverage: the operations that were called and the rules that rejected a request, with their evidence.

import { get } from "./api.js";
import { button, coded, fill, h, message, notify, plural, select } from "./dom.js";
import { evidence } from "./detail.js";
import { List } from "./list.js";
import { DIALECTS, drawCells } from "./requests.js";
import { link, update } from "./url.js";

/** @typedef {import("./types.js").Operation} Operation */
/** @typedef {import("./types.js").Rule} Rule */

/** @returns {import("./types.js").Screen} */
export function coverageScreen() {
  /** @type {{operations: Operation[], rules: Rule[], summary: any}} */
  let report = { operations: [], rules: [], summary: null };
  let timer = 0, view = "operations", params = new URLSearchParams();
  const search = h("input", { type: "search", placeholder: "Filter: operation, path, rule  ( / )", "aria-label": "Filter coverage" });
  search.addEventListener("input", () => update({ q: search.value }));
  const kind = select("View", [["operations", "operations"], ["rules", "rules"]], (value) => update({ view: value === "operations" ? "" : value, sel: "" }));
  const dialect = select("Dialect", [["", "all dialects"], ...DIALECTS.map((it) => /** @type {[string, string]} */ ([it, it]))], (value) => update({ dialect: value }));
  const mark = select("Evidence", [["", "every evidence"], ...["vendor-doc", "spec", "observed", "observed, sibling", "client", "assumed"].map((it) => /** @type {[string, string]} */ ([it, it]))], (value) => update({ evidence: value }));
  const met = select("Use", [["", "used or not"], ["yes", "used"], ["no", "not used"]], (value) => update({ used: value }));
  const count = h("span", { class: "dim" });
  /** @param {any} it */
  const idOf = (it) => it.operation ?? it.id;
  /** @param {any} it */
  const usedBy = (it) => it.calls ?? it.hits ?? 0;
  const list = new List({
    label: "coverage", key: idOf, open: (it) => update({ sel: idOf(it) }, true),
    build: (row) => row.append(h("span", { class: "dim" }), h("span", { class: "verb" }), h("span", { class: "mono" }), h("span", { class: "dim" }), h("span", { class: "dim" }), h("span")),
    draw(row, /** @type {any} */ it) {
      drawCells(row, it.operation ? [it.dialect, it.method, it.path, it.summary, it.evidence, it.calls ? `✓ ${it.calls}` : "–"] : [it.dialect, String(it.status), it.id, it.description, it.evidence, it.hits ? `✓ ${it.hits}` : "–"]);
      row.children[5].className = usedBy(it) ? "good" : "dim";
    },
  });
  const detail = h("section", { class: "detail", hidden: true, "aria-label": "Operation or rule" });
  const split = h("div", { class: "split ops" }, h("div", { class: "pane" }, list.element), detail);
  const element = h("section", { class: "screen", "aria-label": "Coverage" }, h("div", { class: "bar" }, search, kind, dialect, mark, met, count), split);

  function draw() {
    const words = (params.get("q") ?? "").toLowerCase(), used = params.get("used");
    const wanted = /** @type {any[]} */ (view === "rules" ? report.rules : report.operations).filter((it) =>
      (!params.get("dialect") || it.dialect === params.get("dialect")) && (!params.get("evidence") || it.evidence === params.get("evidence")) &&
      (!used || (used === "yes") === usedBy(it) > 0) && `${idOf(it)} ${it.path ?? ""} ${it.summary ?? it.description}`.toLowerCase().includes(words));
    list.set(wanted);
    const { summary } = report;
    count.textContent = summary ? `${wanted.length} shown · ${summary.operationsCalled} of ${summary.operations} operations called, ${summary.rulesHit} of ${summary.rules} rules met` : "";
    drawDetail();
  }

  function drawDetail() {
    const id = params.get("sel") ?? "";
    const it = id ? /** @type {any} */ ([...report.operations, ...report.rules].find((other) => idOf(other) === id)) : null;
    detail.hidden = !it;
    split.classList.toggle("open", Boolean(it));
    list.setOpened(id);
    if (!it) return;
    fill(detail, h("div", { class: "head" }, h("h2", null, id), button("Close", close, { class: "small", title: "Esc" })),
      h("p", null, it.operation ? `${it.method} ${it.path}: ${it.summary}` : coded(it.description)),
      h("p", { class: "dim" }, `${it.dialect} · ${it.operation ? plural(it.calls, "call") : plural(it.hits, "rejected request")}`),
      it.remediation && [h("h3", null, "What would pass"), h("p", null, coded(it.remediation))],
      h("h3", null, "Evidence"), evidence(it),
      it.operation && [h("div", { class: "actions" }, h("a", { href: link("try", { op: it.operation }) }, "Try it"), h("a", { href: link("requests", { op: it.operation }) }, "Its requests")),
        h("h3", null, "Rules"), h("ul", null, it.rules.map((/** @type {string} */ rule) => h("li", null, h("a", { href: link("coverage", { view: "rules", sel: rule }) }, rule))))],
      !it.operation && [h("h3", null, "Response"), h("p", null, `${it.status} ${it.code} ${it.message}`), h("div", { class: "actions" }, h("a", { href: link("requests", { q: it.id }) }, "Requests that it rejected"))]);
  }

  async function load() {
    report = await get("/coverage", { ns: "default" });
    draw();
  }

  function close() {
    update({ sel: "" });
    list.focus();
  }

  return {
    element,
    show(next) {
      params = next;
      view = params.get("view") === "rules" ? "rules" : "operations";
      split.className = `split ${view === "rules" ? "rules" : "ops"}`;
      if (document.activeElement !== search) search.value = params.get("q") ?? "";
      [kind.value, dialect.value, mark.value, met.value] = [view, params.get("dialect") ?? "", params.get("evidence") ?? "", params.get("used") ?? ""];
      draw();
      clearInterval(timer);
      timer = window.setInterval(() => !document.hidden && load().catch(() => {}), 5000);
      if (!report.summary) load().catch((error) => notify(message(error), true));
    },
    hide() {
      clearInterval(timer);
    },
    key(key) {
      if (key === "Escape") close();
      else if (list.key(key)) list.focus();
      else return false;
      return true;
    },
  };
}
