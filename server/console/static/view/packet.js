/** Beside the conversation, in this order: who, what order, what has been tried, what to say. It fits 900 px without scrolling. */

import { openChat, openRow } from "../state/select.js";
import { nameOf, t } from "../i18n.js";
import { pressure } from "../state/due.js";
import { leftText } from "../times.js";
import { el, fill, iconButton, setText } from "./dom.js";
import { sayPart, triedPart, whatPart, whoPart } from "./packet_parts.js";

/** @typedef {import("../state/types.js").State} State */
/** @typedef {import("../state/types.js").Clock} Clock */

/**
 * @param {import("../desk.js").Desk} desk
 * @param {import("../state/store.js").Store} store
 * @param {(text: string) => void} insert
 */
export function createPacket(desk, store, insert) {
  const urgency = term(t("packet.priority"));
  const first = term(t("due.name.first"));
  const solve = term(t("due.name.solve"));
  const clocks = el("dl", { class: "clocks" }, urgency.element, first.element, solve.element);
  const body = el("div", { class: "packet-body" });
  const hide = iconButton("x", t("packet.close"), { class: "button button-quiet button-icon packet-hide", onclick: () => store.dispatch({ type: "context_toggled", shown: false }) });
  const element = el("aside", { class: "packet", "aria-label": t("packet.label"), "data-testid": "packet" }, el("header", { class: "packet-head" }, clocks, hide), body);
  /** @type {import("../state/types.js").Row | null} */
  let row = null;
  /** @type {import("../state/types.js").Packet | null} */
  let drawn = null;
  let status = "";

  /** @param {State} state @param {number} now */
  function update(state, now) {
    row = openRow(state);
    const chat = openChat(state);
    if (!row || !chat) return;
    tick(now);
    setText(urgency.value, nameOf("priority", row.priority) + t("join") + nameOf("skill", row.skill));
    if (chat.packet === drawn && chat.status === status) return;
    drawn = chat.packet;
    status = chat.status;
    if (drawn === null) return status === "failed" ? fill(body, el("p", { class: "part muted" }, t("packet.failed"))) : fill(body, ...skeletons());
    fill(
      body,
      whoPart(drawn, row, desk.reveal),
      whatPart(drawn, now + row.shiftMs),
      triedPart(drawn, row, chat.messages, state.agent?.name ?? ""),
      sayPart(drawn, insert),
    );
  }

  /** @param {number} now */
  function tick(now) {
    drawClock(first.value, row?.firstReply ?? null, now);
    drawClock(solve.value, row?.solve ?? null, now);
  }

  return { element, update, tick };
}

/** @param {string} name */
function term(name) {
  const value = el("dd", { class: "numbers" });
  return { element: el("div", {}, el("dt", {}, name), value), value };
}

/** @param {HTMLElement} place @param {Clock | null} clock @param {number} now */
function drawClock(place, clock, now) {
  setText(place, clock === null ? "—" : clock.done ? t(clock.kept ? "due.kept" : "due.broken") : leftText(clock.dueAt, now));
  place.dataset.pressure = clock === null || clock.done ? "calm" : pressure(clock, now);
}

function skeletons() {
  return [3, 4, 5, 3].map((lines) => el("div", { class: "part", "aria-hidden": "true" }, ...Array.from({ length: lines }, () => el("div", { class: "skeleton packet-skeleton" }))));
}
