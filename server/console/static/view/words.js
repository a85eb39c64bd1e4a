/** How people and matters are called on the page. */

import { nameOf, t } from "../i18n.js";

/** @typedef {import("../state/types.js").Row} Row */

/** The shopper's masked name, else what tells them apart: 金卡会员 3f9a. @param {Row} row */
export function nameOfShopper(row) {
  if (row.name !== "") return row.name;
  const who = row.level === "" ? t("who.visitor") : nameOf("level", row.level);
  return `${who} ${row.conversation.slice(-4)}`;
}

/** The newest message in one line. @param {Row} row */
export function excerpt(row) {
  if (!row.last || row.last.from === "system") return row.state === "queued" ? "" : nameOf("reason", row.reason);
  const who = row.last.from === "agent" ? t("row.from.agent") : row.last.from === "bot" ? t("row.from.bot") : "";
  return who + row.last.text.replace(/\s+/g, " ");
}

/** 催派送 0.93 · 生气; a calm mood is not worth a word. @param {import("../state/types.js").Parse} parse */
export function parseText(parse) {
  const confidence = parse.confidence === null ? "" : parse.confidence.toFixed(2);
  const mood = parse.mood === "" || parse.mood === "calm" ? "" : t("join") + nameOf("mood", parse.mood);
  return t("message.parse", { intent: nameOf("intent", parse.intent), confidence }).trim() + mood;
}
