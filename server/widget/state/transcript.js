// Messages of a chat: made from what arrives and what is said, kept in order, and seen in groups.

/** @import {ChatMessage, MessageEvent, Outgoing} from "./types.js" */

const GROUP_MS = 60_000;
const PAUSE_MS = 5 * 60_000;

/** @param {MessageEvent} event @param {number} now @returns {ChatMessage} */
export function fromServer(event, now) {
  const time = event.time ? Date.parse(event.time) : NaN;
  return {
    key: event.id && event.from === "shopper" ? `i${event.id}` : `s${event.seq}`,
    seq: event.seq,
    rank: event.seq,
    id: event.id ?? null,
    from: event.from,
    name: event.name ?? null,
    time: Number.isNaN(time) ? now : time,
    text: event.text ?? "",
    buttons: event.buttons ?? [],
    image: event.image ?? null,
    custom: event.custom ?? null,
    delivery: "sent",
    error: null,
    outgoing: null,
  };
}

/** @param {Outgoing} outgoing @param {number} now @returns {ChatMessage} */
export function said(outgoing, now) {
  return {
    key: `i${outgoing.id}`,
    seq: null,
    rank: Infinity,
    id: outgoing.id,
    from: "shopper",
    name: null,
    time: now,
    text: words(outgoing),
    buttons: [],
    image: null,
    custom: null,
    delivery: "sending",
    error: null,
    outgoing,
  };
}

/** @param {Outgoing} outgoing */
function words(outgoing) {
  switch (outgoing.type) {
    case "message":
    case "button":
    case "upload":
    case "request_human":
      return outgoing.text;
    case "rating":
      return `${"★".repeat(outgoing.stars)} ${outgoing.text}`.trim();
    default:
      throw new Error(`no such message: ${JSON.stringify(/** @type {unknown} */ (outgoing))}`);
  }
}

/** The messages with this one in its place: instead of the one with its key, by number, without a number last.
 * @param {ChatMessage[]} messages @param {ChatMessage} message @returns {ChatMessage[]} */
export function place(messages, message) {
  const known = messages.find((other) => other.key === message.key);
  const merged = known ? merge(known, message) : message;
  const rest = known ? messages.filter((other) => other !== known) : messages;
  const at = rest.findIndex((other) => other.rank > merged.rank);
  return at < 0 ? [...rest, merged] : [...rest.slice(0, at), merged, ...rest.slice(at)];
}

/** A picture that is shown already is not fetched again; words the server gives replace ours.
 * @param {ChatMessage} known @param {ChatMessage} arrived @returns {ChatMessage} */
function merge(known, arrived) {
  return { ...arrived, image: known.image ?? arrived.image, text: arrived.text || known.text };
}

/**
 * @typedef {{message: ChatMessage, first: boolean, last: boolean, newDay: boolean, pause: boolean}} Placed
 *   `first` and `last` within a run of one speaker and about a minute; `pause` when the time is to be shown above.
 */

/** @param {ChatMessage[]} messages @returns {Placed[]} */
export function grouped(messages) {
  return messages.map((message, i) => {
    const before = messages[i - 1];
    const after = messages[i + 1];
    const newDay = !before || !sameDay(before.time, message.time);
    return {
      message,
      first: !before || !together(before, message),
      last: !after || !together(message, after),
      newDay,
      pause: newDay || (before !== undefined && message.time - before.time > PAUSE_MS),
    };
  });
}

/** @param {ChatMessage} a @param {ChatMessage} b */
function together(a, b) {
  return a.from === b.from && a.name === b.name && a.from !== "system" && b.time - a.time < GROUP_MS;
}

/** @param {number} a @param {number} b */
function sameDay(a, b) {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** The last message of the shopper that is, or may be, with the server; -1 when there is none. @param {ChatMessage[]} messages */
export function lastSaid(messages) {
  return messages.findLastIndex((message) => message.from === "shopper" && message.delivery !== "failed");
}

/** Quick replies of the latest answer: those after the last words of the shopper. @param {ChatMessage[]} messages */
export function quickReplies(messages) {
  return messages.slice(lastSaid(messages) + 1).flatMap((message) => message.buttons);
}

/** Whether stars are asked for and neither given nor passed over by writing on. @param {ChatMessage[]} messages */
export function ratingAsked(messages) {
  return messages.slice(lastSaid(messages) + 1).some((message) => message.custom?.type === "rating_request");
}

/** The newest hand-off notice, which alone shows the place in the queue. @param {ChatMessage[]} messages */
export function lastHandoff(messages) {
  return messages.findLast((message) => message.custom?.type === "handoff") ?? null;
}

/** How many messages nobody has seen yet. @param {{open: boolean, readSeq: number, messages: ChatMessage[]}} state */
export function unread({ open, readSeq, messages }) {
  return open ? 0 : messages.filter((message) => message.from !== "shopper" && (message.seq ?? 0) > readSeq).length;
}
