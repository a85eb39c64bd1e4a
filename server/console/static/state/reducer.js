/** All that can happen on the desk, and what it changes. Pure, tested without a browser (tests/console). */

import { EMPTY_CHAT, withFailedMessage, withMessage, withTranscript } from "./chats.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Row} Row */
/** @typedef {import("./types.js").Chat} Chat */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").HandoffState} HandoffState */
/** @typedef {import("./types.js").Failure} Failure */
/** @typedef {import("./types.js").Last} Last */

/**
 * @typedef {{type: "session_known", agent: import("./types.js").Agent}
 *   | {type: "session_missing"}
 *   | {type: "login_failed", failure: Failure}
 *   | {type: "presence_changed", presence: "online" | "busy"}
 *   | {type: "link_changed", link: State["link"]}
 *   | {type: "list_loading", list: HandoffState}
 *   | {type: "list_loaded", list: HandoffState, rows: Row[]}
 *   | {type: "list_failed", list: HandoffState, failure: Failure}
 *   | {type: "row_changed", row: Row}
 *   | {type: "chat_loading", conversation: string}
 *   | {type: "chat_loaded", conversation: string, packet: import("./types.js").Packet, messages: Message[]}
 *   | {type: "chat_failed", conversation: string, failure: Failure}
 *   | {type: "message_came", conversation: string, message: Message}
 *   | {type: "message_sending", conversation: string, message: Message}
 *   | {type: "message_failed", conversation: string, id: string}
 *   | {type: "typing_came", conversation: string, until: number}
 *   | {type: "draft_changed", conversation: string, draft: import("./types.js").Draft}
 *   | {type: "suggestion_used", conversation: string}
 *   | {type: "personal_revealed", conversation: string, field: string, value: string}
 *   | {type: "seen_upto", conversation: string, seq: number}
 *   | {type: "handoff_opened", id: string}
 *   | {type: "handoff_left"}
 *   | {type: "cursor_moved", id: string | null}
 *   | {type: "search_changed", text: string}
 *   | {type: "tab_changed", tab: import("./types.js").Tab}
 *   | {type: "context_toggled", shown: boolean}
 *   | {type: "dialog_changed", dialog: import("./types.js").Dialog}
 *   | {type: "busy_changed", action: string | null}
 *   | {type: "notice_changed", notice: State["notice"]}} Event
 */

/** @type {import("./types.js").ListStatus} */
const IDLE = { status: "idle", failure: null };

/** @type {State} */
export const INITIAL = {
  session: "unknown",
  loginFailure: null,
  agent: null,
  presence: "online",
  link: "connecting",
  lists: { queued: IDLE, active: IDLE, closed: IDLE },
  rows: {},
  chats: {},
  seen: {},
  tab: "open",
  search: "",
  cursor: null,
  open: null,
  contextShown: false,
  dialog: null,
  busy: null,
  notice: null,
};

/**
 * @param {State} state
 * @param {Event} event
 * @returns {State}
 */
export function reduce(state, event) {
  switch (event.type) {
    case "session_known":
      return { ...state, session: "in", agent: event.agent, loginFailure: null };
    case "session_missing":
      return { ...INITIAL, session: "out" };
    case "login_failed":
      return { ...state, session: "out", loginFailure: event.failure };
    case "presence_changed":
      return { ...state, presence: event.presence };
    case "link_changed":
      return { ...state, link: event.link };
    case "list_loading":
      return withList(state, event.list, { status: state.lists[event.list].status === "ready" ? "ready" : "loading", failure: null });
    case "list_loaded":
      return withRows(withList(state, event.list, { status: "ready", failure: null }), event.list, event.rows);
    case "list_failed":
      return withList(state, event.list, { status: "failed", failure: event.failure });
    case "row_changed":
      return withRow(state, event.row);
    case "chat_loading":
      return withChat(state, event.conversation, (chat) => ({ ...chat, status: chat.packet ? "ready" : "loading", failure: null }));
    case "chat_loaded":
      return withChat(state, event.conversation, (chat) => withTranscript(chat, event.packet, event.messages));
    case "chat_failed":
      return withChat(state, event.conversation, (chat) => ({ ...chat, status: chat.packet ? "ready" : "failed", failure: event.failure }));
    case "message_came":
      return withNewest(withStored(state, event.conversation, event.message), event.conversation, event.message);
    case "message_sending":
      return withChat(state, event.conversation, (chat) => ({ ...chat, messages: withMessage(chat.messages, event.message) }));
    case "message_failed":
      return withChat(state, event.conversation, (chat) => withFailedMessage(chat, event.id));
    case "typing_came":
      return withKnownChat(state, event.conversation, (chat) => ({ ...chat, typingUntil: event.until }));
    case "draft_changed":
      return withChat(state, event.conversation, (chat) => ({ ...chat, draft: event.draft }));
    case "suggestion_used":
      return withChat(state, event.conversation, (chat) => ({ ...chat, suggestionUsed: true }));
    case "personal_revealed":
      return withKnownChat(state, event.conversation, (chat) => withRevealed(chat, event.field, event.value));
    case "seen_upto":
      return { ...state, seen: { ...state.seen, [event.conversation]: Math.max(event.seq, state.seen[event.conversation] ?? 0) } };
    case "handoff_opened":
      return { ...state, open: event.id, cursor: event.id, contextShown: false, dialog: null };
    case "handoff_left":
      return { ...state, open: null, contextShown: false, dialog: null };
    case "cursor_moved":
      return { ...state, cursor: event.id };
    case "search_changed":
      return { ...state, search: event.text };
    case "tab_changed":
      return { ...state, tab: event.tab, cursor: null };
    case "context_toggled":
      return { ...state, contextShown: event.shown };
    case "dialog_changed":
      return { ...state, dialog: event.dialog };
    case "busy_changed":
      return { ...state, busy: event.action };
    case "notice_changed":
      return { ...state, notice: event.notice };
    default:
      throw new Error(`the desk knows no event ${JSON.stringify(/** @type {{type: string}} */ (event).type)}`);
  }
}

/**
 * @param {State} state
 * @param {HandoffState} list
 * @param {import("./types.js").ListStatus} status
 * @returns {State}
 */
function withList(state, list, status) {
  return { ...state, lists: { ...state.lists, [list]: status } };
}

/**
 * The list as the server has it now: what it no longer names has left it. A row that is open in the middle stays.
 * @param {State} state
 * @param {HandoffState} list
 * @param {Row[]} rows
 * @returns {State}
 */
function withRows(state, list, rows) {
  const kept = Object.values(state.rows).filter((row) => row.state !== list || row.id === state.open);
  return { ...state, rows: Object.fromEntries([...kept, ...rows].map((row) => [row.id, known(row, state.rows[row.id])])) };
}

/** @param {Row} row @param {Row | undefined} before @returns {Row} */
function known(row, before) {
  return { ...named(row, before), last: spokenOn(row.last, before?.last ?? null) };
}

/** Who goes on speaking has spoken since the first of these messages; notices of the system are not speaking. @param {Last | null} last @param {Last | null} before @returns {Last | null} */
function spokenOn(last, before) {
  if (!last || (last.from === "system" && before)) return before;
  const { seq, from, text, at } = last;
  return { seq, from, text, at, since: before && before.from === from && before.seq <= seq ? before.since : last.since };
}

/** Lists may leave out the name that the packet told. @param {Row} row @param {Row | undefined} before @returns {Row} */
function named(row, before) {
  return row.name === "" && before ? { ...row, name: before.name } : row;
}

/** @param {State} state @param {Row} row @returns {State} */
function withRow(state, row) {
  const before = state.rows[row.id];
  const last = row.last ?? before?.last ?? null;
  const newest = before?.last && last && before.last.seq > last.seq ? before.last : spokenOn(last, before?.last ?? null);
  return { ...state, rows: { ...state.rows, [row.id]: { ...named(row, before), last: newest } } };
}

/**
 * @param {State} state
 * @param {string} conversation
 * @param {(chat: Chat) => Chat} change
 * @returns {State}
 */
function withChat(state, conversation, change) {
  return { ...state, chats: { ...state.chats, [conversation]: change(state.chats[conversation] ?? EMPTY_CHAT) } };
}

/** @type {typeof withChat} */
function withKnownChat(state, conversation, change) {
  return state.chats[conversation] ? withChat(state, conversation, change) : state;
}

/** @param {State} state @param {string} conversation @param {Message} message @returns {State} */
function withStored(state, conversation, message) {
  return withKnownChat(state, conversation, (chat) => ({
    ...chat,
    messages: withMessage(chat.messages, message),
    typingUntil: message.from === "shopper" ? 0 : chat.typingUntil,
  }));
}

/**
 * The rows of the conversation show its newest message; an agent's answer keeps the promise of the first reply.
 * @param {State} state
 * @param {string} conversation
 * @param {Message} message
 * @returns {State}
 */
function withNewest(state, conversation, message) {
  if (message.isPrivate || message.from === "system") return state;
  const rows = { ...state.rows };
  for (const row of Object.values(rows)) {
    if (row.conversation !== conversation || row.state === "closed" || (row.last && row.last.seq >= message.seq)) continue;
    const firstReply = row.firstReply && message.from === "agent" ? kept(row.firstReply, message.at - row.shiftMs) : row.firstReply;
    rows[row.id] = { ...row, firstReply, last: spokenOn({ ...message, since: message.at }, row.last) };
  }
  return { ...state, rows };
}

/** @param {import("./types.js").Clock} clock @param {number} at */
function kept(clock, at) {
  return clock.done ? clock : { ...clock, done: true, kept: at <= clock.dueAt };
}

/** @param {Chat} chat @param {string} field @param {string} value @returns {Chat} */
function withRevealed(chat, field, value) {
  if (!chat.packet) return chat;
  const personal = chat.packet.shopper.personal.map((item) => (item.field === field ? { field, value, mayReveal: false } : item));
  return { ...chat, packet: { ...chat.packet, shopper: { ...chat.packet.shopper, personal } } };
}
