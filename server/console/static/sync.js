/** Keeps the state in step with the server: lists and transcripts are read, and live events are taken in as they come. */

import { readMessage, readPacket, readRow } from "./connection/wire.js";
import { failureOf } from "./failures.js";
import { hasGap, newestSeq } from "./state/chats.js";
import { openRow } from "./state/select.js";

/** @typedef {import("./state/types.js").HandoffState} HandoffState */

const REFRESH_MS = 150;
const TYPING_SHOWN_MS = 6000;

/**
 * @param {object} parts
 * @param {import("./state/store.js").Store} parts.store
 * @param {Pick<import("./connection/api.js").Api, "handoffs" | "handoff">} parts.api
 * @param {() => number} parts.now milliseconds
 * @param {() => void} parts.onExpired
 */
export function createSync({ store, api, now, onExpired }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let refreshing;

  /** After a break: all that is on the page is read again. */
  function resume() {
    void loadLists();
    const row = openRow(store.state());
    if (row) void loadChat(row.id, row.conversation);
  }

  async function loadLists() {
    await loadList("queued", "active", ...(store.state().tab === "closed" ? [/** @type {const} */ ("closed")] : []));
  }

  /** Read lists and show them together, so that rows do not jump. @param {...HandoffState} lists */
  async function loadList(...lists) {
    for (const list of lists) store.dispatch({ type: "list_loading", list });
    for (const show of await Promise.all(lists.map(fetchList))) show();
  }

  /** @param {HandoffState} list @returns {Promise<() => void>} what shows it */
  async function fetchList(list) {
    try {
      const { items } = await api.handoffs(list);
      const rows = (items ?? []).map((/** @type {Record<string, any>} */ item) => readRow(item, now()));
      return () => store.dispatch({ type: "list_loaded", list, rows });
    } catch (error) {
      return () => refused(error, (failure) => ({ type: "list_failed", list, failure }));
    }
  }

  /** @param {string} id @param {string} conversation */
  async function loadChat(id, conversation) {
    store.dispatch({ type: "chat_loading", conversation });
    try {
      const answer = await api.handoff(id);
      const row = readRow(answer.handoff ?? answer, now());
      store.dispatch({ type: "row_changed", row });
      store.dispatch({ type: "chat_loaded", conversation, ...readPacket(answer) });
      look();
    } catch (error) {
      refused(error, (failure) => ({ type: "chat_failed", conversation, failure }));
    }
  }

  /** @param {unknown} error @param {(failure: import("./state/types.js").Failure) => import("./state/reducer.js").Event} event */
  function refused(error, event) {
    const failure = failureOf(error);
    if (failure.code === "unauthorized") onExpired();
    else store.dispatch(event(failure));
  }

  /** Something of the server. Events of kinds this desk does not know are for newer desks. @param {Record<string, any>} event */
  function hear(event) {
    switch (event.type) {
      case "message":
        return messageCame(String(event.conversation), event);
      case "handoff":
        return handoffCame(event);
      case "typing":
        if (event.from !== "shopper") return;
        return store.dispatch({ type: "typing_came", conversation: String(event.conversation), until: now() + TYPING_SHOWN_MS });
      case "presence":
        return;
      default:
        console.info("the desk skipped an event of type", event.type);
    }
  }

  /** @param {string} conversation @param {Record<string, any>} wire */
  function messageCame(conversation, wire) {
    store.dispatch({ type: "message_came", conversation, message: readMessage(wire) });
    look();
    const state = store.state();
    const row = Object.values(state.rows).find((known) => known.conversation === conversation && known.state !== "closed");
    const chat = state.chats[conversation];
    if (!row) scheduleRefresh();
    else if (chat?.status === "ready" && hasGap(chat.messages)) void loadChat(row.id, conversation);
  }

  /** @param {Record<string, any>} event a whole row, or only word that one has changed */
  function handoffCame(event) {
    if (event.handoff) store.dispatch({ type: "row_changed", row: readRow(event.handoff, now()) });
    else scheduleRefresh();
  }

  function scheduleRefresh() {
    clearTimeout(refreshing);
    refreshing = setTimeout(refresh, REFRESH_MS);
  }

  async function refresh() {
    await loadLists();
    const { open, rows, chats } = store.state();
    const row = open === null ? null : rows[open];
    if (row && chats[row.conversation]) void loadChat(row.id, row.conversation);
  }

  /** The agent sees the open chat to its end: nothing in it is unread. */
  function look() {
    const state = store.state();
    const row = openRow(state);
    if (!row || globalThis.document?.hidden) return;
    const chat = state.chats[row.conversation];
    const seq = Math.max(row.last?.seq ?? 0, chat ? newestSeq(chat) : 0);
    if (seq > (state.seen[row.conversation] ?? 0)) store.dispatch({ type: "seen_upto", conversation: row.conversation, seq });
  }

  return { resume, loadLists, loadList, loadChat, scheduleRefresh, look, hear, refused };
}
