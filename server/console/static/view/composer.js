/** Where the agent writes: the suggested reply above, the input, who reads it, and sending. For a waiting chat there is one button: accept. */

import { isMine, openChat, openRow } from "../state/select.js";
import { t } from "../i18n.js";
import { ALT_KEY, SEND_KEYS, el, keys, setAttribute, setText, show } from "./dom.js";

/** @typedef {import("../state/types.js").State} State */

const LINE_PX = 22;
const MOST_LINES = 7;
const isPhone = matchMedia("(max-width: 639px)");

/** @param {import("../desk.js").Desk} desk @param {import("../state/store.js").Store} store */
export function createComposer(desk, store) {
  const suggestion = el("span", { class: "suggest-text clamp-3" });
  const suggest = el(
    "button",
    { type: "button", class: "suggest", "data-testid": "suggested-reply", onclick: takeSuggestion },
    el("span", { class: "suggest-head" }, el("span", {}, t("suggest.label")), el("span", { class: "suggest-keys" }, keys("Tab"), t("suggest.or"), keys(ALT_KEY, "↵"), t("suggest.take"))),
    suggestion,
  );
  const input = el("textarea", { class: "reply-input", rows: "2", "data-testid": "reply-input", oninput: typed, onkeydown: pressed });
  const modes = { reply: mode("reply", false), note: mode("note", true) };
  const send = el("button", { type: "button", class: "button button-accent reply-send", "data-testid": "reply-send", onclick: desk.send });
  const sendText = el("span", {});
  send.append(sendText, keys(...SEND_KEYS));
  const accept = el("button", { type: "button", class: "button button-accent accept", "data-testid": "accept", "aria-keyshortcuts": "A", onclick: () => desk.accept() }, t("act.accept"), keys("A"));
  const waitText = el("p", { class: "secondary" });
  const wait = el("div", { class: "composer-wait readable" }, waitText, accept);
  const box = el(
    "div",
    { class: "composer-box" },
    input,
    el("div", { class: "composer-foot" }, el("div", { class: "modes", role: "group", "aria-label": t("mode.label") }, modes.reply, modes.note), send),
  );
  const write = el("div", { class: "composer-write readable" }, suggest, box);
  const element = el("div", { class: "composer" }, wait, write);
  let conversation = "";

  /** @param {"reply" | "note"} name @param {boolean} isPrivate */
  function mode(name, isPrivate) {
    return el("button", { type: "button", class: "mode", "data-testid": `mode-${name}`, onclick: () => (change({ isPrivate }), input.focus()) }, t(`mode.${name}`));
  }

  /** @param {Partial<import("../state/types.js").Draft>} part */
  function change(part) {
    const chat = openChat(store.state());
    if (chat && conversation) desk.write(conversation, { ...chat.draft, ...part });
  }

  function typed() {
    change({ text: input.value });
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    const isEmpty = input.value === "";
    if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) desk.send();
    else if (event.key === "Enter" && event.altKey && !suggest.hidden) takeSuggestion();
    else if (event.key === "Tab" && !event.shiftKey && isEmpty && !suggest.hidden) takeSuggestion();
    else return;
    event.preventDefault();
  }

  function takeSuggestion() {
    const reply = openChat(store.state())?.packet?.suggestedReply;
    if (!reply) return;
    store.dispatch({ type: "suggestion_used", conversation });
    insert(reply);
  }

  /** Put text where the cursor is. @param {string} text */
  function insert(text) {
    const chat = openChat(store.state());
    if (!chat || write.hidden) return;
    const isIn = document.activeElement === input;
    const at = isIn ? input.selectionStart : chat.draft.text.length;
    const before = chat.draft.text.slice(0, at);
    const after = chat.draft.text.slice(isIn ? input.selectionEnd : at);
    const gap = before === "" || before.endsWith("\n") ? "" : "\n";
    change({ text: before + gap + text + after });
    input.value = before + gap + text + after;
    input.focus();
    input.selectionStart = input.selectionEnd = (before + gap + text).length;
    grow();
  }

  /** @param {State} state */
  function update(state) {
    const [row, chat] = [openRow(state), openChat(state)];
    if (!row || !chat) return;
    const mine = isMine(state, row);
    const isPrivate = chat.draft.isPrivate || !mine;
    show(wait, row.state !== "active");
    show(write, row.state === "active");
    show(accept, row.state === "queued");
    setText(waitText, row.state === "closed" ? closedText(row) : t("reply.hint.queued"));
    accept.disabled = state.busy !== null || chat.status === "loading";
    show(suggest, mine && !isPrivate && chat.draft.text === "" && mayOffer(chat, row));
    setText(suggestion, chat.packet?.suggestedReply ?? "");
    box.classList.toggle("is-note", isPrivate);
    drawInput(row, mine, isPrivate);
    if (input.value !== chat.draft.text || conversation !== row.conversation) input.value = chat.draft.text;
    conversation = row.conversation;
    grow();
    setText(sendText, t(isPrivate ? "note.send" : "reply.send"));
    setAttribute(send, "aria-disabled", chat.draft.text.trim() === "" ? "true" : null);
  }

  /** The suggestion answers what brought the shopper here: once it is taken or somebody has answered, it is out of date. @param {import("../state/types.js").Chat} chat @param {import("../state/types.js").Row} row */
  function mayOffer(chat, row) {
    const isAnswered = chat.messages.some((message) => message.from === "agent" && !message.isPrivate && message.at >= row.queuedAt);
    return Boolean(chat.packet?.suggestedReply) && !chat.suggestionUsed && !isAnswered;
  }

  /** @param {import("../state/types.js").Row} row @param {boolean} mine @param {boolean} isPrivate */
  function drawInput(row, mine, isPrivate) {
    const hint = mine ? t(isPrivate ? "note.hint" : isPhone.matches ? "reply.hint.phone" : "reply.hint", { key: SEND_KEYS.join(" ") }) : t("reply.hint.other", { name: row.agent?.name ?? "" });
    setAttribute(input, "placeholder", hint);
    setAttribute(input, "aria-label", t(isPrivate ? "note.label" : "reply.label"));
    setAttribute(modes.reply, "aria-pressed", String(!isPrivate));
    setAttribute(modes.note, "aria-pressed", String(isPrivate));
    modes.reply.disabled = !mine;
  }

  /** @param {import("../state/types.js").Row} row */
  function closedText(row) {
    return row.note === "" ? t("reply.hint.closed") : t("reply.hint.closed_note", { note: row.note });
  }

  function grow() {
    input.style.height = "auto";
    const most = MOST_LINES * LINE_PX;
    input.style.height = `${Math.min(input.scrollHeight, most)}px`;
  }

  return { element, update, insert, focus: () => (write.hidden ? accept : input).focus() };
}
