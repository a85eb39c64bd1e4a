// Making elements. Text enters by textContent only; there is no way to pass markup.

/**
 * @typedef {Node|string|null|undefined|false} Child
 * @typedef {Record<string, string|number|boolean|null|undefined|((event: any) => void)>} Properties
 */

/**
 * An element: `onclick` and the like are listeners, `true` is an empty attribute, `null` and `false` are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Properties} [properties] @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else setAttribute(element, name, value);
  }
  element.append(...children.filter(isShown));
  return element;
}

/** Set, or remove when there is nothing to set. @param {Element} element @param {string} name
 * @param {string|number|boolean|null|undefined} value */
export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, value === true ? "" : String(value));
}

/** Change the text only when it differs, so that nothing is read out twice. @param {Element} element @param {string} text */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Child} child @returns {child is Node|string} */
function isShown(child) {
  return child !== null && child !== undefined && child !== false && child !== "";
}
