// Faults: presets as switches, a form, and the counts of those that are set.

import { adminCurl, get, send } from "./api.js";
import { button, code, copyButton, field, fill, h, message, notify, plural, select } from "./dom.js";
import { DIALECTS } from "./requests.js";
import { namespace } from "./url.js";

/** @typedef {import("./types.js").Fault} Fault */

/** @type {[string, string][]} */
const PRESETS = [["flaky", "1 in 10 requests gets a 503, 1 in 20 is disconnected, 1 in 5 is delayed"], ["outage", "every request gets a 503"], ["slow", "every request takes 1 to 3 s"]];

/** The effects, each with its fields: name, label, example, and whether the field is a number. @type {Record<string, [string, string, string, boolean][]>} */
const EFFECTS = {
  status: [["status", "Status", "503", true], ["code", "Code or rule id", "", false], ["message", "Message", "", false], ["retryAfter", "Retry-After (s)", "", true]],
  delay: [["min", "From", "200ms", false], ["max", "To", "", false]],
  disconnect: [], empty: [], malformed: [],
  truncate: [["bytes", "Bytes", "", true]],
  "slow-body": [["over", "Duration", "2s", false]],
  "commit-then-fail": [["status", "Status", "", true]],
  "fail-items": [["status", "Status", "404", true]],
  "stale-reads": [["window", "Age of the state", "5s", false]],
};

/** @type {[string, string, string, boolean][]} */
const SCHEDULE = [["times", "Times at most", "1", true], ["after", "Skip first", "", true], ["every", "Every Nth", "", true], ["probability", "Probability", "", true], ["for", "For (duration)", "", false]];

/** @type {[string, string, string, boolean][]} */
const MATCH = [["method", "Method", "", false], ["urlPathPattern", "Path (regular expression)", "", false]];

/** @param {[string, string, string, boolean][]} fields */
function inputs(fields) {
  const all = fields.map(([name, label, example, isNumber]) => ({ name, isNumber, input: h("input", { value: example }), label }));
  return {
    elements: all.map(({ label, input }) => field(label, input)),
    values: () => Object.fromEntries(all.filter(({ input }) => input.value.trim()).map(({ name, isNumber, input }) => [name, isNumber ? Number(input.value) : input.value.trim()])),
  };
}

/** @param {Record<string, unknown> | undefined} object */
const words = (object) => Object.entries(object ?? {}).filter(([name]) => name !== "type").map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : value}`.replace("status ", "")).join(", ");

/** @returns {import("./types.js").Screen} */
export function faultsScreen() {
  let timer = 0, drawn = "", operationsLoaded = false;
  /** @type {Map<string, Fault>} Faults that were turned off here, to turn them on again. */
  const off = new Map();
  /** @type {Fault[]} */
  let faults = [];
  const title = h("h2"), presets = h("div", { class: "presets" }), table = h("div", { class: "table faults", tabindex: 0, role: "group", "aria-label": "Faults" }), json = h("div"), effectFields = h("div", { class: "fields" });
  const dialect = select("Dialect", [["", "all dialects"], ...DIALECTS.map((it) => /** @type {[string, string]} */ ([it, it]))]);
  const operations = h("datalist", { id: "fault-operations" });
  const operation = h("input", { list: "fault-operations", placeholder: "every operation" });
  const effect = select("Effect", Object.keys(EFFECTS).map((name) => [name, name]), () => setEffect());
  const match = inputs(MATCH), schedule = inputs(SCHEDULE);
  let values = inputs([]);
  const form = h("form", { class: "card" }, h("div", { class: "head" }, h("h2", null, "New fault"), h("button", { class: "main" }, "Add fault")),
    h("h3", null, "Match"), h("div", { class: "fields" }, field("Dialect", dialect), field("Operation", operation), match.elements), operations,
    h("h3", null, "Effect"), h("div", { class: "fields" }, field("Effect", effect)), effectFields,
    h("h3", null, "Schedule"), h("div", { class: "fields" }, schedule.elements));
  form.addEventListener("input", () => preview());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send("POST", "/faults", fault()).then(() => {
      notify("Added the fault; it applies from the next request");
      return load();
    }).catch((error) => notify(message(error), true));
  });
  const element = h("section", { class: "screen scroll", "aria-label": "Faults" },
    h("div", { class: "cards" },
      // The list of faults grows below the switches, so that they stay where they are.
      h("div", { class: "card wide" }, h("h2", null, "Presets"), presets), h("div", { class: "card wide" }, title, table),
      form, h("div", { class: "card" }, h("h2", null, "The new fault by the admin API"), json)));

  function setEffect() {
    values = inputs(EFFECTS[effect.value]);
    fill(effectFields, values.elements);
    preview();
  }

  function fault() {
    const matched = { ...match.values(), ...(dialect.value && { dialect: dialect.value }), ...(operation.value.trim() && { operation: operation.value.trim() }) };
    const when = schedule.values();
    return { ...(Object.keys(matched).length && { match: matched }), effect: { type: effect.value, ...values.values() }, ...(Object.keys(when).length && { schedule: when }) };
  }

  function preview() {
    const value = fault(), line = adminCurl("POST", "/faults", value);
    fill(json, code(JSON.stringify(value, null, 2), "JSON of the fault"), h("h3", null, "curl"), code(line, "curl line"), h("div", { class: "actions" }, copyButton(line, "the curl line")));
  }

  async function load() {
    ({ faults } = await get("/faults"));
    draw();
  }

  /** @param {string} id @param {() => Promise<unknown>} change */
  async function change(id, change) {
    await change();
    await load();
    /** @type {HTMLElement | null} */ (table.querySelector(`[data-id="${CSS.escape(id)}"]`))?.focus();
  }

  function draw() {
    const now = JSON.stringify([faults, [...off.keys()]]);
    if (now === drawn) return;
    drawn = now;
    const isOn = (/** @type {string} */ name) => faults.filter((it) => it.id.startsWith(`preset-${name}-`));
    fill(presets, PRESETS.map(([name, text]) => {
      const on = isOn(name);
      const toggle = async () => {
        if (on.length) {
          for (const it of on) await send("DELETE", `/faults/${encodeURIComponent(it.id)}`);
        } else {
          const added = (await send("POST", "/faults", { preset: name })).faults;
          // Fixed ids, so that the switch is found again after a reload.
          for (const [i, { matched: _m, injected: _i, ...it }] of added.entries()) {
            await send("DELETE", `/faults/${encodeURIComponent(it.id)}`);
            await send("POST", "/faults", { ...it, id: `preset-${name}-${i + 1}` });
          }
        }
        await load();
        /** @type {HTMLElement | null} */ (presets.querySelector(`[data-preset=${name}]`))?.focus();
      };
      return h("div", { class: "switch" }, button(on.length ? "On" : "Off", toggle, { role: "switch", "aria-checked": on.length > 0, "aria-pressed": null, "aria-label": `${name}: ${text}`, "data-preset": name }), h("span", null, h("strong", null, name), h("span", { class: "dim" }, ` ${text}`)));
    }));
    const rows = [...faults.map((it) => ({ it, isSet: true })), ...[...off.values()].map((it) => ({ it, isSet: false }))];
    if (!rows.length) {
      fill(table, h("p", { class: "dim" }, "None: every request gets the vendor's usual response."));
      return;
    }
    fill(table, h("table", null, h("thead", null, h("tr", null, ["Fault", "Effect", "Requests", "Schedule", "Counts", ""].map((it) => h("th", null, it || h("span", { class: "offscreen" }, "Actions"))))),
      h("tbody", null, rows.map(({ it, isSet }) => {
        const path = `/faults/${encodeURIComponent(it.id)}`;
        const toggle = () => change(it.id, async () => {
          if (isSet) {
            await send("DELETE", path);
            off.set(it.id, it);
          } else {
            const { matched: _m, injected: _i, ...again } = it;
            await send("POST", "/faults", again);
            off.delete(it.id);
          }
        });
        const remove = () => change(it.id, async () => {
          if (isSet) await send("DELETE", path);
          off.delete(it.id);
        });
        return h("tr", null, h("td", { class: "mono" }, it.id), h("td", null, [it.effect.type, words(it.effect)].filter(Boolean).join(": ")), h("td", null, words(it.match) || "all"), h("td", null, words(it.schedule) || "always"),
          h("td", { class: "num" }, isSet ? `${plural(it.matched, "match", "matches")}, ${it.injected} injected` : "off"),
          h("td", null, h("div", { class: "actions" }, button(isSet ? "Turn off" : "Turn on", toggle, { class: "small", "data-id": it.id, "aria-label": `${isSet ? "Turn off" : "Turn on"} ${it.id}` }), button("Delete", remove, { class: "small danger", "aria-label": `Delete ${it.id}` }))));
      }))));
  }

  async function loadOperations() {
    operationsLoaded = true;
    const report = await get("/coverage", { ns: "default" });
    fill(operations, report.operations.map((/** @type {import("./types.js").Operation} */ it) => h("option", { value: it.operation }, it.summary)));
  }

  let ns = "";
  setEffect();
  return {
    element,
    show(params) {
      if (ns !== namespace()) off.clear();
      ns = namespace();
      fill(title, `Faults of the namespace ${ns === "*" ? "default" : ns}`);
      const op = params.get("op");
      if (op) operation.value = op;
      preview();
      if (!operationsLoaded) loadOperations().catch(() => (operationsLoaded = false));
      clearInterval(timer);
      timer = window.setInterval(() => !document.hidden && load().catch(() => {}), 1000);
      load().catch((error) => notify(message(error), true));
    },
    hide() {
      clearInterval(timer);
    },
  };
}
