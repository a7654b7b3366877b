// The page while there are no requests: how to send the first one.

import { get, prefix, send } from "./api.js";
import { copyButton, fill, h, button, notify } from "./dom.js";
import { link, namespace } from "./url.js";

const DEMO = {
  authress: { groups: [{ groupId: "grp_engineering", name: "Engineering", users: [{ userId: "auth0|1" }], admins: [{ userId: "auth0|2" }] },
    { groupId: "grp_writers", name: "Writers", users: [{ userId: "auth0|3" }], admins: [] }] },
};

/** The base URLs that clients of each dialect need. @param {string} ns @returns {[string, string][]} */
export function baseUrls(ns) {
  const base = location.origin + prefix(ns);
  return [["cloudflare", `${base}/client/v4`], ["ibm", base], ["authress", base], ["legacy", `${base}/api2`]];
}

/** @param {string} name @param {string} text */
const line = (name, text) => h("div", { class: "copyline" }, h("span", { class: "dim" }, name), h("code", null, text), copyButton(text, name));

/** @param {HTMLElement} element */
export function welcome(element) {
  const ns = namespace();
  const base = location.origin + prefix(ns);
  const env = `access-groups-mock env --url ${location.origin}${ns === "default" || ns === "*" ? "" : ` --namespace ${ns}`}`;
  fill(element, h("h2", null, "Waiting for requests"),
    h("p", { class: "dim" }, "Requests to the vendors' APIs appear here as soon as they arrive, with the reason if one is rejected."),
    h("h3", null, "Base URL of each dialect"), baseUrls(ns).map(([name, url]) => line(name, url)),
    h("h3", null, "The environment variables of official clients"), line("Shell", env),
    h("h3", null, "A first request"), line("curl", `curl -H 'Authorization: Bearer any' ${base}/v1/groups`),
    h("h3", null, "Something to look at"),
    h("div", { class: "actions" }, button("Load demo groups", loadDemo), h("a", { href: link("try") }, "or send a request from the page")));
}

async function loadDemo() {
  const { meta } = await get("/groups?limit=1");
  if (meta.total > 0) {
    notify(`There are ${meta.total} groups already; see the screen Groups`);
  } else {
    await send("PUT", "/state", { authress: DEMO.authress });
    notify("Loaded the demo groups");
  }
  location.hash = link("groups");
}
