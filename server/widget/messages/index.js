// Which words are used: those of the first wanted language that is there, else Chinese.
import en from "./en.js";
import zhCN from "./zh-CN.js";

/**
 * @typedef {keyof typeof zhCN} MessageKey
 * @typedef {(key: MessageKey, values?: Record<string, string|number>) => string} Translate
 */

const LANGUAGES = { "zh-CN": zhCN, en };

/** @param {(string|null|undefined)[]} wanted language tags, best first @returns {keyof typeof LANGUAGES} */
export function chooseLanguage(...wanted) {
  for (const tag of wanted) {
    const language = tag?.toLowerCase().split("-")[0];
    if (language === "zh") return "zh-CN";
    if (language === "en") return "en";
  }
  return "zh-CN";
}

/** @param {keyof typeof LANGUAGES} language @returns {Translate} */
export function translator(language) {
  const words = LANGUAGES[language];
  return (key, values = {}) =>
    words[key].replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
