/** Words in the agent's language. Messages are plain sentences with `{name}` for values; the files hold the same keys. */

import en from "./messages/en.js";
import enLabels from "./messages/labels.en.js";
import zh from "./messages/zh-CN.js";
import zhLabels from "./messages/labels.zh-CN.js";

/** @typedef {keyof typeof zh} MessageKey */
/** @typedef {"zh-CN" | "en"} Language */

/** @type {Record<Language, {words: Record<string, string>, labels: Record<string, string>}>} */
const FILES = { "zh-CN": { words: zh, labels: zhLabels }, en: { words: en, labels: enLabels } };

/** @type {Language} */
let current = "zh-CN";

/** @param {string} wanted a language tag; anything but English reads Chinese */
export function setLanguage(wanted) {
  current = wanted.toLowerCase().startsWith("en") ? "en" : "zh-CN";
}

export function language() {
  return current;
}

/**
 * @param {MessageKey} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const sentence = FILES[current].words[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/**
 * The name of a label of the contract, or the label itself.
 * @param {"intent" | "reason" | "skill" | "priority" | "mood" | "level" | "class" | "outcome" | "result" | "channel" | "fact" | "by" | "tag"} kind
 * @param {string} label
 */
export function nameOf(kind, label) {
  return FILES[current].labels[`${kind}.${label}`] ?? label;
}
