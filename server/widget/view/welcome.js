// The first screen: one sentence, the product or order the shopper comes from, up to five questions that are asked often.

import { orderCard } from "./cards/orders.js";
import { productCards } from "./cards/others.js";
import { h, setText } from "./dom.js";
import { isoMoment } from "./times.js";

/**
 * @import {ProductCards, State} from "../state/types.js"
 * @import {CardContext} from "./cards/parts.js"
 */

const MOST_HOT = 5;

/** The page that is shown needs no way to itself. @param {ProductCards} products @returns {ProductCards} */
function unlinked(products) {
  return { ...products, items: products.items.map((item) => ({ ...item, url: null })) };
}

/** @param {CardContext} context */
export function welcomeView(context) {
  const { t, chat } = context;
  const sentence = h("div", { class: "bubble" });
  const desk = h("p", { class: "detail", hidden: true });
  const subject = h("div", { class: "subject", "data-empty": true });
  const hotName = h("p", { class: "caption" }, t("welcome.hot"));
  const chips = h("div", { class: "chips" });
  const hot = h("div", { class: "hot", role: "group", "aria-label": t("welcome.hot"), hidden: true }, hotName, chips);
  const element = h("div", { class: "welcome" }, sentence, desk, subject, hot);
  /** @type {State|null} */
  let seen = null;

  /** @param {State} state */
  function showSubject({ subject: card }) {
    const order = card?.type === "order_card";
    const view = !card ? null : order ? orderCard(card, context) : productCards(unlinked(card), context);
    const caption = h("p", { class: "caption" }, t(order ? "welcome.subject_order" : "welcome.subject_product"));
    subject.replaceChildren(...(view ? [caption, view.element] : []));
    subject.toggleAttribute("data-empty", view === null);
  }

  /** @param {State} state */
  function showHot(state) {
    chips.replaceChildren(
      ...state.hot
        .slice(0, MOST_HOT)
        .map((title) => h("button", { type: "button", class: "chip", "data-testid": "chip", onclick: () => chat.say(title) }, title)),
    );
  }

  return {
    element,
    /** Stands here on the first screen; in a conversation that goes on the log puts it below the last message. */
    subject,
    backHere: () => hot.before(subject),
    /** @param {State} state */
    update(state) {
      setText(sentence, t("welcome.text", { shop: state.shop ?? t("welcome.shop") }));
      if (state.subject !== seen?.subject) showSubject(state);
      if (state.hot !== seen?.hot) showHot(state);
      hot.hidden = state.hot.length === 0 || state.messages.length > 0;
      const opens = state.desk && !state.desk.open ? state.desk.opens_at : null;
      desk.hidden = !opens;
      setText(desk, opens ? t("welcome.desk_closed", { time: isoMoment(opens, Date.now(), t) }) : "");
      seen = state;
    },
  };
}
