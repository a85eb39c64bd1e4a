/** Cards of docs/design.md as an agent reads them: one fact first, then detail. Used in the transcript and beside it. */

import { language, nameOf, t } from "../i18n.js";
import { dayTime } from "../times.js";
import { el, smallIcon } from "./dom.js";

/** @typedef {import("../state/types.js").Card} Card */

/**
 * @param {Card} card
 * @param {number} now the conversation's own time
 * @returns {HTMLElement | null} null for a card that adds nothing to its text
 */
export function cardView(card, now) {
  switch (card.type) {
    case "order_card":
      return orderCard(card, now);
    case "parcel_card":
      return parcelCard(card, now);
    case "refund_card":
      return refundCard(card, now);
    case "ticket_card":
      return ticketCard(card);
    case "order_list":
      return listCard(t("card.list", { count: items(card).length }), items(card).map((order) => `${order.order_id} ${order.status_text ?? ""}`));
    case "product_cards":
      return listCard(t("card.products", { count: items(card).length }), items(card).map((product) => `${product.name} ${money(product.price)}`));
    case "suggestions":
      return listCard(t("card.suggestions"), items(card).map((item) => String(item.title)));
    case "knowledge":
      return el("p", { class: "card-source" }, smallIcon("book-open"), t("card.knowledge", { title: String(card.title ?? card.article ?? "") }));
    default:
      return null;
  }
}

/** @param {Card} card @param {number} now */
function orderCard(card, now) {
  const first = items(card)[0];
  const more = items(card).length - 1;
  return frame(
    fact(String(card.status_text ?? card.status), money(card.amount)),
    first && line(t("card.times", { name: String(first.name), quantity: Number(first.quantity) || 1 }), [first.option, more > 0 ? t("card.more", { count: more }) : ""]),
    line(copyable(String(card.order_id)), [when(card.paid_at, now)]),
  );
}

/** @param {Card} card @param {number} now */
function parcelCard(card, now) {
  const scan = Array.isArray(card.scans) ? card.scans[0] : null;
  return frame(
    fact(String(card.status_text ?? card.status), card.eta ? t("card.eta", { time: shortDay(String(card.eta)) }) : ""),
    scan && el("p", { class: "card-line clamp-2" }, scan.time ? `${when(scan.time, now)} ` : "", String(scan.text)),
    line(copyable(String(card.tracking_no)), [card.courier]),
  );
}

/** @param {Card} card @param {number} now */
function refundCard(card, now) {
  const steps = Array.isArray(card.steps) ? card.steps : [];
  const coming = steps.find((step) => !step.done);
  const last = steps.filter((step) => step.done).at(-1);
  return frame(
    fact(String(card.status_text ?? card.status), money(card.amount)),
    coming && el("p", { class: "card-line clamp-2" }, t("card.next", { step: String(coming.text) })),
    line(copyable(String(card.aftersale_id ?? card.order_id)), last ? [last.text, when(last.time, now)] : []),
  );
}

/** @param {Card} card */
export function ticketCard(card) {
  return frame(
    fact(String(card.status_text ?? card.status), String(card.class_text ?? nameOf("class", String(card.class ?? "")))),
    line(copyable(String(card.ticket_no)), [card.promised_at ? t("card.promised", { time: String(card.promised_at).slice(5) }) : ""]),
  );
}

/** @param {string} title @param {string[]} lines */
function listCard(title, lines) {
  return frame(el("p", { class: "card-line muted" }, title), ...lines.map((text) => el("p", { class: "card-line" }, text)));
}

/** @param {...(Node | null | false | undefined)} parts */
function frame(...parts) {
  return el("div", { class: "mini" }, ...parts);
}

/** @param {string} main @param {string} beside */
function fact(main, beside) {
  return el("p", { class: "card-fact" }, el("strong", {}, main), el("span", { class: "numbers" }, beside));
}

/** @param {Node | string} main @param {unknown[]} beside */
function line(main, beside) {
  return el("p", { class: "card-line" }, el("span", { class: "card-main" }, main), el("span", { class: "muted numbers" }, beside.filter(Boolean).map(String).join(t("join"))));
}

/** A number that a click copies. @param {string} value */
export function copyable(value) {
  const button = el("button", { type: "button", class: "copy numbers", title: t("copy", { text: value }) }, value);
  button.addEventListener("click", async () => {
    await navigator.clipboard?.writeText(value).catch(() => {});
    button.dispatchEvent(new CustomEvent("desk-said", { bubbles: true, detail: t("copied") }));
  });
  return button;
}

/** @param {Card} card @returns {Record<string, any>[]} */
const items = (card) => (Array.isArray(card.items) ? card.items : []);

/** @param {unknown} value */
function money(value) {
  const amount = Number(value);
  if (value === null || value === undefined || Number.isNaN(amount)) return "";
  return new Intl.NumberFormat(language(), { style: "currency", currency: "CNY", currencyDisplay: "narrowSymbol" }).format(amount);
}

/** @param {unknown} value ISO time, or text that is ready to show @param {number} now */
function when(value, now) {
  const at = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? String(value ?? "") : dayTime(at, now);
}

/** 2026-11-23 → 11-23; anything else as it is. @param {string} day */
const shortDay = (day) => day.replace(/^\d{4}-(\d{2}-\d{2}).*$/, "$1");
