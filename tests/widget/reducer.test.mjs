import assert from "node:assert/strict";
import { test } from "node:test";

import { reduce, INITIAL } from "../../server/widget/state/reducer.js";
import { quickReplies, ratingAsked, unread } from "../../server/widget/state/transcript.js";
import { after, message, said, texts, welcome } from "./helpers.mjs";

test("an unknown event throws", () => {
  assert.throws(() => reduce(INITIAL, /** @type {any} */ ({ type: "no_such_event" })), /no such event/);
});

test("messages are shown once and in order, whatever the order of arrival", () => {
  const state = after([welcome(), message(2), message(1), message(2), message(3)]);
  assert.deepEqual(texts(state), ["第 1 条", "第 2 条", "第 3 条"]);
  assert.equal(state.lastSeq, 3);
});

test("what is said is shown at once, and once after ack and echo in either order", () => {
  const echo = message(2, { from: "shopper", id: "w1", text: "到哪了" });
  const ack = /** @type {const} */ ({ type: "ack", id: "w1", seq: 2 });
  for (const events of [[ack, echo], [echo, ack], [echo, ack, echo]]) {
    const state = after([welcome(), message(1), said("w1", "到哪了"), ...events]);
    assert.deepEqual(texts(state), ["第 1 条", "到哪了"]);
    assert.equal(state.messages[1]?.delivery, "sent");
    assert.equal(state.messages[1]?.key, "iw1");
  }
});

test("an answer that arrives before the ack stands after the question", () => {
  const state = after([welcome(), said("w1", "到哪了"), message(2), { type: "ack", id: "w1", seq: 1 }]);
  assert.deepEqual(texts(state), ["到哪了", "第 2 条"]);
  assert.equal(state.typing, null);
});

test("the bot is typing from the ack of a question until its answer", () => {
  const asked = after([welcome(), said("w1", "在吗"), { type: "ack", id: "w1", seq: 1, now: 5 }]);
  assert.deepEqual(asked.typing, { from: "bot", since: 5 });
  assert.equal(after([message(2)], asked).typing, null);
  assert.equal(after([{ type: "typing_over", since: 4 }], asked).typing?.since, 5);
  assert.equal(after([{ type: "typing_over", since: 5 }], asked).typing, null);
});

test("nobody types while the shopper waits in the queue, or after a rating", () => {
  const queued = after([welcome({ owner: "queue", position: 1 }), said("w1", "在吗"), { type: "ack", id: "w1", seq: 1 }]);
  assert.equal(queued.typing, null);
  const rating = /** @type {const} */ ({ type: "said", outgoing: { type: "rating", id: "w2", stars: 5, text: "" }, now: 1 });
  assert.equal(after([welcome(), rating, { type: "ack", id: "w2", seq: 1 }]).typing, null);
});

test("the holder is what the last owner event says", () => {
  const queued = after([welcome(), { type: "owner", owner: "queue", position: 2, eta_seconds: 90 }]);
  assert.deepEqual([queued.owner, queued.position, queued.etaSeconds, queued.agent], ["queue", 2, 90, null]);
  const joined = after([{ type: "owner", owner: "agent", name: "小林" }], queued);
  assert.deepEqual([joined.owner, joined.position, joined.agent], ["agent", null, "小林"]);
});

test("a refused message stays where it stopped and says why; sent again it moves to the end", () => {
  const refused = after([welcome(), message(1), said("w1", "很长"), { type: "error", code: "too_large", id: "w1" }, message(2)]);
  assert.deepEqual(texts(refused), ["第 1 条", "很长", "第 2 条"]);
  assert.deepEqual([refused.messages[1]?.delivery, refused.messages[1]?.error], ["failed", "too_large"]);
  const again = after([{ type: "sent_again", id: "w1" }], refused);
  assert.deepEqual(texts(again), ["第 1 条", "第 2 条", "很长"]);
});

test("a late error does not undo an ack", () => {
  const state = after([welcome(), said("w1", "好"), { type: "ack", id: "w1", seq: 1 }, { type: "error", code: "unavailable", id: "w1" }]);
  assert.equal(state.messages[0]?.delivery, "sent");
});

test("the same session keeps what was shown, another one starts afresh", () => {
  const before = after([welcome(), message(1), message(2), said("w1", "好")]);
  assert.deepEqual(texts(after([{ type: "disconnected" }, welcome()], before)), ["第 1 条", "第 2 条", "好"]);
  const other = after([welcome({ session: "s_2" })], before);
  assert.deepEqual([other.messages, other.lastSeq, other.session], [[], 0, "s_2"]);
});

test("what was said before the first welcome is kept", () => {
  assert.deepEqual(texts(after([said("w1", "你好"), welcome()])), ["你好"]);
});

test("unread counts what others wrote since the panel was open", () => {
  const closed = after([{ type: "restored", session: "s_1", readSeq: 2 }, welcome(), message(1), message(2), message(3), message(4, { from: "shopper" })]);
  assert.equal(unread(closed), 1);
  const opened = after([{ type: "panel_opened" }], closed);
  assert.deepEqual([unread(opened), opened.readSeq], [0, 4]);
  const later = after([message(5), { type: "panel_closed" }, message(6)], opened);
  assert.equal(unread(later), 1);
});

test("quick replies are those of the latest answer and go when something is said", () => {
  const offered = after([welcome(), message(1, { buttons: [{ title: "催一催", payload: "b_1" }] }), message(2)]);
  assert.deepEqual(quickReplies(offered.messages), [{ title: "催一催", payload: "b_1" }]);
  const pressed = after([{ type: "said", outgoing: { type: "button", id: "w1", payload: "b_1", text: "催一催" }, now: 1 }], offered);
  assert.deepEqual([quickReplies(pressed.messages), pressed.used], [[], ["b_1"]]);
  assert.equal(quickReplies(after([{ type: "error", code: "conflict", id: "w1" }], pressed).messages).length, 1);
});

test("stars are asked for until they are given or something else is said", () => {
  const asked = after([welcome(), message(1, { from: "system", custom: { type: "rating_request" } })]);
  assert.equal(ratingAsked(asked.messages), true);
  assert.equal(ratingAsked(after([said("w1", "还有一事")], asked).messages), false);
});

test("a picture is shown from the file, then kept when the server has it", () => {
  const picked = after([welcome(), { type: "picked_file", id: "w1", preview: "blob:x", now: 1 }]);
  assert.deepEqual([picked.messages[0]?.delivery, picked.messages[0]?.image], ["uploading", "blob:x"]);
  const stored = after([{ type: "uploaded", id: "w1", file: "f_1" }, message(1, { from: "shopper", id: "w1", image: "/api/chat/files/f_1", text: "[图片]" })], picked);
  assert.deepEqual([stored.messages.length, stored.messages[0]?.image, stored.messages[0]?.delivery], [1, "blob:x", "sent"]);
});

test("signing out forgets the conversation, not the panel", () => {
  const state = after([welcome({ shop: "云杉优选" }), { type: "panel_opened" }, message(1), { type: "signed_out" }]);
  assert.deepEqual([state.messages, state.session, state.open, state.shop], [[], null, true, "云杉优选"]);
});

test("the language is that of the talk, and another session begins without one", () => {
  const state = after([welcome(), message(1, { language: "en" }), message(2)]);
  assert.equal(state.language, "en");
  assert.equal(after([welcome({ session: "another" })], state).language, null);
});
