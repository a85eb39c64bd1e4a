// Products, tickets, suggestions, the source of an answer, the way to a person, and the wish for a picture.

import { icon } from "../../../static/icons.js";
import { h } from "../dom.js";
import { prose } from "../prose.js";
import { isoMoment, waiting } from "../times.js";
import { lastHandoff } from "../../state/transcript.js";
import { card, detail, fact, tapRows } from "./parts.js";

/**
 * @import {ChatMessage, HandoffNotice, KnowledgeSource, ProductCards, ProductItem, State, Suggestions, TicketCard} from "../../state/types.js"
 * @import {Translate} from "../../messages/index.js"
 * @import {CardContext, CardView} from "./parts.js"
 */

const OWN_WORDS = ["bot_down", "unknown_outcome"];

/** @param {ProductCards} products @param {CardContext} context @returns {CardView} */
export function productCards(products, context) {
  return { element: card("products", h("ul", { class: "products" }, ...products.items.map((item) => h("li", {}, product(item, context))))) };
}

/** @param {ProductItem & {image?: string}} item @param {CardContext} context */
function product(item, { chat, t }) {
  const url = item.url ? pageUrl(item.url, chat.options.server) : null;
  const picture = item.image ? h("img", { src: new URL(item.image, chat.options.server).href, alt: "", width: 56, height: 56, loading: "lazy" }) : null;
  const text = h(
    "span",
    { class: "product-text" },
    h("span", { class: "product-name" }, item.name),
    item.why ? h("span", { class: "product-why" }, item.why) : null,
    item.summary ? h("span", { class: "detail clamp" }, item.summary) : null,
    h("span", { class: "product-line numbers" }, h("strong", {}, `¥${item.price}`), h("span", { class: "detail" }, item.stock_text ?? "")),
  );
  if (!url) return h("div", { class: "product" }, picture, text);
  return h("a", { class: "product", href: url, title: t("product.view") }, picture, text, icon("chevron-right"));
}

/** Only addresses of the web, seen from the server's place. @param {string} url @param {string} server */
function pageUrl(url, server) {
  const full = new URL(url, server);
  return full.protocol === "https:" || full.protocol === "http:" ? full.href : null;
}

/** @param {TicketCard} ticket @param {CardContext} context @returns {CardView} */
export function ticketCard(ticket, { t }) {
  const promised = ticket.promised_at ? t("ticket.promised", { time: isoMoment(ticket.promised_at, Date.now(), t) }) : undefined;
  const element = card(
    "ticket",
    fact("clipboard-list", ticket.status_text ?? t("ticket.number", { id: ticket.ticket_no }), promised),
    detail(t("ticket.number", { id: ticket.ticket_no }), ticket.class_text),
  );
  return { element };
}

/** @param {KnowledgeSource} source @param {CardContext} context @returns {CardView} */
export function knowledgeSource(source, { t }) {
  const text = t("source.text", { title: source.title });
  return { element: h("p", { class: "source", "data-testid": "card", "data-card": "knowledge" }, icon("book-open"), text) };
}

/** @param {Suggestions} suggestions @param {ChatMessage} message @param {CardContext} context @returns {CardView} */
export function suggestionRows(suggestions, message, context) {
  const rows = suggestions.items.map((item) => ({ title: [item.title], payload: item.payload, name: item.title }));
  const tapped = tapRows(rows, message, context);
  return { ...tapped, element: card("suggestions", tapped.element) };
}

/** The newest notice follows the queue, older ones only say that it is over. @param {HandoffNotice} notice @param {ChatMessage} message
 * @param {CardContext} context @returns {CardView} */
export function handoffNotice(notice, message, { t }) {
  const title = h("strong", {});
  const place = h("p", { class: "place numbers" });
  const ownWords = OWN_WORDS.includes(notice.reason ?? "");
  const more = ownWords ? prose(message.text, { bot: false, t }) : h("p", { class: "detail" }, t("handoff.stay"));
  const element = h("div", { class: "card card-handoff", "data-testid": "handoff" }, h("div", { class: "fact" }, icon("headset"), title), place, more);
  return {
    element,
    update(state) {
      const newest = lastHandoff(state.messages)?.key === message.key;
      const waits = newest && state.owner === "queue";
      title.textContent = titleOf(state, newest, t);
      place.textContent = waits ? placeText(state, t) : "";
      place.hidden = !place.textContent;
      more.hidden = !waits && !ownWords;
    },
  };
}

/** @param {State} state @param {boolean} newest @param {Translate} t */
function titleOf(state, newest, t) {
  if (!newest || state.owner === "bot" || state.owner === "closed") return t("handoff.over");
  if (state.owner === "queue") return t("handoff.title");
  return state.agent ? t("handoff.there", { name: state.agent }) : t("handoff.there_unnamed");
}

/** @param {State} state @param {Translate} t */
function placeText(state, t) {
  const place = state.position === null ? null : t("handoff.place", { n: state.position });
  const wait = waiting(state.etaSeconds, t);
  return [place, wait && t("handoff.wait", { wait })].filter(Boolean).join(" · ");
}

/** @param {ChatMessage} message @param {CardContext} context @returns {CardView} */
export function uploadRequest(message, { t, pickFile }) {
  const button = h("button", { type: "button", class: "card-button", onclick: pickFile }, icon("image"), t("upload.choose"));
  return { element: card("upload", message.text ? null : h("p", {}, t("upload.text")), button) };
}
