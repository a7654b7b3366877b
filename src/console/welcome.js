// The page while there are no requests: how to send the first one.

import { get, prefix, send } from "./api.js";
import { copyButton, fill, h, button, notify } from "./dom.js";
import { go, link, namespace } from "./url.js";

const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353", ZONE = "9a7806061c88ada191ed06f989cc3dac";

/** Groups of every dialect, in the format of a seed. @type {Record<string, unknown>} */
const DEMO = {
  cloudflare: {
    accounts: { [ACCOUNT]: { name: "Example",
      access_groups: [{ name: "Allow devs", include: [{ email_domain: { domain: "example.com" } }], exclude: [{ geo: { country_code: "US" } }] }],
      resource_groups: [{ name: "Production zones", scope: { key: `com.cloudflare.api.account.${ACCOUNT}`, objects: [{ key: `com.cloudflare.api.account.zone.${ZONE}` }] } }] } },
    zones: { [ZONE]: { name: "example.com", account: ACCOUNT, access_groups: [{ name: "Office network", include: [{ ip: { ip: "192.0.2.0/24" } }] }] } },
  },
  ibm: { accounts: { acct1: { groups: [
    { name: "Blue Team", description: "People who build the blue thing", members: [{ iam_id: "IBMid-270001", type: "user", name: "Ada Blue", email: "ada@example.com" }],
      rules: [{ name: "Leads", expiration: 12, realm_name: "https://sso.example.com/saml", conditions: [{ claim: "isLead", operator: "EQUALS", value: "\"true\"" }] }] },
    { name: "Auditors", description: "Read everything, change nothing" },
  ] } } },
  authress: { groups: [{ groupId: "grp_engineering", name: "Engineering", users: [{ userId: "auth0|ada" }], admins: [{ userId: "auth0|ben" }] }, { groupId: "grp_support", name: "Support", users: [], admins: [] }] },
  legacy: { access_groups: [{ id: 4, name: "Readers", customers: [{ id: 1, email: "reader@example.com", organisation: "Example" }] }] },
};

/** The base URLs that clients of the served dialects need, from the index of the server. @param {string} ns @returns {Promise<[string, string][]>} */
async function baseUrls(ns) {
  const response = await fetch(`${prefix(ns)}/`, { headers: { Accept: "application/json" }, credentials: "omit" });
  return Object.entries((await response.json()).dialects);
}

/** @param {string} name @param {string} text */
const line = (name, text) => h("div", { class: "copyline" }, h("span", { class: "dim" }, name), h("code", null, text), copyButton(text, name));

/** @type {Record<string, string>} */
const FIRST = { cloudflare: `/client/v4/accounts/${ACCOUNT}/access/groups`, ibm: "/v2/groups?account_id=acct1", authress: "/v1/groups", legacy: "/api2/access_groups.json" };

/** @param {HTMLElement} element @param {string} title @param {() => void} [left] Called when the page shows something else. */
export function welcome(element, title, left) {
  const ns = namespace();
  const base = location.origin + prefix(ns);
  const env = `access-groups-mock env --url ${location.origin}${ns === "default" || ns === "*" ? "" : ` --namespace ${ns}`}`;
  const urls = h("div"), first = h("div"), load = button("Load demo groups", () => loadDemo().then(left), { class: "main" });
  fill(element, h("h2", null, title),
    h("p", { class: "dim" }, "Requests to the vendors' APIs appear here as soon as they arrive, with the reason if one is rejected."),
    h("h3", null, "1. Point your client to the base URL of its dialect"), urls,
    h("h3", null, "or set the environment variables of official clients"), line("shell", `eval "$(${env})"`),
    h("h3", null, "2. Send a request"), first,
    h("h3", null, "Nothing to send yet?"),
    h("div", { class: "actions" }, load, h("a", { href: link("try"), onclick: left }, "Send a request from this page")));
  baseUrls(ns).then((list) => {
    fill(urls, list.map(([name, url]) => line(name, url)));
    const names = list.map(([name]) => name), shown = ["authress", ...names].find((name) => names.includes(name));
    if (shown) fill(first, line("curl", `curl -H 'Authorization: Bearer any' '${base}${FIRST[shown]}'`));
  }).catch(() => fill(urls, line("server", base)));
}

/** Loads groups of every served dialect into an empty namespace, and shows them. */
export async function loadDemo() {
  const { meta } = await get("/groups?limit=1");
  if (meta.total > 0) {
    notify(`There are ${meta.total} groups already`);
  } else {
    const served = await baseUrls(namespace()).catch(() => Object.entries(DEMO));
    await send("PUT", "/state", Object.fromEntries(served.filter(([name]) => name in DEMO).map(([name]) => [name, DEMO[name]])));
    notify("Loaded the demo groups");
  }
  dispatchEvent(new Event("groupschange"));
  go("groups", {});
  dispatchEvent(new Event("urlchange"));
}
