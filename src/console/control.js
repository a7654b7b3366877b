// Control of a namespace: namespaces, clock, snapshots, reset with undo, state and settings.

import { get, open, send } from "./api.js";
import { button, confirm, download, field, fill, h, message, notify, plural, select } from "./dom.js";
import { link, namespace } from "./url.js";

const UNDO = "console-undo";

/** @type {[string, string][]} */
const PARTS = [["state", "groups and other records"], ["requests", "journal"], ["faults", "faults and rate limits"], ["clock", "clock"]];

/** @param {string} time */
function ago(time) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(time)) / 1000));
  return seconds < 90 ? `${seconds} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** @param {string[]} titles @param {(Node | null)[]} rows */
const tableOf = (titles, rows) => h("div", { class: "table", tabindex: 0, role: "group", "aria-label": `${titles[0]}: table` }, h("table", null, h("thead", null, h("tr", null, titles.map((it) => h("th", null, it || h("span", { class: "offscreen" }, "Actions"))))), h("tbody", null, rows)));

/** @returns {import("./types.js").Screen} */
export function controlScreen() {
  let timer = 0;
  /** What the last reset of the namespace replaced, kept for the tab. @returns {{faults: any[], clock: any, parts: string[]} | null} */
  const undo = () => JSON.parse(sessionStorage.getItem(`${UNDO} ${namespace()}`) ?? "null");
  /** @param {{faults: any[], clock: any, parts: string[]} | null} value */
  const setUndo = (value) => (value ? sessionStorage.setItem(`${UNDO} ${namespace()}`, JSON.stringify(value)) : sessionStorage.removeItem(`${UNDO} ${namespace()}`));
  const spaces = h("div", { class: "spaces" }), scope = h("p", { class: "dim" }), clockNow = h("p", { class: "mono" }), snapshots = h("div", { class: "taken" }), undoLine = h("div"), settings = h("div", { class: "settings" });

  const mode = select("Mode", [["system", "system"], ["frozen", "frozen"], ["stepping", "stepping"]]);
  const now = h("input", { placeholder: "2026-03-01T12:00:00Z" }), step = h("input", { placeholder: "1s" }), advance = h("input", { value: "1h", "aria-label": "Advance by" });
  /** @param {any} change */
  const setClock = async (change) => showClock(await send("PUT", "/clock", change));
  const applyClock = () => setClock({ mode: mode.value, ...(now.value.trim() && { now: now.value.trim() }), ...(mode.value === "stepping" && step.value.trim() && { step: step.value.trim() }) });

  const name = h("input", { placeholder: "name of the snapshot", "aria-label": "Name of the snapshot" });
  const take = async () => {
    await send("POST", `/snapshots/${encodeURIComponent(name.value.trim() || `snapshot-${new Date().toISOString().slice(11, 19).replaceAll(":", "")}`)}`);
    name.value = "";
    await load();
  };

  const boxes = PARTS.map(([part, text]) => ({ part, box: h("input", { type: "checkbox", checked: part === "state" }), text }));
  const reset = async () => {
    const parts = boxes.filter(({ box }) => box.checked).map(({ part }) => part);
    if (!parts.length) throw new Error("choose at least one part");
    const [{ faults }, clock] = await Promise.all([get("/faults"), get("/clock")]);
    await send("POST", `/snapshots/${UNDO}`);
    setUndo({ faults, clock, parts });
    await send("POST", `/reset?scope=${parts.join(",")}`);
    notify(`Reset: ${parts.join(", ")}`);
    await load();
  };
  const undoReset = async () => {
    const replaced = undo();
    if (!replaced) return;
    const { parts, faults, clock } = replaced;
    if (parts.includes("state")) await send("POST", `/snapshots/${UNDO}/restore`);
    await send("DELETE", `/snapshots/${UNDO}`);
    if (parts.includes("faults") && faults.length) {
      await send("POST", "/faults", faults.map(({ matched: _m, injected: _i, ...fault }) => fault));
    }
    if (parts.includes("clock")) {
      // A clock of the system follows it again without a time.
      await send("PUT", "/clock", clock.mode === "system" ? { mode: "system" } : { mode: clock.mode, now: clock.now, ...(clock.step && { step: clock.step }) });
    }
    setUndo(null);
    notify("The reset is undone");
    await load();
  };

  const file = h("input", { type: "file", accept: "application/json,.json", "aria-label": "State file" });
  file.addEventListener("change", async () => {
    const [chosen] = file.files ?? [];
    if (!chosen) return;
    try {
      await send("POST", `/snapshots/${UNDO}`);
      await send("PUT", "/state", await chosen.text());
      setUndo({ faults: [], clock: null, parts: ["state"] });
      notify(`Loaded ${chosen.name}`);
      await load();
    } catch (error) {
      notify(message(error), true);
    }
    file.value = "";
  });

  const element = h("section", { class: "screen scroll", "aria-label": "Control" }, h("div", { class: "cards" },
    h("div", { class: "card wide" }, h("h2", null, "Namespaces"), spaces, scope),
    h("div", { class: "card" }, h("h2", null, "Snapshots"), h("p", { class: "dim" }, "Copies of all records. Restore one to go back to the state before."),
      snapshots, h("div", { class: "actions" }, name, button("Take snapshot", take))),
    h("div", { class: "card" }, h("h2", null, "Reset"), h("p", { class: "dim" }, "Restores the state at the start. A snapshot is taken just before, for an undo; the journal cannot be restored."),
      h("div", { class: "actions" }, boxes.map(({ box, text }) => h("label", null, box, ` ${text}`))),
      h("div", { class: "actions" }, button("Reset", reset, { class: "danger" })), undoLine),
    h("div", { class: "card" }, h("h2", null, "Clock"), clockNow,
      h("div", { class: "fields" }, field("Mode", mode), field("Time", now), field("Step", step)), h("div", { class: "actions" }, button("Set clock", applyClock), button("Freeze", () => setClock({ mode: "frozen" })), button("System time", () => setClock({ mode: "system" }))),
      h("div", { class: "actions" }, advance, button("Advance", () => setClock({ advance: advance.value.trim() })))),
    h("div", { class: "card" }, h("h2", null, "State"), h("p", { class: "dim" }, "All records as a file, in the format of a seed; without credentials."),
      h("div", { class: "actions" }, button("Download state", async () => download("state.json", await (await open("/state")).blob()))), field("Upload a state", file)),
    h("details", { class: "card wide" }, h("summary", null, "Settings in force"), settings)));

  /** @param {any} clock */
  function showClock(clock) {
    if (document.activeElement !== mode) mode.value = clock.mode;
    clockNow.textContent = `${clock.now} · ${clock.mode}${clock.step ? ` by ${clock.step}` : ""}`;
  }

  /** @param {any[]} list */
  function showSpaces(list) {
    fill(spaces, tableOf(["Name", "Groups", "Requests", "Faults", "Idle", ""], list.slice(0, 200).map((it) => h("tr", null,
      h("td", null, it.name), h("td", { class: "num" }, it.groups), h("td", { class: "num" }, it.requests), h("td", { class: "num" }, it.faults), h("td", { class: "num" }, ago(it.lastUsed)),
      h("td", null, h("div", { class: "actions" }, h("a", { href: link("requests", new URLSearchParams(it.name === "default" ? {} : { ns: it.name })), "aria-label": `Open ${it.name}` }, "Open"),
        it.name === "default" ? null : button("Delete", async () => {
          if (!(await confirm(`Delete the namespace ${it.name} with its records and journal?`, "Delete"))) return;
          await send("DELETE", `/namespaces/${encodeURIComponent(it.name)}`, undefined, { ns: "default" });
          await load();
        }, { class: "small danger", "aria-label": `Delete ${it.name}` })))))));
  }

  /** @param {any[]} list */
  function showSnapshots(list) {
    fill(snapshots, list.length ? tableOf(["Name", "Taken", "Groups", ""], list.map((it) => {
      const path = `/snapshots/${encodeURIComponent(it.name)}`;
      const restore = async () => {
        await send("POST", `${path}/restore`);
        notify(`Restored ${it.name}`);
        await load();
      };
      const remove = async () => {
        await send("DELETE", path);
        await load();
      };
      return h("tr", null, h("td", null, it.name), h("td", null, it.taken.slice(0, 19).replace("T", " ")), h("td", { class: "num" }, it.groups),
        h("td", null, h("div", { class: "actions" }, button("Restore", restore, { class: "small", "aria-label": `Restore ${it.name}` }), button("Delete", remove, { class: "small danger", "aria-label": `Delete ${it.name}` }))));
    })) : h("p", null, "None yet."));
  }

  let drawn = "";
  async function load() {
    const [{ namespaces }, clock, { snapshots: taken }, bounds] = await Promise.all([get("/namespaces", { ns: "default" }), get("/clock"), get("/snapshots"), get("/settings")]);
    showClock(clock);
    fill(scope, `The rest of this screen is about the namespace ${namespace() === "*" ? "default" : namespace()}; another one is chosen on the left.`);
    // Tables that did not change are kept, so that the focus stays.
    const now = JSON.stringify([namespaces.map((/** @type {any} */ it) => [it, ago(it.lastUsed)]), taken, undo()]);
    if (now === drawn) return;
    drawn = now;
    showSpaces(namespaces);
    showSnapshots(taken);
    // Without its snapshot, as after a restart of the server, there is nothing to restore.
    const replaced = taken.some((/** @type {{name: string}} */ { name }) => name === UNDO) ? undo() : null;
    fill(undoLine, replaced ? h("div", { class: "actions" }, button("Undo the last change", undoReset, { class: "main" }), h("span", { class: "dim" }, `restores ${replaced.parts.filter((it) => it !== "requests").join(", ") || "nothing"}`)) : null);
    fill(settings, tableOf(["Setting", "Value", "Option", "Meaning"], bounds.bounds.map((/** @type {any} */ it) => h("tr", null,
      h("td", { class: "mono" }, it.name), h("td", { class: "num" }, plural(it.limit, it.unit, it.unit)), h("td", { class: "mono" }, it.option ?? ""), h("td", null, it.description)))));
  }

  return {
    element,
    show() {
      drawn = "";
      clearInterval(timer);
      timer = window.setInterval(() => !document.hidden && !element.contains(document.activeElement) && load().catch(() => {}), 2000);
      load().catch((error) => notify(message(error), true));
    },
    hide() {
      clearInterval(timer);
    },
  };
}
