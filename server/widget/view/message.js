// One message as an article: caption, bubble, card, time, and how its delivery stands.

import { icon } from "../../static/icons.js";
import { cardOf, holdsText } from "./cards/index.js";
import { h } from "./dom.js";
import { picture } from "./picture.js";
import { prose } from "./prose.js";
import { clock, moment } from "./times.js";

/**
 * @import {ChatMessage, State} from "../state/types.js"
 * @import {Placed} from "../state/transcript.js"
 * @import {MessageKey, Translate} from "../messages/index.js"
 * @import {CardContext} from "./cards/parts.js"
 *
 * @typedef {{element: HTMLElement, update?: (state: State) => void}} MessageView
 */

const FINAL = new Set(["conflict", "too_large", "forbidden", "unsupported"]);
const WITH_REASON = new Set(["conflict", "too_large", "forbidden", "unsupported", "rate_limited", "unavailable"]);

/** @param {Placed} placed @param {CardContext} context @returns {MessageView} */
export function messageView({ message, first, last }, context) {
  const { t } = context;
  const card = cardOf(message, context);
  const text = message.text && !message.image && !(card && holdsText(message)) ? bubble(message, context) : null;
  const caption = first && (message.from === "bot" || message.from === "agent") ? h("p", { class: "caption", "aria-hidden": "true" }, who(message, t)) : null;
  const id = `m-${message.key}`;
  const label = h("span", { class: "hidden", id: `${id}-who` }, t("message.label", { who: who(message, t), time: moment(message.time, Date.now(), t) }));
  const body = h(
    "div",
    { class: "body", id: `${id}-body` },
    text,
    message.image ? picture(message.image, context) : null,
    card?.element,
    h("time", { class: "at numbers", "aria-hidden": "true" }, clock(message.time)),
  );
  const element = h(
    "article",
    {
      class: ["message", `from-${message.from}`, first && "first", last && "last", bare(message) && "bare"].filter(Boolean).join(" "),
      "data-testid": "message",
      "data-from": message.from,
      "data-seq": message.seq,
      "data-delivery": message.delivery,
      "aria-labelledby": `${id}-who ${id}-body`,
      tabindex: -1,
    },
    label,
    caption,
    body,
    delivery(message, context),
  );
  return { element, update: card?.update };
}

/** @param {ChatMessage} message @param {CardContext} context */
function bubble(message, { t }) {
  return h("div", { class: "bubble" }, prose(message.text, { bot: message.from === "bot", t }));
}

/** A line without a bubble of its own, close to the one above. @param {ChatMessage} message */
function bare(message) {
  return message.custom?.type === "knowledge" && !message.text;
}

/** @param {ChatMessage} message @param {Translate} t */
export function who(message, t) {
  switch (message.from) {
    case "shopper":
      return t("message.you");
    case "bot":
      return t("message.bot");
    case "agent":
      return message.name ? t("message.agent", { name: message.name }) : t("owner.agent_unnamed");
    case "system":
      return t("message.system");
    default:
      throw new Error(`no such author: ${/** @type {unknown} */ (message.from)}`);
  }
}

/** @param {ChatMessage} message @param {CardContext} context */
function delivery(message, { chat, t }) {
  if (message.delivery === "sent") return null;
  if (message.delivery !== "failed") return h("p", { class: "delivery pending" }, t(message.delivery === "uploading" ? "message.uploading" : "message.sending"));
  const code = message.error ?? "other";
  const reason = t(/** @type {MessageKey} */ (`error.${WITH_REASON.has(code) ? code : "other"}`));
  const again = h("button", { type: "button", class: "again", onclick: () => message.id && chat.sendAgain(message.id) }, t("message.send_again"));
  return h("p", { class: "delivery failed" }, icon("circle-alert"), h("span", {}, t("message.failed", { reason })), FINAL.has(code) ? null : again);
}
