/** What an agent can do: the store, the requests and the live line meet here. */

import { isMine, openRow, sections } from "./state/select.js";
import { failureOf, failureText } from "./failures.js";
import { nameOf, t } from "./i18n.js";
import { createOutbox } from "./connection/outbox.js";
import { createSync } from "./sync.js";

/** @typedef {import("./state/store.js").Store} Store */
/** @typedef {import("./connection/api.js").Api} Api */
/** @typedef {import("./connection/socket.js").Listener} Listener */
/** @typedef {import("./connection/socket.js").Line} Line */
/** @typedef {ReturnType<typeof createDesk>} Desk */

const TYPING_TOLD_MS = 3000;

/**
 * @param {object} parts
 * @param {Store} parts.store
 * @param {Api} parts.api
 * @param {(listener: Listener) => Line} parts.connect
 * @param {() => number} [parts.now] milliseconds
 */
export function createDesk({ store, api, connect, now = Date.now }) {
  /** @type {Line | null} */
  let line = null;
  let typingToldAt = 0;
  let isGreeted = false; // what happened between the first lists and the first word of the line is read again
  const outbox = createOutbox({ store, api, now, onExpired: expired });
  const { resume, loadLists, loadList, loadChat, scheduleRefresh, look, hear, refused } = createSync({ store, api, now, onExpired: expired });

  async function start() {
    try {
      enter(await api.me());
    } catch (error) {
      const failure = failureOf(error);
      store.dispatch(failure.code === "unauthorized" ? { type: "session_missing" } : { type: "login_failed", failure });
    }
  }

  /** @param {string} name @param {string} password */
  async function login(name, password) {
    store.dispatch({ type: "busy_changed", action: "login" });
    try {
      enter(await api.login(name, password));
    } catch (error) {
      store.dispatch({ type: "login_failed", failure: failureOf(error) });
    } finally {
      store.dispatch({ type: "busy_changed", action: null });
    }
  }

  /** @param {Record<string, any>} answer */
  function enter(answer) {
    const agent = answer.agent ?? answer;
    store.dispatch({ type: "session_known", agent: { id: String(agent.id), name: String(agent.name), role: String(agent.role) } });
    isGreeted = false;
    line = connect({ onState: linkChanged, onEvent: hear, onResume: resume, onRefused: expired });
    void loadLists();
  }

  async function logout() {
    line?.close();
    line = null;
    store.dispatch({ type: "session_missing" });
    await api.logout().catch(() => {});
  }

  function expired() {
    line?.close();
    line = null;
    store.dispatch({ type: "session_missing" });
    store.dispatch({ type: "login_failed", failure: { code: "expired", text: failureText("expired") } });
  }

  /** @param {"connecting" | "online" | "offline"} link */
  function linkChanged(link) {
    store.dispatch({ type: "link_changed", link });
    if (link !== "online") return;
    outbox.flush();
    line?.send({ type: "presence", state: store.state().presence });
    if (!isGreeted) void loadLists();
    isGreeted = true;
  }

  /** @param {string} id */
  function open(id) {
    const row = store.state().rows[id];
    if (!row) return;
    store.dispatch({ type: "handoff_opened", id });
    look();
    const chat = store.state().chats[row.conversation];
    if (!chat || chat.status !== "ready") void loadChat(id, row.conversation);
  }

  /**
   * One action on a hand-off: the button is busy meanwhile, a refusal is said, and the lists follow.
   * @param {string} name
   * @param {string} done what is said afterwards
   * @param {() => Promise<unknown>} work
   */
  async function act(name, done, work) {
    if (store.state().busy) return false;
    store.dispatch({ type: "busy_changed", action: name });
    try {
      await work();
      store.dispatch({ type: "dialog_changed", dialog: null });
      store.dispatch({ type: "notice_changed", notice: { kind: "info", text: done } });
      return true;
    } catch (error) {
      refused(error, ({ text }) => ({ type: "notice_changed", notice: { kind: "error", text } }));
      return false;
    } finally {
      store.dispatch({ type: "busy_changed", action: null });
      scheduleRefresh();
    }
  }

  /** Accept the open hand-off when it waits, else the first of the queue. */
  async function accept() {
    const state = store.state();
    const chosen = state.rows[state.cursor ?? ""];
    const waiting = [openRow(state), chosen].find((row) => row?.state === "queued");
    const row = waiting ?? sections({ ...state, tab: "open" }).find((section) => section.name === "queued")?.rows[0];
    if (!row) return store.dispatch({ type: "notice_changed", notice: { kind: "info", text: t("none.queued") } });
    const taken = await act("accept", t("done.accepted"), () => api.accept(row.id));
    if (!taken) return;
    const agent = store.state().agent;
    store.dispatch({ type: "row_changed", row: { ...row, state: "active", agent } });
    open(row.id);
  }

  /** @param {{skill: string, agent?: string, note?: string}} target */
  async function transfer(target) {
    const row = openRow(store.state());
    if (!row) return;
    const name = target.agent ?? t("transfer.group", { skill: nameOf("skill", target.skill) });
    if (await act("transfer", t("done.transferred", { target: name }), () => api.transfer(row.id, target))) leave();
  }

  async function giveBack() {
    const row = openRow(store.state());
    if (row && (await act("return", t("done.returned"), () => api.giveBack(row.id)))) leave();
  }

  /** @param {{outcome: string, note?: string}} end */
  async function close(end) {
    const row = openRow(store.state());
    if (row && (await act("close", t("done.closed"), () => api.close(row.id, end)))) leave();
  }

  function leave() {
    store.dispatch({ type: "handoff_left" });
  }

  /** @param {"closed" | "open"} tab */
  function showTab(tab) {
    store.dispatch({ type: "tab_changed", tab });
    if (tab === "closed") void loadList("closed");
  }

  /** @param {string} conversation @param {import("./state/types.js").Draft} draft */
  function write(conversation, draft) {
    store.dispatch({ type: "draft_changed", conversation, draft });
    if (draft.isPrivate || draft.text === "" || now() - typingToldAt < TYPING_TOLD_MS) return;
    typingToldAt = now();
    line?.send({ type: "typing", conversation });
  }

  /** Send what stands in the input of the open chat. */
  function send() {
    const state = store.state();
    const row = openRow(state);
    const draft = row && state.chats[row.conversation]?.draft;
    if (!row || !draft || draft.text.trim() === "") return;
    outbox.put(row.conversation, draft.text.trim(), draft.isPrivate || !isMine(state, row));
    store.dispatch({ type: "draft_changed", conversation: row.conversation, draft: { text: "", isPrivate: false } });
  }

  /** @param {"online" | "busy"} presence */
  function setPresence(presence) {
    store.dispatch({ type: "presence_changed", presence });
    line?.send({ type: "presence", state: presence });
  }

  /** @param {string} field */
  async function reveal(field) {
    const row = openRow(store.state());
    if (!row) return;
    try {
      const { value } = await api.reveal(row.id, field);
      store.dispatch({ type: "personal_revealed", conversation: row.conversation, field, value: String(value) });
    } catch (error) {
      refused(error, ({ text }) => ({ type: "notice_changed", notice: { kind: "error", text } }));
    }
  }

  return {
    start, login, logout, open, leave, look, accept, transfer, giveBack, close, send, write, showTab, setPresence, reveal,
    reload: resume, sendAgain: outbox.again, colleagues: api.colleagues,
  };
}
