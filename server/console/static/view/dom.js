/** Small helpers to build and change the page. Text enters as text nodes only. */

import { icon } from "/static/icons.js";

/** @typedef {import("/static/icons.js").IconName} IconName */
/** @typedef {Node | string | null | false | undefined} Child */
/** @typedef {Record<string, string | boolean | ((event: any) => void) | undefined>} Properties */

/**
 * An element. Functions among the properties are listeners (`onclick`), `true` an empty attribute, `false` and undefined none.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Properties} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (typeof value === "string") element.setAttribute(name, value);
  }
  element.append(...present(children));
  return element;
}

/** @param {Child[]} children @returns {(Node | string)[]} */
function present(children) {
  return /** @type {(Node | string)[]} */ (children.filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
}

/** @param {Element} element @param {...Child} children */
export function fill(element, ...children) {
  element.replaceChildren(...present(children));
}

/** @param {Node} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @param {Element} element @param {string} name @param {string | null} value */
export function setAttribute(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** @param {HTMLElement} element @param {boolean} shown */
export function show(element, shown) {
  if (element.hidden === shown) element.hidden = !shown;
}

/**
 * Children that follow a list: kept by key, made and removed as needed, put in order with as few moves as the list asks for.
 * @template T
 * @param {Element} parent
 * @param {T[]} items
 * @param {(item: T) => string} keyOf
 * @param {(item: T) => HTMLElement} make
 * @param {(element: HTMLElement, item: T, index: number) => void} change
 */
export function follow(parent, items, keyOf, make, change) {
  const known = new Map([...parent.children].map((child) => [/** @type {HTMLElement} */ (child).dataset.key, /** @type {HTMLElement} */ (child)]));
  let next = parent.firstElementChild;
  items.forEach((item, index) => {
    const key = keyOf(item);
    let element = known.get(key);
    known.delete(key);
    if (!element) {
      element = make(item);
      element.dataset.key = key;
    }
    if (element === next) next = element.nextElementSibling;
    else parent.insertBefore(element, next);
    change(element, item, index);
  });
  for (const left of known.values()) left.remove();
}

/** A button with an icon only; its name is for screen readers and shown on hover. @param {IconName} name @param {string} label @param {Properties} [properties] */
export function iconButton(name, label, properties = {}) {
  return el("button", { type: "button", class: "button button-quiet button-icon", "aria-label": label, title: label, ...properties }, icon(name));
}

/** @param {...string} keys such as ⌘ and Enter */
export function keys(...keys) {
  return el("span", { class: "keys", "aria-hidden": "true" }, ...keys.map((key) => el("kbd", {}, key)));
}

/** @param {IconName} name */
export function smallIcon(name) {
  const svg = icon(name);
  svg.classList.add("icon-small");
  return svg;
}

export const isMac = /Mac|iPhone|iPad/.test(globalThis.navigator?.platform ?? "");
/** The key that sends, as people know it on this machine. */
export const SEND_KEYS = isMac ? ["⌘", "↵"] : ["Ctrl", "↵"];
export const ALT_KEY = isMac ? "⌥" : "Alt";

export { icon };
