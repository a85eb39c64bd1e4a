/** The conversation: messages in order, grouped by speaker and minute. It stays at its end while the agent is there, else it says what came. */

import { openChat, openRow } from "../state/select.js";
import { t } from "../i18n.js";
import { el, fill, follow, setText, show } from "./dom.js";
import { messageKey, messageState, messageView } from "./message.js";

/** @typedef {import("../state/types.js").State} State */
/** @typedef {import("../state/types.js").Message} Message */

const MINUTE_MS = 60_000;
const NEAR_END_PX = 60;

/** @param {import("../desk.js").Desk} desk */
export function createTranscript(desk) {
  const messages = el("div", { class: "messages" });
  const typing = el("p", { class: "typing", "aria-live": "polite" });
  const state = el("div", { class: "transcript-state" });
  const log = el("div", { class: "transcript", role: "log", tabindex: "0", "aria-label": t("chat.label"), "data-testid": "transcript", onscroll: scrolled }, el("div", { class: "readable" }, state, messages, typing));
  const below = el("button", { type: "button", class: "button button-below", onclick: toEnd });
  const element = el("div", { class: "transcript-frame" }, log, below);
  let conversation = "";
  let atEnd = true;
  let unseen = 0;
  let typingUntil = 0;

  /** @param {State} desk_state @param {number} now */
  function update(desk_state, now) {
    const chat = openChat(desk_state);
    const row = openRow(desk_state);
    if (!chat || !row) return;
    const isOther = row.conversation !== conversation;
    if (isOther) {
      conversation = row.conversation;
      atEnd = true;
      unseen = 0;
      fill(messages);
    }
    const before = messages.childElementCount;
    draw(chat.messages, row.conversation, now + row.shiftMs);
    drawState(chat);
    typingUntil = chat.typingUntil;
    tick(now);
    settle(isOther ? 0 : messages.childElementCount - before, chat.messages.at(-1)?.from === "agent");
  }

  /** @param {Message[]} list @param {string} where @param {number} now */
  function draw(list, where, now) {
    const sendAgain = (/** @type {Message} */ message) => desk.sendAgain(where, message);
    const leads = list.map((message, at) => startsGroup(list[at - 1], message));
    follow(
      messages,
      list.map((message, at) => ({ message, leads: leads[at] ?? true })),
      ({ message }) => messageKey(message),
      () => el("div", { class: "message-slot" }),
      (slot, { message, leads: isFirst }) => {
        const wanted = messageState(message, isFirst);
        if (slot.dataset.state === wanted) return;
        slot.dataset.state = wanted;
        fill(slot, messageView(message, { leads: isFirst, now, sendAgain }));
      },
    );
  }

  /** @param {import("../state/types.js").Chat} chat */
  function drawState(chat) {
    const name = chat.status === "failed" ? "failed" : chat.status === "loading" && chat.messages.length === 0 ? "loading" : chat.messages.length === 0 ? "empty" : "";
    if (state.dataset.state === name) return;
    state.dataset.state = name;
    if (name === "failed") fill(state, el("p", {}, t("chat.failed") + (chat.failure?.text ?? "")), el("button", { type: "button", class: "button", onclick: desk.reload }, t("retry")));
    else if (name === "loading") fill(state, ...[60, 40, 70].map((width) => el("div", { class: `skeleton message-skeleton width-${width}`, "aria-hidden": "true" })));
    else if (name === "empty") fill(state, el("p", { class: "muted" }, t("chat.empty")));
    else fill(state);
  }

  /** @param {number} now */
  function tick(now) {
    setText(typing, typingUntil > now ? t("chat.typing") : "");
  }

  /** @param {number} added @param {boolean} isOwn */
  function settle(added, isOwn) {
    if (atEnd || (isOwn && added > 0)) toEnd();
    else unseen += Math.max(0, added);
    drawBelow();
  }

  function toEnd() {
    log.scrollTop = log.scrollHeight;
    scrolled();
  }

  function scrolled() {
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END_PX;
    if (atEnd) unseen = 0;
    drawBelow();
  }

  function drawBelow() {
    show(below, unseen > 0);
    setText(below, t("chat.new", { count: unseen }));
  }

  new ResizeObserver(() => atEnd && toEnd()).observe(log);
  show(below, false);
  return { element, update, tick, focus: () => log.focus() };
}

/** @param {Message | undefined} before @param {Message} message */
function startsGroup(before, message) {
  if (!before) return true;
  const minute = (/** @type {Message} */ one) => Math.floor(one.at / MINUTE_MS);
  return before.from !== message.from || before.name !== message.name || before.isPrivate !== message.isPrivate || minute(before) !== minute(message);
}
