import assert from "node:assert/strict";
import { test } from "node:test";
import { byDue, duty, pressure } from "../../server/console/static/state/due.js";
import { mayAct, neighbour, sections, unread, unreadChats } from "../../server/console/static/state/select.js";
import { ME, NOW, after, clock, message, row } from "./examples.mjs";

const mine = (/** @type {Record<string, any>} */ changes) => row({ state: "active", agent: ME, ...changes });
const replied = { first_reply: clock(60, true), solve: clock(3600) };

test("first the first reply is owed, then an answer to the last message, then the solution", () => {
  assert.equal(duty(row())?.kind, "first");
  assert.equal(duty(mine({ clocks: replied }))?.kind, "waiting");
  const answered = { seq: 5, from: "agent", text: "好的", time: "2026-11-21T14:00:00+08:00" };
  assert.equal(duty(mine({ clocks: replied, last: answered }))?.kind, "solve");
  assert.equal(duty(row({ state: "closed" })), null);
});

test("an answer is due as soon after the message as a first reply is", () => {
  assert.equal(duty(mine({ clocks: replied }))?.dueAt, Date.parse("2026-11-21T13:59:30+08:00") + 180_000);
});

test("a conversation whose clock is days ahead is due by what is left", () => {
  const ahead = { first_reply: { due: "2026-11-25T10:02:00+08:00", left_s: 120, total_s: 180, met: null } };
  assert.equal(duty(row({ clocks: ahead }))?.dueAt, NOW + 120_000);
  const waiting = mine({ clocks: { ...ahead, first_reply: { ...ahead.first_reply, met: true }, solve: { due: "2026-11-25T11:00:00+08:00", left_s: 3600, total_s: 3600, met: null } }, last: { seq: 4, from: "shopper", text: "?", time: "2026-11-25T09:59:00+08:00" } });
  assert.equal(duty(waiting)?.since, NOW - 60_000);
});

test("colour only near breach: the last quarter, at most half an hour", () => {
  const due = { dueAt: NOW + 120_000, totalS: 180 };
  assert.equal(pressure(due, NOW), "calm");
  assert.equal(pressure(due, NOW + 76_000), "near");
  assert.equal(pressure(due, NOW + 121_000), "over");
  assert.equal(pressure({ dueAt: NOW + 3600_000, totalS: 24 * 3600 }, NOW), "calm");
});

test("lists are sorted by what is due, the overdue first", () => {
  const rows = [
    row({ id: "later", clocks: { first_reply: clock(200) } }),
    row({ id: "over", clocks: { first_reply: clock(-5) } }),
    mine({ id: "solve", clocks: replied, last: { seq: 5, from: "agent", text: "", time: "2026-11-21T14:00:00+08:00" } }),
    row({ id: "soon", clocks: { first_reply: clock(20) } }),
  ];
  assert.deepEqual(rows.sort(byDue).map((one) => one.id), ["over", "soon", "later", "solve"]);
});

const desk = () =>
  after(
    { type: "list_loaded", list: "queued", rows: [row({ id: "q1" }), row({ id: "q2", conversation: "c_2", priority: "urgent", clocks: { first_reply: clock(10) }, shopper: { name: "赵*" } })] },
    { type: "list_loaded", list: "active", rows: [mine({ id: "m1", conversation: "c_3" }), row({ id: "o1", conversation: "c_4", state: "active", agent: { id: "a_2", name: "阿明" } })] },
  );

test("my chats, who waits, and what colleagues hold", () => {
  assert.deepEqual(sections(desk()).map(({ name, rows }) => [name, rows.map((one) => one.id)]), [["mine", ["m1"]], ["queued", ["q2", "q1"]], ["others", ["o1"]]]);
});

test("the search looks at name, number and words, and wants all of them", () => {
  const found = (/** @type {string} */ text) => sections({ ...desk(), search: text }).flatMap((section) => section.rows.map((one) => one.id));
  assert.deepEqual(found("赵"), ["q2"]);
  assert.deepEqual(found("阿明"), ["o1"]);
  assert.deepEqual(found("赵 没有"), []);
  assert.equal(found(" ").length, 4);
});

test("J and K walk through the page and stop at its ends", () => {
  const state = desk();
  assert.equal(neighbour(state, 1), "m1");
  assert.equal(neighbour({ ...state, cursor: "m1" }, 1), "q2");
  assert.equal(neighbour({ ...state, cursor: "o1" }, 1), "o1");
  assert.equal(neighbour({ ...state, cursor: "m1" }, -1), "m1");
});

test("unread counts the shopper's messages in my chats since I looked", () => {
  const state = after(
    { type: "list_loaded", list: "active", rows: [mine({})] },
    { type: "chat_loading", conversation: "c_1" },
    { type: "message_came", conversation: "c_1", message: message(5) },
    { type: "message_came", conversation: "c_1", message: message(6) },
  );
  const of = (/** @type {any} */ one) => unread(one, one.rows.h_1);
  assert.equal(of(state), 2);
  assert.equal(unreadChats(state), 1);
  assert.equal(of({ ...state, seen: { c_1: 5 } }), 1);
  assert.equal(of({ ...state, seen: { c_1: 6 } }), 0);
});

test("a supervisor may act on what a colleague holds, an agent may not", () => {
  const state = { ...desk(), open: "o1" };
  assert.equal(mayAct(state), false);
  assert.equal(mayAct({ ...state, open: "m1" }), true);
  assert.equal(mayAct({ ...state, agent: { ...ME, role: "supervisor" } }), true);
  assert.equal(mayAct({ ...state, open: "q1", agent: { ...ME, role: "supervisor" } }), false);
});
