// Who is speaking now, the way to a person, and the news that the network is gone.

import { icon } from "../../static/icons.js";
import { h, setAttribute, setText } from "./dom.js";
import { waiting } from "./times.js";

/**
 * @import {State} from "../state/types.js"
 * @import {Translate} from "../messages/index.js"
 * @import {IconName} from "../../static/icons.js"
 * @import {Chat} from "../chat.js"
 */

/** Who holds the conversation, in one line. @param {State} state @param {Translate} t */
export function holder(state, t) {
  switch (state.owner) {
    case "bot":
      return t("owner.bot");
    case "agent":
      return state.agent ? t("owner.agent", { name: state.agent }) : t("owner.agent_unnamed");
    case "queue": {
      const wait = waiting(state.etaSeconds, t);
      return state.position === null || !wait ? t("owner.queue_short") : t("owner.queue", { n: state.position, wait });
    }
    case "closed":
      return t("owner.closed");
    default:
      throw new Error(`no such owner: ${/** @type {unknown} */ (state.owner)}`);
  }
}

/** @type {Record<State["owner"], IconName>} */
const ICONS = { bot: "bot", queue: "clock", agent: "headset", closed: "check" };

export class Header {
  /** @param {Chat} chat @param {Translate} t @param {() => void} onClose */
  constructor(chat, t, onClose) {
    this.t = t;
    this.shop = h("h2", { class: "shop", id: "zhanggui-shop" });
    this.holder = h("p", { class: "holder numbers", "data-testid": "holder" });
    this.face = h("span", { class: "face" });
    this.human = h("button", { type: "button", class: "human", "data-testid": "human", onclick: () => chat.requestHuman(t("human.said")) }, icon("headset"), h("span"));
    const close = h("button", { type: "button", class: "quiet-icon", "aria-label": t("panel.close"), title: t("panel.close"), "data-testid": "close", onclick: onClose }, icon("x"));
    this.retry = h("button", { type: "button", class: "retry", onclick: () => chat.wake() }, t("link.retry"));
    this.banner = h("div", { class: "banner", role: "status", hidden: true, "data-testid": "offline" }, icon("wifi-off"), h("span", {}, t("link.offline")), this.retry);
    this.element = h("div", { class: "head" }, this.face, h("div", { class: "who" }, this.shop, this.holder), this.human, close);
    /** @type {string} */
    this.shownFace = "";
  }

  /** @param {State} state */
  update(state) {
    const { t } = this;
    setText(this.shop, state.shop ?? t("panel.shop"));
    setText(this.holder, state.link === "connecting" && state.session === null ? t("link.connecting") : holder(state, t));
    if (this.shownFace !== state.owner) {
      this.shownFace = state.owner;
      this.face.replaceChildren(icon(ICONS[state.owner]));
      setAttribute(this.face, "data-owner", state.owner);
    }
    const label = state.owner === "queue" ? "human.waiting" : state.owner === "agent" ? "human.there" : "human.ask";
    setText(/** @type {Element} */ (this.human.lastElementChild), t(label));
    this.human.disabled = label !== "human.ask";
    this.banner.hidden = state.link !== "offline";
  }
}
