// Orders: one to read, or a list of which one is tapped.

import { h } from "../dom.js";
import { isoMoment } from "../times.js";
import { card, detail, fact, tapRows } from "./parts.js";

/**
 * @import {ChatMessage, OrderCard, OrderItem, OrderList} from "../../state/types.js"
 * @import {Translate} from "../../messages/index.js"
 * @import {CardContext, CardView} from "./parts.js"
 */

/** @param {OrderCard} order @param {CardContext} context @returns {CardView} */
export function orderCard(order, { t }) {
  const paid = order.paid_at ? t("order.paid_at", { time: isoMoment(order.paid_at, Date.now(), t) }) : null;
  const element = card(
    "order",
    fact("shopping-bag", order.status_text, order.amount ? t("order.amount", { amount: order.amount }) : undefined),
    h("ul", { class: "items" }, ...(order.items ?? []).map(item)),
    detail(t("order.number", { id: order.order_id }), paid),
    order.note ? h("p", { class: "detail" }, order.note) : null,
  );
  return { element };
}

/** @param {OrderList} list @param {ChatMessage} message @param {CardContext} context @returns {CardView} */
export function orderList(list, message, context) {
  const rows = list.items.map((order) => ({
    title: [h("span", { class: "tap-main" }, about(order, context.t)), h("span", { class: "detail numbers" }, summary(order, context.t))],
    payload: order.payload,
    name: order.order_id,
  }));
  const tapped = tapRows(rows, message, context);
  return { ...tapped, element: card("order-list", list.title ? h("p", { class: "card-title" }, list.title) : null, tapped.element) };
}

/** @param {OrderItem} item */
function item({ name, option, quantity, price }) {
  const more = [option === "默认" ? null : option, quantity && quantity > 1 ? `×${quantity}` : null].filter(Boolean).join(" ");
  return h("li", {}, h("span", {}, name, more ? h("span", { class: "detail" }, ` ${more}`) : null), price ? h("span", { class: "numbers" }, `¥${price}`) : null);
}

/** @param {OrderCard} order @param {Translate} t */
function about({ order_id, items = [] }, t) {
  const first = items[0]?.name ?? t("order.number", { id: order_id });
  return items.length > 1 ? `${first} ${t("order.more", { n: items.length })}` : first;
}

/** @param {OrderCard} order @param {Translate} t */
function summary(order, t) {
  const option = order.items?.length === 1 && order.items[0]?.option !== "默认" ? order.items[0]?.option : null;
  const day = order.paid_at ? isoMoment(order.paid_at, Date.now(), t) : null;
  return [order.status_text, order.amount && `¥${order.amount}`, option, day].filter(Boolean).join(" · ");
}
