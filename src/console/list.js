// A list that shows any number of rows with the elements of those that are visible, which are reused when it scrolls.

import { h } from "./dom.js";

const SPARE_ROWS = 4;

/**
 * @template T
 * @typedef {object} Options
 * @property {string} label The name of the list for screen readers.
 * @property {(row: HTMLElement) => void} build Adds the cells to a new row.
 * @property {(row: HTMLElement, item: T) => void} draw Writes an item into the cells.
 * @property {(item: T) => string} key The identity of an item.
 * @property {(item: T) => void} open Called for Enter and for a click.
 * @property {() => void} [scrolled]
 */

/** @template T */
export class List {
  /** @param {Options<T>} options */
  constructor(options) {
    this.options = options;
    /** @type {T[]} The items; the last one is on top if `isReversed`. */
    this.items = [];
    this.isReversed = false;
    /** The number of items that were removed at the start: elements stay with their items when others are removed. */
    this.removed = 0;
    this.cursor = "";
    this.opened = "";
    this.isDirty = false;
    this.rowHeight = 0;
    /** @type {{element: HTMLElement, item: T | null, top: number, mark: string}[]} */
    this.rows = [];
    this.space = h("div", { class: "space", role: "presentation" });
    this.element = h("div", { class: "list", role: "listbox", tabindex: 0, "aria-label": options.label }, this.space);
    this.element.addEventListener("scroll", () => {
      options.scrolled?.();
      this.update();
    }, { passive: true });
    this.element.addEventListener("keydown", (event) => {
      if (this.key(event.key)) event.preventDefault();
    });
    this.element.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target.closest("[role=option]") : null;
      const row = this.rows.find((row) => row.element === target);
      if (row?.item) this.#choose(row.item);
    });
    new ResizeObserver(() => this.#measure()).observe(this.element);
  }

  /** @param {T[]} items @param {boolean} [isReversed] */
  set(items, isReversed = false) {
    this.items = items;
    this.isReversed = isReversed;
    this.removed = 0;
    this.redraw();
  }

  /** Writes all rows again. */
  redraw() {
    for (const row of this.rows) row.item = null;
    this.update();
  }

  /** Draws the list in the next frame. */
  update() {
    if (this.isDirty) return;
    this.isDirty = true;
    requestAnimationFrame(() => {
      this.isDirty = false;
      this.#draw();
    });
  }

  get isAtTop() {
    return this.element.scrollTop < 2;
  }

  /** Handles a key of the list; returns whether it did. @param {string} key */
  key(key) {
    const page = Math.max(1, Math.floor(this.element.clientHeight / (this.rowHeight || 1)) - 1);
    const steps = /** @type {Record<string, number>} */ ({
      j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity,
    });
    if (key in steps) {
      this.#move(steps[key]);
      return true;
    }
    if (key !== "Enter") return false;
    const item = this.items[this.#find(this.cursor)];
    if (item) this.#choose(item);
    return Boolean(item);
  }

  /** Marks the opened item. @param {string} key */
  setOpened(key) {
    this.opened = key;
    if (key) this.cursor = key;
    this.update();
  }

  /** Focuses the list, with the row of the cursor in view. */
  focus() {
    this.#scrollTo(this.#find(this.cursor));
    this.element.focus({ preventScroll: true });
  }

  /** @param {string} key */
  #find(key) {
    return key ? this.items.findLastIndex((item) => this.options.key(item) === key) : -1;
  }

  /** @param {number} index */
  #position(index) {
    return this.isReversed ? this.items.length - 1 - index : index;
  }

  /** @param {number} by */
  #move(by) {
    if (!this.items.length) return;
    const found = this.#find(this.cursor);
    const from = found < 0 ? (by > 0 ? -1 : this.items.length) : this.#position(found);
    const to = Math.min(Math.max(found < 0 && Number.isFinite(by) ? 0 : from + by, 0), this.items.length - 1);
    const index = this.#position(to);
    this.cursor = this.options.key(this.items[index]);
    this.#scrollTo(index);
    this.update();
  }

  /** @param {number} index */
  #scrollTo(index) {
    if (index < 0 || !this.rowHeight) return;
    const top = this.#position(index) * this.rowHeight, { scrollTop, clientHeight } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + this.rowHeight > scrollTop + clientHeight) this.element.scrollTop = top + this.rowHeight - clientHeight;
  }

  /** @param {T} item */
  #choose(item) {
    this.cursor = this.options.key(item);
    this.options.open(item);
  }

  #measure() {
    const height = parseFloat(getComputedStyle(this.element).getPropertyValue("--row"));
    const count = Math.ceil(this.element.clientHeight / height) + SPARE_ROWS;
    if (height !== this.rowHeight) for (const row of this.rows) row.top = -1;
    this.rowHeight = height;
    while (this.rows.length < count) {
      const element = h("div", { class: "row", role: "option", id: `${this.options.label}-${this.rows.length}`.replaceAll(" ", "-"), hidden: true });
      this.options.build(element);
      this.rows.push({ element, item: null, top: -1, mark: "" });
      this.space.append(element);
    }
    for (const row of this.rows.splice(count)) row.element.remove();
    for (const row of this.rows) row.item = null;
    // In the same frame: a browser calls this after the frame's callbacks and before it paints.
    this.#draw();
  }

  #draw() {
    const { items, rows, rowHeight, element } = this;
    if (!rowHeight || !rows.length) return;
    this.space.style.height = `${items.length * rowHeight}px`;
    const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - SPARE_ROWS / 2);
    const last = Math.min(items.length, first + rows.length);
    let active = "";
    const used = new Set();
    for (let position = first; position < last; position++) {
      const index = this.#position(position);
      // The same element as long as the item is visible, so that a new item changes one row and moves the others.
      const row = rows[(index + this.removed) % rows.length];
      const item = items[index];
      used.add(row);
      if (row.item !== item) {
        row.item = item;
        row.element.hidden = false;
        this.options.draw(row.element, item);
      }
      if (row.top !== position * rowHeight) {
        row.top = position * rowHeight;
        row.element.style.transform = `translateY(${row.top}px)`;
      }
      const key = this.options.key(item);
      const mark = `${key === this.cursor ? "cursor" : ""} ${key === this.opened ? "opened" : ""}`;
      if (row.mark !== mark) {
        row.mark = mark;
        row.element.className = `row ${mark}`;
        row.element.setAttribute("aria-selected", String(key === this.opened));
      }
      if (key === this.cursor) {
        active = row.element.id;
        row.element.setAttribute("aria-posinset", String(position + 1));
        row.element.setAttribute("aria-setsize", String(items.length));
      } else if (row.element.hasAttribute("aria-posinset")) {
        row.element.removeAttribute("aria-posinset");
        row.element.removeAttribute("aria-setsize");
      }
    }
    for (const row of rows) {
      if (!used.has(row) && !row.element.hidden) {
        row.element.hidden = true;
        row.item = null;
      }
    }
    if (active) element.setAttribute("aria-activedescendant", active);
    else element.removeAttribute("aria-activedescendant");
  }
}
