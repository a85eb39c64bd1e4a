/** Dialogs: transfer, close, keyboard help. The button that acts says what will happen. */

import { nameOf, t } from "../i18n.js";
import { ALT_KEY, SEND_KEYS, el, fill, iconButton, setText } from "./dom.js";

/** @typedef {import("../state/types.js").State} State */

const SKILLS = ["presale", "aftersale", "logistics", "payment", "complaint", "security"];
const OUTCOMES = ["solved", "follow_up", "unsolved", "no_answer"];

/** @param {import("../desk.js").Desk} desk @param {import("../state/store.js").Store} store */
export function createDialogs(desk, store) {
  const transfer = transferDialog(desk);
  const close = closeDialog(desk);
  const help = helpDialog();
  const all = { transfer, close, help };
  const element = el("div", {}, ...Object.values(all).map((dialog) => dialog.element));
  for (const { element: dialog } of Object.values(all)) {
    dialog.addEventListener("close", () => store.state().dialog !== null && store.dispatch({ type: "dialog_changed", dialog: null }));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  }

  /** @param {State} state */
  function update(state) {
    for (const [name, dialog] of Object.entries(all)) {
      const isWanted = state.dialog === name;
      if (isWanted && !dialog.element.open) {
        dialog.reset(state);
        dialog.element.showModal();
      } else if (!isWanted && dialog.element.open) dialog.element.close();
      dialog.busy(state.busy !== null);
    }
  }

  return { element, update };
}

/** @param {string} name @param {string} heading @param {...import("./dom.js").Child} children */
function frame(name, heading, ...children) {
  const dialog = el("dialog", { class: `dialog dialog-${name}`, "aria-labelledby": `dialog-${name}` });
  dialog.append(
    el("header", { class: "dialog-head" }, el("h2", { id: `dialog-${name}` }, heading), iconButton("x", t("dialog.close"), { onclick: () => dialog.close() })),
    ...children.filter((child) => child instanceof Node),
  );
  return dialog;
}

/** @param {HTMLDialogElement} dialog @param {HTMLButtonElement} submit */
function footer(dialog, submit) {
  return el("footer", { class: "dialog-foot" }, el("button", { type: "button", class: "button button-quiet", onclick: () => dialog.close() }, t("cancel")), submit);
}

/** @param {string} id @param {string} label @param {string} hint */
function noteField(id, label, hint) {
  const input = el("textarea", { class: "input", id, rows: "3", maxlength: "900", placeholder: hint, "data-testid": id });
  return { input, field: el("div", { class: "field" }, el("label", { class: "label", for: id }, label), input) };
}

/** Radio buttons that look like chips. @param {string} name @param {string[]} values @param {(value: string) => string} label @param {(value: string) => void} chosen */
function choices(name, values, label, chosen) {
  return values.map((value) =>
    el(
      "label",
      { class: "choice", "data-testid": name, "data-value": value },
      el("input", { type: "radio", name, value, class: "choice-input", onchange: () => chosen(value) }),
      el("span", {}, label(value)),
    ),
  );
}

/** @param {import("../desk.js").Desk} desk */
function transferDialog(desk) {
  let skill = "";
  const submit = el("button", { type: "submit", class: "button button-accent", "data-testid": "transfer-submit" });
  const people = el("select", { class: "input", id: "transfer-agent", "data-testid": "transfer-agent", onchange: name });
  const note = noteField("transfer-note", t("transfer.note"), t("transfer.note.hint"));
  const skills = choices("transfer-skill", SKILLS, (value) => nameOf("skill", value), choose);
  const form = el(
    "form",
    { onsubmit: sent },
    el("fieldset", { class: "field" }, el("legend", { class: "label" }, t("transfer.skill")), el("div", { class: "choices" }, ...skills)),
    el("div", { class: "field" }, el("label", { class: "label", for: "transfer-agent" }, t("transfer.agent")), people),
    note.field,
  );
  const element = frame("transfer", t("transfer.heading"), form);
  form.append(footer(element, submit));

  /** @param {string} value */
  function choose(value) {
    skill = value;
    name();
  }

  function name() {
    const target = people.value === "" ? t("transfer.group", { skill: nameOf("skill", skill) }) : (people.selectedOptions[0]?.dataset.name ?? "");
    setText(submit, t("transfer.submit", { target }));
  }

  /** @param {SubmitEvent} event */
  function sent(event) {
    event.preventDefault();
    const to = people.selectedOptions[0]?.dataset.name ?? "";
    const text = note.input.value.trim();
    void desk.transfer({ skill, ...(to ? { agent: to } : {}), ...(text ? { note: text } : {}) });
  }

  /** @param {State} state */
  function reset(state) {
    form.reset();
    skill = state.rows[state.open ?? ""]?.skill ?? "aftersale";
    const chosen = form.querySelector(`input[value="${skill}"]`);
    if (chosen instanceof HTMLInputElement) chosen.checked = true;
    void loadPeople(state.agent?.id ?? "");
    name();
  }

  /** @param {string} me */
  async function loadPeople(me) {
    const anyone = el("option", { value: "" }, t("transfer.anyone"));
    fill(people, anyone);
    const { items } = await desk.colleagues().catch(() => ({ items: [] }));
    const options = (items ?? []).filter((/** @type {any} */ one) => one.id !== me).map((/** @type {any} */ one) =>
      el("option", { value: String(one.id), "data-name": String(one.name) }, t(one.state === "online" ? "transfer.person" : "transfer.away", { name: String(one.name), count: Number(one.active) || 0 })));
    fill(people, anyone, ...options);
  }

  return { element, reset, busy: (/** @type {boolean} */ busy) => void (submit.disabled = busy) };
}

/** @param {import("../desk.js").Desk} desk */
function closeDialog(desk) {
  let outcome = "";
  const submit = el("button", { type: "submit", class: "button button-danger", "data-testid": "close-submit" });
  const note = noteField("close-note", t("close.note"), t("close.note.hint"));
  const form = el(
    "form",
    { onsubmit: sent },
    el("fieldset", { class: "field" }, el("legend", { class: "visually-hidden" }, t("close.heading")), el("div", { class: "choices" }, ...choices("outcome", OUTCOMES, (value) => nameOf("outcome", value), choose))),
    note.field,
  );
  const element = frame("close", t("close.heading"), form);
  form.append(footer(element, submit));

  /** @param {string} value */
  function choose(value) {
    outcome = value;
    busy(false);
  }

  /** @param {boolean} isBusy */
  function busy(isBusy) {
    submit.disabled = isBusy || outcome === "";
    setText(submit, t(outcome === "" ? "close.pick" : "close.submit"));
  }

  /** @param {SubmitEvent} event */
  function sent(event) {
    event.preventDefault();
    const text = note.input.value.trim();
    if (outcome !== "") void desk.close({ outcome, ...(text ? { note: text } : {}) });
  }

  function reset() {
    form.reset();
    outcome = "";
  }

  return { element, reset, busy };
}

function helpDialog() {
  /** @type {[string[], import("../i18n.js").MessageKey][]} */
  const lines = [
    [["/"], "help.search"], [["J", "K"], "help.move"], [["Enter"], "help.open_row"], [SEND_KEYS, "help.send"], [["A"], "help.accept"],
    [["T"], "help.transfer"], [["Tab"], "help.suggest"], [[ALT_KEY, "↵"], "help.suggest"], [["Esc"], "help.escape"], [["?"], "help.help"],
  ];
  const list = el("dl", { class: "help" }, ...lines.map(([names, key]) => el("div", {}, el("dt", {}, ...names.map((name) => el("kbd", {}, name))), el("dd", {}, t(key)))));
  return { element: frame("help", t("help.heading"), list), reset: () => {}, busy: () => {} };
}
