// Elements, messages and the clipboard. Text from outside enters the page only as text nodes and attribute values.

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * Creates an element. Properties whose names start with `on` are listeners; except for `aria-*`, `true` sets an empty
 * attribute and `false` none; `null` and `undefined` set none.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any> | null} [props]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean" && name.startsWith("aria-")) element.setAttribute(name, String(value));
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, String(value));
  }
  append(element, children);
  return element;
}

/** @param {Element} element @param {(Child | Child[])[]} children */
function append(element, children) {
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
}

/** Replaces the content of an element. @param {Element} element @param {...(Child | Child[])} children */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
}

/** @param {string} label @param {() => unknown} action @param {Record<string, any>} [props] */
export function button(label, action, props) {
  const run = async () => {
    try {
      await action();
    } catch (error) {
      notify(message(error), true);
    }
  };
  return h("button", { type: "button", onclick: run, ...props }, label);
}

/** @param {string} label @param {Element} control @param {string} [hint] */
export function field(label, control, hint) {
  return h("label", { class: "field" }, h("span", null, label), control, hint ? h("small", null, hint) : null);
}

/** @param {string} label @param {[string, string][]} options @param {(value: string) => void} [changed] */
export function select(label, options, changed) {
  const element = h("select", { "aria-label": label },
    options.map(([value, text]) => h("option", { value }, text)));
  if (changed) element.addEventListener("change", () => changed(element.value));
  return element;
}

/** Replaces the options and keeps the value. @param {HTMLSelectElement} element @param {[string, string][]} options */
export function setOptions(element, options) {
  const same = options.length === element.length &&
    options.every(([value, text], i) => element.options[i].value === value && element.options[i].text === text);
  if (same) return;
  const { value } = element;
  fill(element, options.map(([value, text]) => h("option", { value }, text)));
  element.value = value;
}

/** @param {unknown} error */
export const message = (error) => (error instanceof Error ? error.message : String(error));

let timer = 0;

/** Shows a message for some seconds, which is also spoken. @param {string} text @param {boolean} [isError] */
export function notify(text, isError) {
  const element = /** @type {HTMLElement} */ (document.getElementById("notice"));
  element.className = isError ? "error" : "";
  fill(element, text);
  clearTimeout(timer);
  timer = window.setTimeout(() => fill(element), isError ? 12000 : 5000);
}

let spoken = 0;

/** Speaks a text, at most every five seconds; others in between are left out. @param {string} text */
export function speak(text) {
  if (performance.now() - spoken < 5000 && spoken > 0) return;
  spoken = performance.now();
  fill(/** @type {HTMLElement} */ (document.getElementById("live")), text);
}

/** @param {string} text @param {string} what */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // The clipboard is closed to pages over HTTP from other hosts.
    const area = h("textarea", { class: "offscreen" });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }
  notify(`Copied ${what}`);
}

/** @param {string | (() => string | Promise<string>)} text @param {string} what @param {string} [label] */
export function copyButton(text, what, label = "Copy") {
  return button(label, async () => copy(typeof text === "string" ? text : await text(), what), {
    class: "small", title: `Copy ${what}`, "aria-label": label === "Copy" ? `Copy ${what}` : null,
  });
}

/** Saves a file. @param {string} name @param {Blob} blob */
export function download(name, blob) {
  const href = URL.createObjectURL(blob);
  h("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}

/** Asks in a dialog, and resolves to whether the action was chosen. @param {string} text @param {string} action */
export function confirm(text, action) {
  return /** @type {Promise<boolean>} */ (new Promise((resolve) => {
    const dialog = h("dialog", { "aria-label": text });
    fill(dialog, h("p", null, text),
      h("div", { class: "actions" }, button("Cancel", () => dialog.close()),
        button(action, () => dialog.close("yes"), { class: "danger" })));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  }));
}

/** A text with the web addresses in it as links. @param {string} text */
export function linked(text) {
  return text.split(/(https?:\/\/[^\s()<>"]+)/).map((part, i) =>
    i % 2 ? h("a", { href: part, target: "_blank", rel: "noreferrer noopener" }, part) : part);
}

/** A text with its parts in backticks as code. @param {string} text */
export const coded = (text) => text.split(/`([^`]+)`/).map((part, i) => (i % 2 ? h("code", null, part) : part));

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/**
 * Indents JSON without parsing it, so that numbers and escapes stay as they were sent; other text is returned as it is.
 * @param {string} text
 */
export function pretty(text) {
  try {
    JSON.parse(text);
  } catch {
    return text;
  }
  let out = "", depth = 0, previous = "";
  for (const [token] of text.matchAll(TOKEN)) {
    const isEnd = token === "}" || token === "]";
    if (isEnd) depth--;
    if (/[{[,]/.test(previous) && previous.length === 1 && !(isEnd && previous !== ",")) out += `\n${"  ".repeat(depth)}`;
    else if (isEnd && !/^[{[]$/.test(previous)) out += `\n${"  ".repeat(depth)}`;
    out += token === ":" ? ": " : token;
    if (token === "{" || token === "[") depth++;
    previous = token;
  }
  return out;
}

/** @param {string} text @param {string} label */
export const code = (text, label) => h("pre", { tabindex: 0, role: "region", "aria-label": label }, text);

/** @param {number} count @param {string} one @param {string} [many] */
export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
