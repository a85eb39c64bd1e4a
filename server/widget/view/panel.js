// The panel: header, conversation, composer, privacy line.

import { Composer } from "./composer.js";
import { h } from "./dom.js";
import { Header } from "./header.js";
import { Log } from "./log.js";
import { followViewport, isFullScreen, keepFocusInside } from "./viewport.js";

/**
 * @import {State} from "../state/types.js"
 * @import {Translate} from "../messages/index.js"
 * @import {Chat} from "../chat.js"
 */

export class Panel {
  /** `signal`: the panel follows the screen until it is aborted.
   * @param {Chat} chat @param {Translate} t @param {{privacyUrl: string|null, onClose: () => void, signal: AbortSignal}} options */
  constructor(chat, t, { privacyUrl, onClose, signal }) {
    this.composer = new Composer(chat, t);
    this.header = new Header(chat, t, onClose);
    this.log = new Log({ chat, t, pickFile: this.composer.pickFile });
    const link = privacyUrl ? h("a", { href: privacyUrl, target: "_blank", rel: "noopener" }, t("privacy.link")) : null;
    this.element = h(
      "section",
      { class: "panel", id: "zhanggui-panel", role: "dialog", "aria-labelledby": "zhanggui-shop", tabindex: -1, hidden: true, "data-testid": "panel" },
      this.header.element,
      this.header.banner,
      this.log.element,
      this.composer.element,
      h("p", { class: "privacy" }, t("privacy.text"), link ? " " : null, link),
    );
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") onClose();
      else if (event.key === "Tab" && isFullScreen()) keepFocusInside(event, this.element);
    });
    followViewport(this.element, signal);
  }

  /** Where the shopper can begin at once; a phone's keyboard stays down until it is wanted. */
  focus() {
    if (matchMedia("(pointer: coarse)").matches) this.element.focus({ preventScroll: true });
    else this.composer.focus();
  }

  /** @param {State} state @param {State} before */
  update(state, before) {
    const opened = state.open && this.element.hidden;
    this.element.hidden = !state.open;
    this.header.update(state);
    this.composer.update(state);
    this.log.update(state, before);
    if (opened) {
      this.composer.fit();
      this.log.scrollToEnd();
    }
  }
}
