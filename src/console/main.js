// The frame of the console: screens, namespaces, theme, keys and the log-in with the admin token.

import { get, setToken, takeToken } from "./api.js";
import { coverageScreen } from "./coverage.js";
import { controlScreen } from "./control.js";
import { button, field, fill, h, select, setOptions } from "./dom.js";
import { faultsScreen } from "./faults.js";
import { groupsScreen } from "./groups.js";
import { requestsScreen } from "./requests.js";
import { tryScreen } from "./try.js";
import { SCREENS, link, namespace, read, update } from "./url.js";
import { welcome } from "./welcome.js";

/** @typedef {import("./types.js").Screen} Screen */

const LABELS = ["Requests", "Groups", "Faults", "Control", "Try it", "Coverage"];
const CREATE = [requestsScreen, groupsScreen, faultsScreen, controlScreen, tryScreen, coverageScreen];

const KEYS = [
  ["1 – 6", "open a screen"], ["/", "go to the filter"], ["j k", "move in a list without opening"],
  ["Enter", "open the row"], ["Esc", "return to the same row, or leave a field"], ["y", "copy the request as curl"],
  ["p", "pause or continue the live list"], ["?", "this list"],
];

const MARKS = [["✕", "rejected by a rule"], ["⚡", "a fault was injected"], ["?", "no operation has the path and method"], ["∅", "the connection was closed without a response"]];

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const nav = /** @type {HTMLElement} */ (document.getElementById("nav"));

/** @type {(Screen | undefined)[]} */
const screens = [];
let current = -1;

const status = h("span", { class: "status off" }, "connecting");
const spaces = select("Namespace", [["default", "default"], ["*", "all"]], (ns) =>
  update({ ns: ns === "default" ? "" : ns, sel: "" }, true));
const theme = select("Theme", [["", "System"], ["light", "Light"], ["dark", "Dark"]], (value) => {
  localStorage.setItem("theme", value);
  document.documentElement.dataset.theme = value;
});

function route() {
  const { screen, params } = read();
  const index = SCREENS.indexOf(screen);
  fill(nav, SCREENS.map((name, i) => h("a", { href: link(name), "aria-current": i === index ? "page" : null, "aria-keyshortcuts": i + 1 },
    LABELS[i], h("kbd", { "aria-hidden": true }, i + 1))));
  if (index !== current) {
    const previous = screens[current];
    if (previous) {
      previous.hide?.();
      previous.element.hidden = true;
    }
    current = index;
    document.title = `${LABELS[index]} – access-groups-mock`;
  }
  let shown = screens[index];
  if (!shown) {
    shown = CREATE[index](setStatus);
    screens[index] = shown;
    main.append(shown.element);
  }
  shown.element.hidden = false;
  setSpaces();
  shown.show(params);
}

/** @param {"live" | "paused" | "off"} state @param {string} text */
function setStatus(state, text) {
  status.className = `status ${state}`;
  if (status.textContent !== text) fill(status, text);
}

/** @type {string[]} */
let names = ["default"];

function setSpaces() {
  const ns = namespace();
  const all = names.includes(ns) || ns === "*" ? names : [...names, ns];
  setOptions(spaces, [...all.map((name) => /** @type {[string, string]} */ ([name, name])), ["*", "all"]]);
  spaces.value = ns;
}

async function loadSpaces() {
  if (document.hidden) return;
  try {
    const { namespaces } = await get("/namespaces", { ns: "default" });
    names = namespaces.map((/** @type {{name: string}} */ { name }) => name).slice(0, 200);
    setSpaces();
  } catch {
    // The stream shows whether the server can be reached.
  }
}

/** Asks for the admin token, or says why the page is empty. @param {number} code @param {string} title */
function locked(code, title) {
  if (document.getElementById("login")) return;
  const input = h("input", { type: "password", autocomplete: "off", required: true, "aria-label": "Admin token" });
  const isClosed = /no admin token|closed/.test(title);
  const form = h("form", { method: "dialog" }, h("h2", null, isClosed ? "The admin API is closed" : "Admin token"),
    h("p", null, isClosed ? "" : code === 401 || /token/.test(title) ? "This server needs its admin token. It is kept for this tab only. " : "", title),
    isClosed ? null : h("div", { class: "actions" }, input, h("button", { class: "main" }, "Log in")));
  const dialog = h("dialog", { id: "login", "aria-label": "Log in" }, form);
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    setToken(input.value.trim());
    get("/groups?limit=1", { ns: "default" }).then(() => location.reload(), () => {
      input.value = "";
      input.setAttribute("aria-invalid", "true");
      fill(/** @type {HTMLElement} */ (form.querySelector("p")), "This is not the token of the server. It is in AGM_ADMIN_TOKEN, or in the file of --admin-token-file.");
    });
  });
  document.body.append(dialog);
  dialog.showModal();
}

function showKeys() {
  const dialog = h("dialog", { "aria-label": "Keys" });
  /** @param {string[][]} rows */
  const table = (rows) => h("table", null, h("tbody", null, rows.map(([key, text]) => h("tr", null, h("td", null, h("kbd", null, key)), h("td", null, text)))));
  fill(dialog, h("h2", null, "Keys"), table(KEYS), h("h3", null, "Marks in the list of requests"), table(MARKS),
    h("div", { class: "actions" }, button("Close", () => dialog.close())));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function showConnection() {
  const dialog = h("dialog", { "aria-label": "Connect a client" }), content = h("div");
  welcome(content, "Connect a client", () => dialog.close());
  fill(dialog, content, h("div", { class: "actions" }, button("Close", () => dialog.close())));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {KeyboardEvent} event */
function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") || event.defaultPrevented) return;
  const target = /** @type {HTMLElement} */ (event.target);
  const isField = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  const screen = screens[current];
  if (isField) {
    if (event.key !== "Escape") return;
    target.blur();
    screen?.key?.("Escape");
  } else if (event.key >= "1" && event.key <= "6") {
    location.hash = link(SCREENS[Number(event.key) - 1]);
  } else if (event.key === "?") {
    showKeys();
  } else if (event.key === "/") {
    /** @type {HTMLElement | null | undefined} */ (screen?.element.querySelector("input[type=search]"))?.focus();
  } else if (event.key === "Enter" && target.matches("a, button, summary")) {
    return;
  } else if (!screen?.key?.(event.key)) {
    return;
  }
  event.preventDefault();
}

takeToken();
theme.value = document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
fill(/** @type {HTMLElement} */ (document.getElementById("rail-end")), field("Namespace", spaces), field("Theme", theme), button("Connect a client", showConnection), button("Keys ?", showKeys, { "aria-keyshortcuts": "?" }), status);
addEventListener("locked", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  locked(detail.status, detail.title);
});
addEventListener("urlchange", route);
addEventListener("popstate", route);
addEventListener("keydown", key);
// The list follows the stream whichever screen is shown, so that the status is right and nothing is missed.
screens[0] = requestsScreen(setStatus);
screens[0].element.hidden = true;
main.append(screens[0].element);
route();
loadSpaces();
setInterval(loadSpaces, 3000);
