/** Signing in. */

import { t } from "../i18n.js";
import { el, setAttribute, setText, show } from "./dom.js";

/** @typedef {import("../state/types.js").State} State */

/** @param {import("../desk.js").Desk} desk */
export function createSignIn(desk) {
  const name = el("input", { class: "input", id: "login-name", name: "username", autocomplete: "username", required: true, "data-testid": "login-name" });
  const password = el("input", {
    class: "input", id: "login-password", name: "password", type: "password", autocomplete: "current-password", required: true,
    "data-testid": "login-password",
  });
  const failure = el("p", { class: "field-error", role: "alert", id: "login-failure" });
  const submit = el("button", { class: "button button-accent", type: "submit", "data-testid": "login-submit" }, t("login.submit"));
  const form = el(
    "form",
    { class: "login card", onsubmit: sent },
    el("h1", { class: "login-heading" }, t("login.heading")),
    el("div", { class: "field" }, el("label", { class: "label", for: "login-name" }, t("login.name")), name),
    el("div", { class: "field" }, el("label", { class: "label", for: "login-password" }, t("login.password")), password),
    failure,
    submit,
  );
  const element = el("main", { class: "login-page" }, form);

  /** @param {SubmitEvent} event */
  function sent(event) {
    event.preventDefault();
    void desk.login(name.value.trim(), password.value);
  }

  /** @param {State} state */
  function update(state) {
    const wrong = state.loginFailure?.code === "unauthorized";
    setText(failure, state.loginFailure?.text ?? "");
    show(failure, state.loginFailure !== null);
    for (const input of [name, password]) {
      setAttribute(input, "aria-invalid", wrong ? "true" : null);
      setAttribute(input, "aria-describedby", wrong ? "login-failure" : null);
    }
    submit.disabled = state.busy === "login";
    setText(submit, t(state.busy === "login" ? "login.busy" : "login.submit"));
  }

  return { element, update, focus: () => name.focus() };
}
