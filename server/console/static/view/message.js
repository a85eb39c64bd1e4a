/** One message of the transcript. Shopper left; bot, agent and notes right; the system in the middle. */

import { t } from "../i18n.js";
import { clockTime, dayTime } from "../times.js";
import { cardView } from "./cards.js";
import { el, smallIcon } from "./dom.js";
import { parseText } from "./words.js";

/** @typedef {import("../state/types.js").Message} Message */

const LONG_CHARS = 400;

/** Key of what is shown: a message is drawn again when this changes. @param {Message} message @param {boolean} leads */
export function messageState(message, leads) {
  return [message.state, leads, message.seq, message.parse ? parseText(message.parse) : ""].join("|");
}

/** @param {Message} message */
export function messageKey(message) {
  return message.id !== "" ? `${message.from}:${message.id}` : `seq:${message.seq}`;
}

/**
 * @param {Message} message
 * @param {object} about
 * @param {boolean} about.leads the first of its speaker and minute
 * @param {number} about.now the conversation's own time
 * @param {(message: Message) => void} about.sendAgain
 * @returns {HTMLElement}
 */
export function messageView(message, { leads, now, sendAgain }) {
  const who = speaker(message);
  const element = el(
    "article",
    { class: `message from-${message.from}${message.isPrivate ? " is-private" : ""}${leads ? " leads" : ""} is-${message.state}`, "aria-label": t("message.said", { who, time: dayTime(message.at, now) }) },
    leads && message.from !== "system" && head(message, who, now),
    message.text !== "" && bubble(message.text),
    message.image !== "" && el("img", { class: "message-image", src: message.image, alt: t("message.image"), loading: "lazy" }),
    message.card && cardView(message.card, now),
    message.buttons.length > 0 && el("p", { class: "message-options" }, el("span", { class: "visually-hidden" }, t("message.options")), ...message.buttons.map((title) => el("span", {}, title))),
    foot(message, sendAgain),
  );
  return element;
}

/** @param {Message} message */
function speaker(message) {
  const name = message.name !== "" && message.from === "agent" ? message.name : t(`from.${message.from}`);
  return message.isPrivate ? name + t("join") + t("message.private") : name;
}

/** @param {Message} message @param {string} who @param {number} now */
function head(message, who, now) {
  const isToday = new Date(message.at).toDateString() === new Date(now).toDateString();
  return el(
    "p",
    { class: "message-head" },
    message.isPrivate && smallIcon("lock"),
    who,
    el("time", { datetime: new Date(message.at).toISOString() }, isToday ? clockTime(message.at) : dayTime(message.at, now)),
  );
}

/** @param {string} text */
function bubble(text) {
  if (text.length <= LONG_CHARS) return el("p", { class: "bubble" }, text);
  const body = el("p", { class: "bubble clamp-6" }, text);
  const more = el("button", { type: "button", class: "link", onclick: () => (body.classList.remove("clamp-6"), more.remove()) }, t("message.fold"));
  return el("div", { class: "bubble-long" }, body, more);
}

/** @param {Message} message @param {(message: Message) => void} sendAgain */
function foot(message, sendAgain) {
  if (message.state === "sending") return el("p", { class: "message-foot" }, t("message.sending"));
  if (message.state === "failed") {
    return el(
      "p",
      { class: "message-foot message-failed" },
      smallIcon("circle-alert"),
      t("message.failed"),
      el("button", { type: "button", class: "link", onclick: () => sendAgain(message) }, t("message.again")),
    );
  }
  return message.from === "shopper" && message.parse ? el("p", { class: "message-foot numbers" }, parseText(message.parse)) : null;
}
