// Parts that cards share. A card shows one fact first, then detail, then at most two actions.

import { icon } from "../../../static/icons.js";
import { h, setAttribute } from "../dom.js";

/**
 * @import {ChatMessage, State} from "../../state/types.js"
 * @import {Translate} from "../../messages/index.js"
 * @import {IconName} from "../../../static/icons.js"
 * @import {Child} from "../dom.js"
 * @import {Chat} from "../../chat.js"
 *
 * @typedef {object} CardContext
 * @property {Chat} chat
 * @property {Translate} t
 * @property {() => void} pickFile  opens the file chooser of the composer
 *
 * @typedef {{element: HTMLElement, update?: (state: State) => void}} CardView
 */

/** @param {string} kind @param {...Child} children @returns {HTMLElement} */
export function card(kind, ...children) {
  return h("div", { class: `card card-${kind}`, "data-testid": "card", "data-card": kind }, ...children);
}

/** The one fact, with what belongs to it on its right. @param {IconName} name @param {string} text @param {string} [aside] */
export function fact(name, text, aside) {
  return h("div", { class: "fact" }, icon(name), h("strong", {}, text), aside ? h("span", { class: "aside numbers" }, aside) : null);
}

/** @param {...(string|null|undefined|false)} parts */
export function detail(...parts) {
  const shown = parts.filter(Boolean).join(" · ");
  return shown ? h("p", { class: "detail numbers" }, shown) : null;
}

/**
 * @typedef {{title: Child[], payload?: string, name: string}} Row  `name` is what the shopper will have said
 */

/** Rows that are tapped; one of them, once. @param {Row[]} rows @param {ChatMessage} message @param {CardContext} context
 * @returns {CardView} */
export function tapRows(rows, message, { chat }) {
  const buttons = rows.map(({ title, payload, name }) => {
    const press = () => {
      if (!payload) return;
      chat.press(payload, name);
      element.closest("article")?.focus({ preventScroll: true });
    };
    return h("button", { type: "button", class: "tap-row", disabled: !payload, onclick: press }, h("span", { class: "tap-text" }, ...title), icon("chevron-right"));
  });
  const element = h("ul", { class: "tap-rows" }, ...buttons.map((button) => h("li", {}, button)));
  return {
    element,
    update(state) {
      const used = usedRow(rows, message, state);
      buttons.forEach((button, i) => {
        button.disabled = used >= 0 || !rows[i]?.payload;
        setAttribute(button, "aria-pressed", i === used ? "true" : null);
      });
    },
  };
}

/** The row that was tapped, also before a reload, when only its name is left in the conversation; -1 when none was.
 * @param {Row[]} rows @param {ChatMessage} message @param {State} state */
export function usedRow(rows, message, { used, messages }) {
  const pressed = rows.findIndex(({ payload }) => payload && used.includes(payload));
  if (pressed >= 0) return pressed;
  const said = messages.slice(messages.findIndex(({ key }) => key === message.key) + 1).filter(({ from }) => from === "shopper");
  return rows.findIndex(({ name }) => said.some(({ text, delivery }) => text === name && delivery !== "failed"));
}
