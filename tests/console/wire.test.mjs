import assert from "node:assert/strict";
import { test } from "node:test";
import { readMessage, readPacket, readRow } from "../../server/console/static/connection/wire.js";
import { NOW, wireRow } from "./examples.mjs";

test("a row counts down from what was left when it arrived", () => {
  const row = readRow(wireRow(), NOW + 5);
  assert.deepEqual(row.firstReply, { dueAt: NOW + 5 + 120_000, totalS: 180, done: false, kept: false });
  assert.equal(row.rank, 1);
  assert.equal(row.shiftMs, 0);
});

test("a conversation with a clock of its own tells how far it is ahead", () => {
  const row = readRow(wireRow({ clocks: { first_reply: { due: "2026-11-22T14:02:00+08:00", left_s: 120, total_s: 180, met: null } } }), NOW);
  assert.equal(row.shiftMs, 24 * 3600 * 1000);
});

test("a row with nothing but an id is a row", () => {
  const row = readRow({ id: "h_9" }, NOW);
  assert.deepEqual([row.state, row.priority, row.firstReply, row.last, row.agent], ["queued", "normal", null, null, null]);
});

test("the id of an own message is ours again, in a transcript and in an event", () => {
  assert.equal(readMessage({ seq: 1, from: "agent", id: "a_1:d7" }).id, "d7");
  assert.equal(readMessage({ seq: 1, from: "agent", id: 4711, message_id: "a_1:d7" }).id, "d7");
  assert.equal(readMessage({ seq: 1, from: "bot", id: 4711 }).id, "");
});

test("intent, confidence and mood come with a shopper's message", () => {
  const parse = { intent: "urge_delivery", confidence: 0.93, sentiment: "angry" };
  assert.deepEqual(readMessage({ seq: 1, from: "shopper", parse }).parse, { intent: "urge_delivery", confidence: 0.93, mood: "angry" });
  assert.equal(readMessage({ seq: 1, from: "shopper", parse: { intent: null } }).parse, null);
});

test("an empty packet has every part, empty", () => {
  const { packet, messages } = readPacket({});
  assert.deepEqual([messages, packet.cards, packet.facts, packet.tried, packet.articles, packet.suggestedReply], [[], [], [], [], [], ""]);
});

test("order, parcel and refund become cards in this order; what is null is left out", () => {
  const { packet } = readPacket({ refund: { amount: "1.00" }, parcel: null, order: { type: "order_card", order_id: "1" } });
  assert.deepEqual(packet.cards.map((card) => card.type), ["order_card", "refund_card"]);
});

test("masked data can be shown only where the server says so", () => {
  const { packet } = readPacket({ shopper: { phone: "138****1234", address: "上海市****", reveal: ["phone"] } });
  assert.deepEqual(packet.shopper.personal.map(({ field, mayReveal }) => [field, mayReveal]), [["phone", true], ["address", false]]);
});
