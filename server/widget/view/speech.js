// What is read out when something arrives; a card without words gives its one fact.

import { who } from "./message.js";

/**
 * @import {ChatMessage} from "../state/types.js"
 * @import {Translate} from "../messages/index.js"
 */

/** @param {ChatMessage} message @param {Translate} t @returns {string|null} null for what adds nothing to the words before it */
export function spoken(message, t) {
  const text = message.text || cardWords(message);
  return text ? t("message.spoken", { who: who(message, t), text }) : null;
}

/** @param {ChatMessage} message */
function cardWords({ custom }) {
  switch (custom?.type) {
    case "order_card":
    case "parcel_card":
    case "refund_card":
    case "ticket_card":
      return custom.status_text ?? "";
    case "order_list":
      return custom.title ?? "";
    case "product_cards":
      return custom.items.map((item) => item.name).join("，");
    case "suggestions":
      return custom.items.map((item) => item.title).join("，");
    default:
      return "";
  }
}
