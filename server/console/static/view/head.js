/** Above the conversation: who it is, who has it, and what can be done with it. */

import { isMine, mayAct, openRow } from "../state/select.js";
import { nameOf, t } from "../i18n.js";
import { el, iconButton, keys, setText, show, smallIcon } from "./dom.js";
import { nameOfShopper } from "./words.js";

/** @typedef {import("../state/types.js").State} State */

/** @param {import("../desk.js").Desk} desk @param {import("../state/store.js").Store} store */
export function createHead(desk, store) {
  const name = el("h1", { class: "chat-name" });
  const about = el("p", { class: "chat-about" });
  const transfer = action("transfer", "arrow-left-right", () => store.dispatch({ type: "dialog_changed", dialog: "transfer" }));
  transfer.append(keys("T"));
  transfer.setAttribute("aria-keyshortcuts", "T");
  const giveBack = action("return", "bot", () => desk.giveBack(), "return-bot");
  const close = action("close", "circle-check", () => store.dispatch({ type: "dialog_changed", dialog: "close" }));
  const details = el("button", { type: "button", class: "button button-quiet details", "data-testid": "details", onclick: () => store.dispatch({ type: "context_toggled", shown: !store.state().contextShown }) }, smallIcon("info"), t("chat.context"));
  const actions = el("div", { class: "chat-actions" }, transfer, giveBack, close);
  const element = el(
    "header",
    { class: "chat-head" },
    iconButton("arrow-left", t("chat.back"), { class: "button button-quiet button-icon back", onclick: desk.leave }),
    el("div", { class: "chat-who" }, name, about),
    actions,
    details,
  );

  /** @param {State} state */
  function update(state) {
    const row = openRow(state);
    if (!row) return;
    setText(name, nameOfShopper(row));
    setText(about, [stateText(row, isMine(state, row)), nameOf("reason", row.reason)].filter(Boolean).join(t("join")));
    show(actions, mayAct(state));
    for (const button of [transfer, giveBack, close]) button.disabled = state.busy !== null;
    details.setAttribute("aria-expanded", String(state.contextShown));
  }

  return { element, update };
}

/** @param {"transfer" | "return" | "close"} name @param {import("./dom.js").IconName} icon @param {() => void} run @param {string} [testid] */
function action(name, icon, run, testid = name) {
  return el("button", { type: "button", class: "button", "data-testid": testid, onclick: run }, smallIcon(icon), t(`act.${name}`));
}

/** @param {import("../state/types.js").Row} row @param {boolean} mine */
function stateText(row, mine) {
  if (row.state === "closed") return nameOf("outcome", row.outcome) || t("chat.state.closed");
  if (row.state === "queued") return t("chat.state.queued");
  return mine ? t("chat.state.mine") : t("chat.state.other", { name: row.agent?.name ?? "" });
}
