// Reads new messages out once. A twin of the log: its nodes go after a second, so that nothing is read again on the way back.

import { h } from "./dom.js";

const STAY_MS = 1000;

export class Announcer {
  constructor() {
    this.element = h("div", { class: "hidden", role: "status", "aria-live": "polite", "aria-atomic": "false" });
  }

  /** @param {string} text */
  say(text) {
    const node = h("p", {}, text);
    this.element.append(node);
    setTimeout(() => node.remove(), STAY_MS);
  }
}
