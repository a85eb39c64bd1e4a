import assert from "node:assert/strict";
import { test } from "node:test";
import { INITIAL, reduce } from "../../server/console/static/state/reducer.js";
import { hasGap } from "../../server/console/static/state/chats.js";
import { ME, NOW, after, clock, message, packet, row, signedIn } from "./examples.mjs";

const loaded = (/** @type {any[]} */ ...messages) => /** @type {const} */ ({ type: "chat_loaded", conversation: "c_1", packet: packet(), messages });
const list = (/** @type {any[]} */ ...rows) => /** @type {const} */ ({ type: "list_loaded", list: "queued", rows });
const came = (/** @type {any} */ one) => /** @type {const} */ ({ type: "message_came", conversation: "c_1", message: one });
const texts = (/** @type {any} */ state) => state.chats.c_1.messages.map((/** @type {any} */ one) => one.text);

test("an event nobody knows is an error, not silence", () => {
  assert.throws(() => reduce(INITIAL, /** @type {any} */ ({ type: "chat_lodaed" })), /chat_lodaed/);
});

test("a chat shows its messages by number, whatever the order of arrival", () => {
  const state = after(loaded(message(1), message(2)), came(message(4)), came(message(3)));
  assert.deepEqual(texts(state), ["第 1 条", "第 2 条", "第 3 条", "第 4 条"]);
});

test("a message that comes twice is there once", () => {
  const state = after(loaded(message(1)), came(message(2)), came(message(2)));
  assert.deepEqual(texts(state), ["第 1 条", "第 2 条"]);
});

test("the echo of an own message takes the place of what was typed, in whichever order answer and echo arrive", () => {
  const typed = { ...message(0, { from: "agent", id: "d1", text: "我来处理" }), state: /** @type {const} */ ("sending") };
  const sending = /** @type {const} */ ({ type: "message_sending", conversation: "c_1", message: typed });
  const echo = came(message(2, { from: "agent", message_id: "a_1:d1", id: 900, text: "我来处理" }));
  const answer = came({ ...typed, seq: 2, state: /** @type {const} */ ("sent") });
  for (const order of [[echo, answer], [answer, echo]]) {
    const state = after(loaded(message(1)), sending, ...order);
    assert.deepEqual(texts(state), ["第 1 条", "我来处理"]);
    assert.equal(state.chats["c_1"]?.messages[1]?.state, "sent");
  }
});

test("a message that was not sent keeps its place and says so", () => {
  const typed = message(0, { from: "agent", id: "d1", text: "我来处理" });
  const state = after(loaded(message(1)), { type: "message_sending", conversation: "c_1", message: typed }, { type: "message_failed", conversation: "c_1", id: "d1" }, came(message(2)));
  assert.deepEqual(texts(state), ["第 1 条", "第 2 条", "我来处理"]);
  assert.equal(state.chats["c_1"]?.messages[2]?.state, "failed");
});

test("a transcript that is read again keeps what is on its way and what is newer", () => {
  const typed = message(0, { from: "agent", id: "d1", text: "在路上" });
  const state = after(loaded(message(1)), { type: "message_sending", conversation: "c_1", message: typed }, came(message(3)), loaded(message(1), message(2)));
  assert.deepEqual(texts(state), ["第 1 条", "第 2 条", "第 3 条", "在路上"]);
});

test("missing numbers are noticed", () => {
  assert.equal(hasGap(after(loaded(message(1)), came(message(3))).chats["c_1"]?.messages ?? []), true);
  assert.equal(hasGap(after(loaded(message(5)), came(message(6))).chats["c_1"]?.messages ?? []), false);
});

test("a list that is read again drops rows that left it, but not the one that is open", () => {
  const state = after(list(row({ id: "h_1" }), row({ id: "h_2" }), row({ id: "h_3" })), { type: "handoff_opened", id: "h_2" }, list(row({ id: "h_1" })));
  assert.deepEqual(Object.keys(state.rows).sort(), ["h_1", "h_2"]);
});

test("a list may leave out the name that the packet told", () => {
  const state = after(list(row()), { type: "row_changed", row: row({ shopper: { name: "陈*雨" } }) }, list(row()));
  assert.equal(state.rows["h_1"]?.name, "陈*雨");
});

test("the row shows the newest message of its conversation, but no note and no notice", () => {
  const state = after(list(row()), came(message(5, { text: "还在吗" })), came(message(6, { from: "agent", text: "备注", private: true })), came(message(7, { from: "system", text: "正在转接" })));
  assert.equal(state.rows["h_1"]?.last?.text, "还在吗");
});

test("a shopper waits since the first message that nobody answered", () => {
  const state = after(list(row()), came(message(5, { time: "2026-11-21T14:03:00+08:00" })));
  assert.equal(state.rows["h_1"]?.last?.since, Date.parse("2026-11-21T13:59:30+08:00"));
});

test("an answer of an agent keeps the promise of the first reply, or breaks it when late", () => {
  const answer = came(message(5, { from: "agent" }));
  assert.deepEqual(after(list(row()), answer).rows["h_1"]?.firstReply, { dueAt: NOW + 120_000, totalS: 180, done: true, kept: true });
  const late = row({ clocks: { first_reply: clock(-30), solve: clock(3600) } });
  assert.equal(after(list(late), answer).rows["h_1"]?.firstReply?.kept, false);
});

test("typing ends when the shopper's message is there", () => {
  const state = after(loaded(message(1)), { type: "typing_came", conversation: "c_1", until: NOW + 6000 });
  assert.equal(state.chats["c_1"]?.typingUntil, NOW + 6000);
  assert.equal(reduce(state, came(message(2))).chats["c_1"]?.typingUntil, 0);
});

test("drafts stay with their conversation while another one is open", () => {
  const state = after({ type: "draft_changed", conversation: "c_1", draft: { text: "写到一半", isPrivate: true } }, { type: "handoff_opened", id: "h_2" });
  assert.deepEqual(state.chats["c_1"]?.draft, { text: "写到一半", isPrivate: true });
});

test("signing out forgets everything", () => {
  const state = reduce(reduce(signedIn(), list(row())), { type: "session_missing" });
  assert.deepEqual({ ...state, session: "unknown" }, INITIAL);
  assert.equal(signedIn().agent, ME);
});

test("no event changes the state it was given", () => {
  const frozen = deepFreeze(after(list(row()), loaded(message(1))));
  reduce(frozen, came(message(2)));
  reduce(frozen, { type: "row_changed", row: row({ state: "active" }) });
  reduce(frozen, { type: "seen_upto", conversation: "c_1", seq: 2 });
});

/** @template T @param {T} value @returns {T} */
function deepFreeze(value) {
  if (value !== null && typeof value === "object") for (const part of Object.values(Object.freeze(value))) deepFreeze(part);
  return value;
}
