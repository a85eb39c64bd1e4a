// Where the shopper writes: Enter sends, Shift + Enter breaks the line, a picture by button, pasting or dropping.

import { icon } from "../../static/icons.js";
import { MEDIA_TYPES } from "../connection/files.js";
import { h, setAttribute, setText } from "./dom.js";

/**
 * @import {State} from "../state/types.js"
 * @import {Translate} from "../messages/index.js"
 * @import {Chat} from "../chat.js"
 */

const MOST_CHARS = 4000;
const COUNT_FROM = 3800;
const MOST_HEIGHT = 128;

export class Composer {
  /** @param {Chat} chat @param {Translate} t */
  constructor(chat, t) {
    this.chat = chat;
    this.t = t;
    const id = "zhanggui-input";
    this.input = h("textarea", { id, rows: 1, enterkeyhint: "send", autocomplete: "off", "data-testid": "input", "aria-describedby": "zhanggui-count" });
    this.file = h("input", { type: "file", accept: MEDIA_TYPES.join(), class: "hidden", tabindex: -1, "aria-hidden": "true", "data-testid": "file" });
    this.attach = h("button", { type: "button", class: "quiet-icon", "aria-label": t("composer.attach"), title: t("composer.attach"), "data-testid": "attach" }, icon("image"));
    this.send = h("button", { type: "submit", class: "send", "aria-label": t("composer.send"), title: t("composer.send"), "data-testid": "send" }, icon("arrow-up"));
    this.count = h("p", { class: "count numbers", id: "zhanggui-count", hidden: true });
    const label = h("label", { for: id, class: "hidden" }, t("composer.label"));
    this.element = h("form", { class: "composer" }, this.file, this.attach, label, this.input, this.send, this.count);
    this.#listen();
    this.input.value = chat.memory.draft;
    this.#changed();
  }

  focus() {
    this.input.focus();
  }

  /** An arrow, because cards are handed it. */
  pickFile = () => this.file.click();

  /** The height follows the text; to be called once the composer is on the page. */
  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${Math.min(this.input.scrollHeight, MOST_HEIGHT)}px`;
  }

  /** @param {State} state */
  update(state) {
    const hints = /** @type {const} */ ({ bot: "composer.placeholder", agent: "composer.placeholder", queue: "composer.placeholder_queue", closed: "composer.placeholder_closed" });
    setAttribute(this.input, "placeholder", this.t(hints[state.owner]));
    this.attach.disabled = state.link !== "online";
  }

  #listen() {
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("input", () => {
      this.#changed();
      this.chat.writes();
    });
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("paste", (event) => this.#take(event, event.clipboardData));
    this.element.addEventListener("dragover", (event) => event.preventDefault());
    this.element.addEventListener("drop", (event) => this.#take(event, event.dataTransfer));
    this.attach.addEventListener("click", this.pickFile);
    this.file.addEventListener("change", () => {
      const [file] = this.file.files ?? [];
      if (file) this.chat.sendPicture(file);
      this.file.value = "";
    });
  }

  #submit() {
    const text = this.input.value.trim();
    if (!text || text.length > MOST_CHARS) return;
    this.chat.say(text);
    this.input.value = "";
    this.#changed();
    this.input.focus();
  }

  #changed() {
    const left = MOST_CHARS - this.input.value.trim().length;
    this.send.disabled = left === MOST_CHARS || left < 0;
    this.count.hidden = left > MOST_CHARS - COUNT_FROM;
    this.count.classList.toggle("over", left < 0);
    setText(this.count, this.t(left < 0 ? "composer.over" : "composer.left", { n: Math.abs(left) }));
    this.chat.memory.draft = this.input.value;
    this.fit();
  }

  /** A picture that was pasted or dropped. @param {Event} event @param {DataTransfer|null} data */
  #take(event, data) {
    const [file] = data?.files ?? [];
    if (!file) return;
    event.preventDefault();
    this.chat.sendPicture(file);
  }
}
