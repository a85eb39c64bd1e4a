// The round button that opens the chat and counts what was not read.

import { icon } from "../../static/icons.js";
import { unread } from "../state/transcript.js";
import { h, setAttribute, setText } from "./dom.js";

/**
 * @import {State} from "../state/types.js"
 * @import {Translate} from "../messages/index.js"
 */

const MOST = 99;

export class Launcher {
  /** @param {Translate} t @param {() => void} onPress */
  constructor(t, onPress) {
    this.t = t;
    this.count = h("span", { class: "unread numbers", hidden: true, "aria-hidden": "true" });
    this.open = icon("message-circle");
    this.close = icon("chevron-down");
    this.element = h("button", { type: "button", class: "launcher", "aria-expanded": "false", "aria-controls": "zhanggui-panel", "data-testid": "launcher", onclick: onPress }, this.open, this.count);
  }

  /** @param {State} state */
  update(state) {
    const n = unread(state);
    const label = state.open ? this.t("launcher.close") : n ? this.t("launcher.unread", { n }) : this.t("launcher.open");
    setAttribute(this.element, "aria-label", label);
    setAttribute(this.element, "aria-expanded", String(state.open));
    const shown = state.open ? this.close : this.open;
    if (this.element.firstChild !== shown) this.element.firstChild?.replaceWith(shown);
    this.count.hidden = n === 0;
    setText(this.count, n > MOST ? `${MOST}+` : String(n));
  }
}
