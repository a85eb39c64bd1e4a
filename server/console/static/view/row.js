/** One row of the list: who, what is due, and the newest message. 40 px, two lines. */

import { duty, pressure } from "../state/due.js";
import { unread } from "../state/select.js";
import { nameOf, t } from "../i18n.js";
import { ago, leftText } from "../times.js";
import { el, setAttribute, setText } from "./dom.js";
import { excerpt, nameOfShopper } from "./words.js";

/** @typedef {import("../state/types.js").State} State */
/** @typedef {import("../state/types.js").Row} Row */

/** @param {Row} row @param {(id: string) => void} open @returns {HTMLElement} */
export function makeRow(row, open) {
  return el(
    "li",
    { class: "row-item" },
    el(
      "button",
      { type: "button", class: "row", tabindex: "-1", "data-testid": "queue-item", "data-id": row.id, onclick: () => open(row.id) },
      el("span", { class: "row-line" }, el("span", { class: "row-name" }), el("span", { class: "row-due numbers" })),
      el("span", { class: "row-line" }, el("span", { class: "row-text" }), el("span", { class: "row-count numbers" })),
    ),
  );
}

/**
 * @param {HTMLElement} element
 * @param {Row} row
 * @param {State} state
 * @param {number} now
 */
export function changeRow(element, row, state, now) {
  const [name, , text, count] = parts(element);
  const waiting = unread(state, row);
  setText(name, nameOfShopper(row));
  setText(text, [priorityWord(row), whyText(row), excerpt(row)].filter(Boolean).join(t("join")));
  setText(count, waiting > 0 ? t("row.unread", { count: waiting }) : "");
  const button = /** @type {HTMLElement} */ (element.firstElementChild);
  button.classList.toggle("row-unread", waiting > 0);
  setAttribute(button, "aria-current", state.open === row.id ? "true" : null);
  setAttribute(button, "tabindex", (state.cursor ?? state.open) === row.id ? "0" : "-1");
  tickRow(element, row, now);
}

/** @param {HTMLElement} element @param {Row} row @param {number} now */
export function tickRow(element, row, now) {
  const [, due] = parts(element);
  const owed = duty(row);
  setText(due, owed ? dueText(owed, now) : row.closedAt ? ago(row.closedAt, now) : "");
  const level = owed ? pressure(owed, now) : "calm";
  if (due.dataset.pressure !== level) due.dataset.pressure = level;
}

/** @param {import("../state/due.js").Duty} owed @param {number} now */
function dueText(owed, now) {
  return t(`due.${owed.kind}`, { time: leftText(owed.dueAt, now) });
}

/** Only what is out of the ordinary is named. @param {Row} row */
function priorityWord(row) {
  return row.state !== "closed" && (row.priority === "urgent" || row.priority === "high") ? nameOf("priority", row.priority) : "";
}

/** Why it waits; for whom, when a colleague was named. @param {import("../state/types.js").Row} row */
function whyText(row) {
  if (row.state !== "queued") return "";
  return row.wanted === "" ? nameOf("reason", row.reason) : t("row.wanted", { name: row.wanted });
}

/** @param {HTMLElement} element */
function parts(element) {
  const found = [...element.querySelectorAll(".row-line > span")];
  return /** @type {[HTMLElement, HTMLElement, HTMLElement, HTMLElement]} */ (found);
}
