// Stars for a service that ended: radio buttons, so that arrow keys and screen readers work; given once.

import { icon } from "../../../static/icons.js";
import { ratingAsked } from "../../state/transcript.js";
import { h } from "../dom.js";

/**
 * @import {ChatMessage} from "../../state/types.js"
 * @import {MessageKey} from "../../messages/index.js"
 * @import {CardContext, CardView} from "./parts.js"
 */

/** @param {ChatMessage} message @param {CardContext} context @returns {CardView} */
export function ratingCard(message, { chat, t }) {
  const words = h("p", { class: "detail stars-words", "aria-hidden": "true" });
  const text = h("textarea", { class: "rating-text", rows: 2, maxlength: 500, "aria-label": t("rating.text"), placeholder: t("rating.text") });
  const send = h("button", { type: "submit", class: "card-button", disabled: true }, t("rating.send"));
  const name = `stars-${message.key}`;
  const stars = [1, 2, 3, 4, 5].map((n) => {
    const label = t("rating.star", { n, word: word(n, t) });
    const input = h("input", { type: "radio", name, value: n, class: "hidden", "aria-label": label });
    return h("label", { class: "star", title: label }, input, icon("star"));
  });
  const fields = h("fieldset", { class: "stars" }, h("legend", {}, message.text || t("rating.title")), ...stars);
  const more = h("div", { class: "rating-more", hidden: true }, text, send);
  const form = h("form", { class: "card card-rating", "data-testid": "rating" }, fields, words, more);
  form.addEventListener("change", () => {
    const chosen = starsOf(form);
    stars.forEach((star, i) => star.classList.toggle("lit", i < chosen));
    words.textContent = chosen ? word(chosen, t) : "";
    send.disabled = chosen === 0;
    more.hidden = chosen === 0;
    form.scrollIntoView({ block: "nearest" });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (starsOf(form)) chat.rate(starsOf(form), text.value.trim());
  });
  return {
    element: form,
    update(state) {
      fields.disabled = !ratingAsked(state.messages);
      if (fields.disabled) more.hidden = true;
      form.classList.toggle("over", fields.disabled);
    },
  };
}

/** @param {number} stars @param {import("../../messages/index.js").Translate} t */
function word(stars, t) {
  return t(/** @type {MessageKey} */ (`rating.${stars}`));
}

/** @param {HTMLFormElement} form */
function starsOf(form) {
  return Number(form.querySelector("input:checked")?.getAttribute("value") ?? 0);
}
