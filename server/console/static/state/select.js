/** What the views read from the state. Pure. */

import { EMPTY_CHAT } from "./chats.js";
import { byDue } from "./due.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Row} Row */

const OVERRIDING = ["supervisor", "admin"];

/** @param {State} state @returns {Row | null} */
export function openRow(state) {
  return state.open === null ? null : (state.rows[state.open] ?? null);
}

/** @param {State} state @returns {import("./types.js").Chat | null} */
export function openChat(state) {
  const row = openRow(state);
  return row ? (state.chats[row.conversation] ?? EMPTY_CHAT) : null;
}

/** @param {State} state @param {Row | null} row */
export function isMine(state, row) {
  return row !== null && row.state === "active" && state.agent !== null && row.agent?.id === state.agent.id;
}

/**
 * The sections of the list, each sorted by what is due: mine, then waiting, then those of colleagues; or the closed ones, newest first.
 * @param {State} state
 * @returns {{name: "mine" | "queued" | "others" | "closed", rows: Row[]}[]}
 */
export function sections(state) {
  const rows = Object.values(state.rows).filter((row) => matches(row, state.search));
  if (state.tab === "closed") {
    return [{ name: "closed", rows: rows.filter((row) => row.state === "closed").sort((a, b) => b.closedAt - a.closedAt) }];
  }
  const active = rows.filter((row) => row.state === "active").sort(byDue);
  return [
    { name: "mine", rows: active.filter((row) => isMine(state, row)) },
    { name: "queued", rows: rows.filter((row) => row.state === "queued").sort(byDue) },
    { name: "others", rows: active.filter((row) => !isMine(state, row)) },
  ];
}

/** Rows in the order of the page, for J and K. @param {State} state */
export function visibleRows(state) {
  return sections(state).flatMap((section) => section.rows);
}

/** @param {State} state @param {1 | -1} step @returns {string | null} */
export function neighbour(state, step) {
  const ids = visibleRows(state).map((row) => row.id);
  const at = ids.indexOf(state.cursor ?? state.open ?? "");
  if (at === -1) return ids[step === 1 ? 0 : ids.length - 1] ?? null;
  return ids[Math.min(Math.max(at + step, 0), ids.length - 1)] ?? null;
}

/**
 * What the shopper wrote since the agent last looked; only in the agent's own chats.
 * @param {State} state
 * @param {Row} row
 */
export function unread(state, row) {
  if (!isMine(state, row) || row.last?.from !== "shopper") return 0;
  const seen = state.seen[row.conversation] ?? 0;
  if (row.last.seq <= seen) return 0;
  const messages = state.chats[row.conversation]?.messages ?? [];
  return Math.max(1, messages.filter((message) => message.from === "shopper" && message.seq > seen).length);
}

/** @param {State} state */
export function unreadChats(state) {
  return Object.values(state.rows).filter((row) => unread(state, row) > 0).length;
}

/** Whether the agent may transfer, give back or close the open chat: their own, or any that is active for a supervisor. @param {State} state */
export function mayAct(state) {
  const row = openRow(state);
  return isMine(state, row) || (row?.state === "active" && OVERRIDING.includes(state.agent?.role ?? ""));
}

/** @param {Row} row @param {string} search */
function matches(row, search) {
  const words = search.trim().toLowerCase();
  if (words === "") return true;
  const text = [row.name, row.id, row.conversation, row.last?.text ?? "", row.agent?.name ?? "", row.searchText].join("\n").toLowerCase();
  return words.split(/\s+/).every((word) => text.includes(word));
}
