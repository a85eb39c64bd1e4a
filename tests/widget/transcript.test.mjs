import assert from "node:assert/strict";
import { test } from "node:test";

import { grouped, lastHandoff } from "../../server/widget/state/transcript.js";
import { usedRow } from "../../server/widget/view/cards/parts.js";
import { after, message, welcome } from "./helpers.mjs";

/** @param {string} time */
const at = (time) => new Date(`2026-11-21T${time}`).toISOString();

test("messages are grouped by speaker and minute, a pause shows the time", () => {
  const state = after([
    welcome(),
    message(1, { time: at("14:00:00") }),
    message(2, { time: at("14:00:20") }),
    message(3, { time: at("14:00:30"), from: "shopper" }),
    message(4, { time: at("14:10:00"), from: "agent", name: "小林" }),
    message(5, { time: at("14:10:05"), from: "agent", name: "小王" }),
  ]);
  const shapes = grouped(state.messages).map(({ first, last, pause }) => `${+first}${+last}${+pause}`);
  assert.deepEqual(shapes, ["101", "010", "110", "111", "110"]);
});

test("a notice of the system stands alone", () => {
  const state = after([welcome(), message(1, { from: "system" }), message(2, { from: "system" })]);
  assert.ok(grouped(state.messages).every(({ first, last }) => first && last));
});

test("the newest hand-off notice is the one that follows the queue", () => {
  const notice = { from: /** @type {const} */ ("system"), custom: /** @type {const} */ ({ type: "handoff" }) };
  assert.equal(lastHandoff(after([welcome(), message(1, notice), message(2), message(3, notice)]).messages)?.seq, 3);
});

test("a list remembers what was tapped: by payload now, by name after a reload", () => {
  const rows = [{ title: [], payload: "b_1", name: "20261120000001" }, { title: [], payload: "b_2", name: "20261120000002" }];
  const shown = after([welcome(), message(1), message(2)]);
  const [list] = shown.messages;
  assert.ok(list);
  assert.equal(usedRow(rows, list, shown), -1);
  assert.equal(usedRow(rows, list, { ...shown, used: ["b_1"] }), 0);
  assert.equal(usedRow(rows, list, after([message(3, { from: "shopper", text: "20261120000002" })], shown)), 1);
});
