// The conversation: welcome, messages in groups, quick replies, typing. Elements are kept while their message stays the same.

import { icon } from "../../static/icons.js";
import { grouped, quickReplies, unread } from "../state/transcript.js";
import { h, setText } from "./dom.js";
import { messageView } from "./message.js";
import { Roving } from "./roving.js";
import { moment } from "./times.js";
import { welcomeView } from "./welcome.js";

/**
 * @import {Button, ChatMessage, State} from "../state/types.js"
 * @import {Placed} from "../state/transcript.js"
 * @import {CardContext} from "./cards/parts.js"
 * @import {MessageView} from "./message.js"
 *
 * @typedef {{view: MessageView, message: ChatMessage, shape: string, pause: HTMLElement|null}} Shown
 */

const NEAR_END = 64;

export class Log {
  /** @param {CardContext} context */
  constructor(context) {
    this.context = context;
    const { t } = context;
    /** @type {Map<string, Shown>} */
    this.shown = new Map();
    this.welcome = welcomeView(context);
    this.messages = h("div", { class: "messages" });
    this.quick = h("div", { class: "chips quick", role: "group", "aria-label": t("quick.name"), hidden: true });
    this.typing = h("div", { class: "typing", hidden: true }, h("span", { class: "hidden" }, t("owner.typing")), h("i"), h("i"), h("i"));
    this.list = h(
      "div",
      { class: "log", role: "log", "aria-live": "off", "aria-label": t("log.name"), "data-testid": "log" },
      this.welcome.element,
      this.messages,
      this.quick,
      this.typing,
    );
    this.below = h("span", { class: "numbers" });
    this.toEnd = h("button", { type: "button", class: "to-end", hidden: true, "aria-label": t("log.to_end"), onclick: () => this.scrollToEnd() }, this.below, icon("chevron-down"));
    this.element = h("div", { class: "log-box" }, this.list, this.toEnd);
    this.roving = new Roving(this.list);
    this.missed = 0;
    /** @type {string} */
    this.offered = "";
    this.list.addEventListener("scroll", () => this.#scrolled(), { passive: true });
  }

  /** @param {State} state @param {State} before */
  update(state, before) {
    const follow = this.#nearEnd() || state.messages.at(-1)?.seq === null;
    this.welcome.update(state);
    if (state.messages !== before.messages) this.#showMessages(state.messages);
    for (const { view } of this.shown.values()) view.update?.(state);
    this.#placeSubject(state);
    this.#showQuick(state);
    this.typing.hidden = state.typing === null;
    if (state.messages !== before.messages) this.roving.refresh();
    if (follow) this.scrollToEnd();
    else this.#countBelow(state, before);
  }

  scrollToEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.#scrolled();
  }

  #nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.list;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  /** @param {ChatMessage[]} messages */
  #showMessages(messages) {
    const placed = grouped(messages);
    const keys = new Set(messages.map(({ key }) => key));
    for (const [key, shown] of this.shown) {
      if (keys.has(key)) continue;
      this.shown.delete(key);
      shown.view.element.remove();
      shown.pause?.remove();
    }
    const focused = this.messages.querySelector("article:focus-within");
    const elements = placed.map((one) => this.#shownOf(one)).flatMap(({ pause, view }) => (pause ? [pause, view.element] : [view.element]));
    /** @type {ChildNode|null} */
    let next = this.messages.firstChild;
    for (const element of elements) {
      if (element === next) next = next.nextSibling;
      else this.messages.insertBefore(element, next);
    }
    if (focused && !focused.isConnected) this.#again(focused)?.focus({ preventScroll: true });
  }

  /** The element that now shows the message of one that was made anew. @param {Element} old @returns {HTMLElement|undefined} */
  #again(old) {
    const label = old.getAttribute("aria-labelledby");
    return [...this.shown.values()].find(({ view }) => view.element.getAttribute("aria-labelledby") === label)?.view.element;
  }

  /** @param {Placed} placed @returns {Shown} */
  #shownOf(placed) {
    const { message } = placed;
    const shape = `${placed.first}${placed.last}${placed.pause}`;
    const known = this.shown.get(message.key);
    if (known && known.message === message && known.shape === shape) return known;
    const view = messageView(placed, this.context);
    if (!known) view.element.classList.add("enter");
    known?.view.element.remove();
    known?.pause?.remove();
    const pause = placed.pause ? h("p", { class: "pause numbers" }, moment(message.time, Date.now(), this.context.t)) : null;
    const shown = { view, message, shape, pause };
    this.shown.set(message.key, shown);
    return shown;
  }

  /** What the shopper looks at is told once: at the top of a new chat, at the end of one that goes on, until something is said.
   * @param {State} state */
  #placeSubject({ messages }) {
    const { subject } = this.welcome;
    const goesOn = messages.length > 0;
    subject.hidden = goesOn && this.context.chat.count > 0;
    if (goesOn && subject.parentElement !== this.list) this.messages.after(subject);
    else if (!goesOn && subject.parentElement === this.list) this.welcome.backHere();
  }

  /** @param {State} state */
  #showQuick(state) {
    const offers = state.typing ? [] : distinct(quickReplies(state.messages)).filter(({ payload }) => !state.used.includes(payload));
    const signature = offers.map(({ payload }) => payload).join();
    if (signature === this.offered) return;
    const hadFocus = this.quick.matches(":focus-within");
    this.offered = signature;
    this.quick.replaceChildren(...offers.map((button) => this.#chip(button)));
    this.quick.hidden = offers.length === 0;
    if (hadFocus) this.roving.focusCurrent();
  }

  /** @param {Button} button */
  #chip({ title, payload }) {
    return h("button", { type: "button", class: "chip", "data-testid": "chip", onclick: () => this.context.chat.press(payload, title) }, title);
  }

  /** @param {State} state @param {State} before */
  #countBelow(state, before) {
    const arrived = state.messages.filter((message) => message.from !== "shopper" && (message.seq ?? 0) > before.lastSeq).length;
    this.missed += state.open ? arrived : unread(state);
    this.#scrolled();
  }

  #scrolled() {
    const end = this.#nearEnd();
    if (end) this.missed = 0;
    this.toEnd.hidden = end;
    setText(this.below, this.missed ? this.context.t("log.new_below", { n: this.missed }) : "");
  }
}

/** One of each title, the newest: two answers of a turn may offer the same. @param {Button[]} buttons */
function distinct(buttons) {
  return [...new Map(buttons.map((button) => [button.title, button])).values()];
}
