// The groups of all dialects: search, and the detail as the vendor returns it.

import { credential, get, sentHere, vendor } from "./api.js";
import { button, code, confirm, copyButton, fill, h, message, notify, plural, pretty, select } from "./dom.js";
import { List } from "./list.js";
import { DIALECTS, drawCells, statusClass } from "./requests.js";
import { link, namespace, update } from "./url.js";
import { loadDemo } from "./welcome.js";

/** @typedef {import("./types.js").Group} Group */

const PAGE = 100;

/** The vendor's paths of what belongs to a group and is not in its own response. @param {Group} group @returns {[string, string][]} */
function parts({ dialect, account, id, path }) {
  if (dialect !== "ibm") return [];
  return [["Members", `${path}/members?verbose=true&limit=100`], ["Rules", `${path}/rules`], ["Policies", `/v2/policies?account_id=${encodeURIComponent(account)}&access_group_id=${encodeURIComponent(id)}`]];
}

const auth = () => ({ Authorization: `Bearer ${credential()}` });

/** @param {Group} group */
const keyOf = (group) => `${group.dialect}/${group.kind}/${group.account}/${group.id}`;

/** @returns {import("./types.js").Screen} */
export function groupsScreen() {
  let loaded = "", shown = "", total = 0, offset = 0, timer = 0;
  const search = h("input", { type: "search", placeholder: "Search: name, id, member  ( / )", "aria-label": "Search groups", "aria-keyshortcuts": "/" });
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => update({ q: search.value, offset: "" }), 150);
  });
  const dialect = select("Dialect", [["", "all dialects"], ...DIALECTS.map((it) => /** @type {[string, string]} */ ([it, it]))], (value) => update({ dialect: value, offset: "" }));
  const account = h("input", { placeholder: "Account", "aria-label": "Account", size: 18 });
  account.addEventListener("change", () => update({ account: account.value.trim(), offset: "" }));
  const count = h("span", { class: "dim" });
  const previous = button("‹", () => update({ offset: String(Math.max(0, offset - PAGE)) }), { "aria-label": "Previous page" });
  const next = button("›", () => update({ offset: String(offset + PAGE) }), { "aria-label": "Next page" });
  const list = new List({
    label: "groups", key: keyOf, open: (it) => update({ sel: keyOf(it) }, true),
    build: (row) => row.append(h("span"), h("span", { class: "dim" }), h("span", { class: "mono dim" }), h("span", { class: "dim" }), h("span", { class: "mono dim" })),
    draw: (row, /** @type {Group} */ it) => drawCells(row, [it.name || "(no name)", it.dialect, it.id, plural(it.members, "member"), it.account]),
  });
  const empty = h("div", { class: "empty", hidden: true });
  const detail = h("section", { class: "detail", hidden: true, "aria-label": "Group" });
  const split = h("div", { class: "split groups" }, h("div", { class: "pane" }, list.element, empty), detail);
  const element = h("section", { class: "screen", "aria-label": "Groups" }, h("div", { class: "bar" }, search, dialect, account, h("span", { class: "pair" }, previous, next), count), split);

  /** @param {URLSearchParams} params */
  async function load(params) {
    const query = new URLSearchParams({ limit: String(PAGE), offset: String(offset) });
    const words = { search: params.get("q"), dialect: params.get("dialect"), account: params.get("account") };
    for (const [name, value] of Object.entries(words)) if (value) query.set(name, value);
    const page = await get(`/groups?${query}`);
    total = page.meta.total;
    list.set(page.groups);
    previous.disabled = offset === 0;
    next.disabled = offset + PAGE >= total;
    count.textContent = total > PAGE ? `${offset + 1}–${Math.min(offset + PAGE, total)} of ${plural(total, "group")}` : plural(total, "group");
    empty.hidden = total > 0;
    list.element.hidden = total === 0;
    if (!total) {
      if (Object.values(words).some(Boolean)) fill(empty, h("h2", null, "No group matches the search"), button("Remove the search", () => update({ q: "", dialect: "", account: "", offset: "" })));
      else fill(empty, h("h2", null, "No groups"), h("p", null, "Create one with a client or with ", h("a", { href: link("try") }, "Try it"), ", or load a state on the screen ", h("a", { href: link("control") }, "Control"), "."), h("div", { class: "actions" }, button("Load demo groups", loadDemo, { class: "main" })));
    }
  }

  /** @param {string} title */
  const head = (title) => h("div", { class: "head" }, h("h2", null, title), button("Close", close, { class: "small", title: "Esc" }));

  /** Finds a group that is not on the page. @param {string} key @returns {Promise<Group | undefined>} */
  async function lookUp(key) {
    const [dialect, kind, account, ...id] = key.split("/");
    const query = new URLSearchParams({ dialect, kind, account, search: id.join("/"), limit: "1000" });
    return (await get(`/groups?${query}`)).groups.find((/** @type {Group} */ it) => keyOf(it) === key);
  }

  /** @param {string} key */
  async function open(key) {
    const group = list.items.find((it) => keyOf(it) === key) ?? (await lookUp(key));
    if (shown !== key) return;
    if (!group) {
      fill(detail, head("Group"), h("p", null, "There is no such group any more."));
      return;
    }
    const { dialect, kind, account, id, path } = group;
    const method = dialect === "ibm" ? "PATCH" : "PUT";
    /** Reads the list again, and the group if it is still selected. @param {boolean} isGone */
    const reload = (isGone) => {
      loaded = shown = "";
      if (isGone) update({ sel: "" });
      else dispatchEvent(new Event("urlchange"));
    };
    fill(detail, head(group.name || "(no name)"),
      h("p", { class: "dim" }, `${dialect} ${kind.replaceAll("_", " ")}${account ? ` in ${account}` : ""}${group.modified ? ` · modified ${group.modified}` : ""}`));
    const answer = await vendor("GET", path, auth());
    if (shown !== key) return;
    const edited = h("textarea", { "aria-label": "Body of the update", spellcheck: false });
    edited.value = editable(dialect, answer.text);
    /** @param {string} verb @param {{status: number, id: string | null, rule: string | null}} result */
    const report = (verb, result) => {
      notify(`${verb} ${path}: ${result.status}${result.rule ? ` (${result.rule})` : ""}`, result.status >= 400);
      // The reason is on the screen of the requests.
      if (result.status >= 400 && result.id) location.hash = link("requests", { sel: result.id });
      else reload(verb === "DELETE");
    };
    const save = async () => {
      const etag = answer.headers.etag;
      const result = await vendor(method, path, { ...auth(), "Content-Type": "application/json", ...(etag ? { "If-Match": etag } : {}) }, edited.value);
      report(method, result);
    };
    const remove = async () => {
      // Without it, IBM deletes no group that has members.
      const target = dialect === "ibm" ? `${path}?force=true` : path;
      if (!(await confirm(`Delete the group ${group.name}${dialect === "ibm" ? " with its members and rules" : ""}? The page sends DELETE ${target}.`, "Delete"))) return;
      report("DELETE", await vendor("DELETE", target, auth()));
    };
    const sections = h("div"), touched = h("div");
    detail.append(h("div", { class: "actions" }, copyButton(id, "the id", "Copy id"), button("Delete", remove, { class: "small danger" })),
      h("details", null, h("summary", null, "Edit"), edited, button(`Save with ${method}`, save)),
      h("h3", null, `GET ${path} → ${answer.status}`), code(pretty(answer.text), "Group"), sections, h("h3", null, "Requests that touched it"), touched);
    for (const [label, part] of parts(group)) {
      const response = await vendor("GET", part, auth());
      if (shown !== key) return;
      sections.append(h("h3", null, label), code(pretty(response.text), label));
    }
    const { uses } = await get(`/groups/${encodeURIComponent(id)}/uses?dialect=${dialect}${account ? `&account=${encodeURIComponent(account)}` : ""}`).catch(() => ({ uses: [] }));
    if (uses.length) sections.append(h("h3", null, "Used by"), h("ul", null, uses.map((/** @type {any} */ use) => h("li", null, `${use.kind} ${use.name || use.id} at ${use.path}`))));
    const pattern = id.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    const { requests } = await get(`/requests?format=summary&dialect=${dialect}&urlPattern=${encodeURIComponent(`.*${pattern}.*`)}`);
    if (shown !== key) return;
    // Those that this page sent to show the group are left out.
    const others = requests.filter((/** @type {import("./types.js").Summary} */ it) => it.method !== "GET" || !sentHere.has(it.id)).slice(0, 20);
    fill(touched, others.length ? h("table", null, h("tbody", null, others.map((/** @type {import("./types.js").Summary} */ it) => h("tr", null,
      h("td", { class: statusClass(it.status) }, it.status), h("td", null, h("a", { href: link("requests", { sel: it.id }) }, `${it.method} ${it.url}`)))))) : h("p", { class: "dim" }, "None in the journal."));
  }

  function close() {
    update({ sel: "" });
    list.focus();
  }

  addEventListener("groupschange", () => (loaded = ""));
  return {
    element,
    show(params) {
      offset = Number(params.get("offset")) || 0;
      const wanted = JSON.stringify([namespace(), params.get("q"), params.get("dialect"), params.get("account"), offset]);
      if (document.activeElement !== search) search.value = params.get("q") ?? "";
      account.value = params.get("account") ?? "";
      dialect.value = params.get("dialect") ?? "";
      const key = params.get("sel") ?? "";
      const ready = wanted === loaded ? Promise.resolve() : load(params);
      loaded = wanted;
      split.classList.toggle("open", Boolean(key));
      detail.hidden = !key;
      list.setOpened(key);
      if (key !== shown) {
        shown = key;
        ready.then(() => (key && shown === key ? open(key) : undefined)).catch((error) => notify(message(error), true));
      } else {
        ready.catch((error) => notify(message(error), true));
      }
    },
    hide() {
      loaded = "";
    },
    key(key) {
      if (key === "Escape") close();
      else if (list.key(key)) list.focus();
      else return false;
      return true;
    },
  };
}

/** The fields that an update of a group accepts. @type {Record<string, string[]>} */
const EDITABLE = {
  cloudflare: ["name", "include", "exclude", "require", "scope"], ibm: ["name", "description"], authress: ["groupId", "name", "users", "admins", "tags"],
  legacy: ["name", "valid", "license_id", "theme_settings_id", "auto_update", "send_mail", "sso_platform_id", "sso_admin_group_id", "sso_member_group_id", "customers", "domains", "invite_type"],
};

/** The body of an update that changes nothing. @param {string} dialect @param {string} text */
function editable(dialect, text) {
  try {
    const json = JSON.parse(text), group = json.result ?? json.entry ?? json;
    const fields = Object.fromEntries(EDITABLE[dialect].filter((name) => name in group).map((name) => [name, group[name]]));
    return JSON.stringify(json.entry ? { entry: fields } : fields, null, 2);
  } catch {
    return text;
  }
}
