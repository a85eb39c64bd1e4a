import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { nameOf, setLanguage, t } from "../../server/console/static/i18n.js";
import en from "../../server/console/static/messages/en.js";
import enLabels from "../../server/console/static/messages/labels.en.js";
import zhLabels from "../../server/console/static/messages/labels.zh-CN.js";
import zh from "../../server/console/static/messages/zh-CN.js";
import { ago, dayTime, leftText, span } from "../../server/console/static/times.js";
import { NOW } from "./examples.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const DESK = join(ROOT, "server/console/static");
const values = (/** @type {string} */ sentence) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

afterEach(() => setLanguage("zh-CN"));

test("every language has the same messages with the same values", () => {
  assert.deepEqual(Object.keys(en).sort(), Object.keys(zh).sort());
  assert.deepEqual(Object.keys(enLabels).sort(), Object.keys(zhLabels).sort());
  for (const [key, sentence] of Object.entries(zh)) assert.deepEqual(values(/** @type {Record<string, string>} */ (en)[key] ?? ""), values(sentence), key);
});

test("every message is used", () => {
  const code = sources(DESK).filter((path) => !path.includes("/messages/")).map((path) => readFileSync(path, "utf8")).join("\n");
  const built = [...code.matchAll(/`([a-z_.]+)\$\{/g)].map(([, prefix]) => prefix ?? "");
  const unused = Object.keys(zh).filter((key) => !code.includes(`"${key}"`) && !built.some((prefix) => key.startsWith(prefix)));
  assert.deepEqual(unused, []);
});

test("every intent of the contract has a name", () => {
  const labels = readFileSync(join(ROOT, "bot/core/intents.py"), "utf8");
  const intents = labels.slice(labels.indexOf("DIALOGUE_ACTS"), labels.indexOf("INTENTS =")).match(/"[a-z_]+"/g) ?? [];
  assert.equal(intents.length, 45);
  assert.deepEqual(intents.map((name) => name.slice(1, -1)).filter((name) => !(`intent.${name}` in zhLabels)), []);
});

test("words of the desk are plain: no 您, no exclamation marks", () => {
  for (const [key, sentence] of Object.entries(zh)) assert.doesNotMatch(sentence, /[您！!]|亲爱的|确定/, key);
});

test("a label without a name is shown as it is", () => {
  assert.equal(nameOf("reason", "angry"), "情绪激动");
  assert.equal(nameOf("reason", "brand_new"), "brand_new");
  setLanguage("en-GB");
  assert.equal(nameOf("reason", "angry"), "Upset");
});

test("times read as people say them", () => {
  const at = (/** @type {number} */ minutes) => NOW - minutes * 60_000;
  assert.equal(ago(at(0), NOW), "刚刚");
  assert.equal(ago(at(5), NOW), "5 分钟前");
  assert.match(dayTime(at(30), NOW), /^今天 \d\d:\d\d$/);
  assert.match(dayTime(at(3 * 24 * 60), NOW), /^11-18 \d\d:\d\d$/);
});

test("what is left is exact when it matters and round when it does not", () => {
  assert.equal(leftText(NOW + 80_000, NOW), "剩 1:20");
  assert.equal(leftText(NOW - 40_000, NOW), "超 0:40");
  assert.equal(span(3 * 3600 + 59 * 60), "3 小时");
  assert.equal(span(72 * 3600), "3 天");
  assert.equal(t("due.first", { time: "剩 1:20" }), "首次响应 剩 1:20");
});

/** @param {string} folder @returns {string[]} */
function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : path.endsWith(".js") ? [path] : [];
  });
}
