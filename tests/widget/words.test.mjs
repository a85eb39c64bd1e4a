import assert from "node:assert/strict";
import { test } from "node:test";

import en from "../../server/widget/messages/en.js";
import { chooseLanguage, translator } from "../../server/widget/messages/index.js";
import zhCN from "../../server/widget/messages/zh-CN.js";
import { readConfig } from "../../server/widget/config.js";
import { refusal } from "../../server/widget/connection/files.js";
import { foldAt, pieces } from "../../server/widget/view/prose.js";
import { isoMoment, moment, monthDay, waiting } from "../../server/widget/view/times.js";

const t = translator("zh-CN");

test("both languages have the same words with the same values", () => {
  /** @param {string} text */
  const names = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const [key, text] of Object.entries(zhCN)) {
    const english = en[/** @type {keyof typeof en} */ (key)];
    assert.ok(names(english).every((name) => names(text).includes(name)), key);
  }
  assert.deepEqual(Object.keys(en).sort(), Object.keys(zhCN).sort());
});

test("the widget is calm: no exclamation marks, no 亲, 您 instead of 你", () => {
  for (const [key, text] of Object.entries(zhCN)) assert.doesNotMatch(text, /[!！亲你]/, key);
});

test("the language is the first one wanted that is there", () => {
  assert.deepEqual([chooseLanguage("zh-TW"), chooseLanguage(undefined, "en-GB"), chooseLanguage("fr", "en"), chooseLanguage("fr")], ["zh-CN", "en", "en", "zh-CN"]);
});

test("only addresses of the web become links, without the punctuation after them", () => {
  assert.deepEqual(pieces("见 https://shop.test/a?b=1。谢谢"), [
    { text: "见 ", link: false },
    { text: "https://shop.test/a?b=1", link: true },
    { text: "。谢谢", link: false },
  ]);
  assert.deepEqual(pieces("javascript:alert(1) <b>x</b>"), [{ text: "javascript:alert(1) <b>x</b>", link: false }]);
  assert.equal(pieces("(http://a.test/x).")[1]?.text, "http://a.test/x");
});

test("long text is folded after a whole sentence", () => {
  assert.equal(foldAt("短", 120), null);
  const text = "一".repeat(60) + "。" + "二".repeat(80);
  assert.equal(foldAt(text, 120), 61);
  assert.equal(foldAt("三".repeat(200), 120), 120);
  assert.equal(foldAt("三".repeat(130), 120), null, "a few characters are not hidden");
  assert.equal(foldAt("word ".repeat(50), 120), null, "letters take less room");
  assert.equal(foldAt("word ".repeat(80), 120), 300);
});

test("times are said as people say them", () => {
  const now = new Date(2026, 10, 21, 14, 30).getTime();
  /** @param {...number} parts */
  const at = (...parts) => moment(new Date(2026, ...(/** @type {[number, number, number, number]} */ (parts))).getTime(), now, t);
  assert.deepEqual([at(10, 21, 14, 2), at(10, 20, 9, 5), at(10, 22, 8, 0), at(9, 3, 8, 0)], ["今天 14:02", "昨天 09:05", "明天 08:00", "10-03 08:00"]);
  assert.equal(moment(new Date(2025, 11, 31, 8, 0).getTime(), now, t), "2025-12-31 08:00");
  assert.deepEqual([isoMoment("不是时间", now, t), isoMoment("2026-11-21 14:02", now, t)], ["不是时间", "今天 14:02"]);
  assert.equal(monthDay("2026-11-23"), "11-23");
  assert.deepEqual([waiting(null, t), waiting(20, t), waiting(130, t)], ["", "不到 1 分钟", "约 2 分钟"]);
});

test("pictures that the server would refuse are not sent", () => {
  assert.equal(refusal({ size: 1, type: "image/svg+xml" }), "unsupported");
  assert.equal(refusal({ size: 9 * 1024 * 1024, type: "image/png" }), "too_large");
  assert.equal(refusal({ size: 1, type: "image/png" }), null);
});

test("the script element says everything, and nothing must be said", () => {
  const config = readConfig({}, "https://help.test/widget.js", "en");
  assert.deepEqual(config, {
    server: "https://help.test", language: "en", page: null, token: undefined, accent: null, theme: null, position: "right", launcher: true, privacyUrl: null,
  });
  const full = readConfig({ lang: "zh-CN", theme: "dark", position: "left", launcher: "none", page: "sku:1" }, "https://help.test/widget.js", "en");
  assert.deepEqual([full.language, full.theme, full.position, full.launcher, full.page], ["zh-CN", "dark", "left", false, "sku:1"]);
});
