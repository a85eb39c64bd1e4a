// Which card is shown for `custom.type` (docs/design.md: Cards).

import { knowledgeSource, handoffNotice, productCards, suggestionRows, ticketCard, uploadRequest } from "./others.js";
import { orderCard, orderList } from "./orders.js";
import { parcelCard, refundCard } from "./progress.js";
import { ratingCard } from "./rating.js";

/**
 * @import {ChatMessage} from "../../state/types.js"
 * @import {CardContext, CardView} from "./parts.js"
 */

/** Cards that show the text of their message themselves. @param {ChatMessage} message */
export function holdsText(message) {
  return message.custom?.type === "handoff" || message.custom?.type === "rating_request";
}

/** The card of a message; null for one without, or with one that only newer widgets know. @param {ChatMessage} message
 * @param {CardContext} context @returns {CardView|null} */
export function cardOf(message, context) {
  const custom = message.custom;
  switch (custom?.type) {
    case "order_list":
      return orderList(custom, message, context);
    case "order_card":
      return orderCard(custom, context);
    case "parcel_card":
      return parcelCard(custom, context);
    case "refund_card":
      return refundCard(custom, context);
    case "product_cards":
      return productCards(custom, context);
    case "ticket_card":
      return ticketCard(custom, context);
    case "knowledge":
      return knowledgeSource(custom, context);
    case "suggestions":
      return suggestionRows(custom, message, context);
    case "handoff":
      return handoffNotice(custom, message, context);
    case "rating_request":
      return ratingCard(message, context);
    case "upload_request":
      return uploadRequest(message, context);
    default:
      return null;
  }
}
