// The state of the page in the fragment of its URL: `#/SCREEN?NAME=VALUE&…`. The server never sees it.

export const SCREENS = ["requests", "groups", "faults", "control", "try", "coverage"];

/** Reads the screen and its parameters. */
export function read() {
  const [path, query = ""] = location.hash.slice(1).split("?");
  const name = path.replace(/^\//, "");
  return { screen: SCREENS.includes(name) ? name : SCREENS[0], params: new URLSearchParams(query) };
}

/** The namespace of all screens; `*` is all of them, in the list of requests. */
export const namespace = () => read().params.get("ns") || "default";

/**
 * Changes parameters of the current screen; empty values remove them. Only a selection becomes an entry of the history.
 * @param {Record<string, string>} changes
 * @param {boolean} [isStep]
 */
export function update(changes, isStep) {
  const { screen, params } = read();
  for (const [name, value] of Object.entries(changes)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  go(screen, params, isStep);
}

/** @param {string} screen @param {URLSearchParams | Record<string, string>} params @param {boolean} [isStep] */
export function go(screen, params, isStep = true) {
  const href = link(screen, params);
  if (href === location.hash) return;
  history[isStep ? "pushState" : "replaceState"](null, "", href);
  dispatchEvent(new Event("urlchange"));
}

/** The URL of a screen in the current namespace. @param {string} screen @param {URLSearchParams | Record<string, string>} [params] */
export function link(screen, params = {}) {
  const query = new URLSearchParams(params);
  const ns = namespace();
  if (!query.has("ns") && !(params instanceof URLSearchParams) && ns !== "default") query.set("ns", ns);
  const text = query.toString();
  return `#/${screen}${text ? `?${text}` : ""}`;
}
