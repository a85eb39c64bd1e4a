// Text of a message: links are marked, long answers are folded at the end of a sentence.

import { icon } from "../../static/icons.js";
import { h } from "./dom.js";

/** @import {Translate} from "../messages/index.js" */

const LINK = /https?:\/\/[^\s<>"'，。；：！？、（）《》“”‘’\u3000]+/g;
const FOLD_OVER = { bot: 120, other: 600 };
const HAN = /[\u4e00-\u9fff]/;
const LETTERS_FOR_HAN = 2.5;
const LEAST_HIDDEN = 30;

/** @typedef {{text: string, link: boolean}} Piece */

/** @param {string} text @returns {Piece[]} */
export function pieces(text) {
  /** @type {Piece[]} */
  const found = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const url = match[0].replace(/[.,;:!?)\]]+$/, "");
    if (match.index > end) found.push({ text: text.slice(end, match.index), link: false });
    found.push({ text: url, link: true });
    end = match.index + url.length;
  }
  if (end < text.length) found.push({ text: text.slice(end), link: false });
  return found;
}

/** Where to fold: after the last whole sentence within the limit; null when the text is short enough, or next to nothing would be hidden.
 * @param {string} text @param {number} most Chinese characters; of letters there may be more @returns {number|null} */
export function foldAt(text, most) {
  const limit = HAN.test(text) ? most : most * LETTERS_FOR_HAN;
  if (text.length <= limit) return null;
  const head = text.slice(0, limit);
  const sentence = Math.max(...["。", "！", "？", "；", "\n", ". "].map((mark) => head.lastIndexOf(mark)));
  const at = sentence > limit / 3 ? sentence + 1 : limit;
  return text.length - at < LEAST_HIDDEN ? null : at;
}

/** @param {string} text @param {{bot: boolean, t: Translate}} options @returns {HTMLElement} */
export function prose(text, { bot, t }) {
  const at = foldAt(text, bot ? FOLD_OVER.bot : FOLD_OVER.other);
  const body = h("div", { class: "prose" }, ...nodes(at === null ? text : text.slice(0, at), t));
  if (at === null) return body;
  const rest = h("span", { hidden: true }, ...nodes(text.slice(at), t));
  const toggle = h("button", { type: "button", class: "fold", "aria-expanded": "false" }, t("message.unfold"));
  toggle.addEventListener("click", () => {
    rest.hidden = !rest.hidden;
    toggle.setAttribute("aria-expanded", String(!rest.hidden));
    toggle.textContent = t(rest.hidden ? "message.unfold" : "message.fold");
  });
  body.append(rest, " ", toggle);
  return body;
}

/** @param {string} text @param {Translate} t @returns {(Node|string)[]} */
function nodes(text, t) {
  return pieces(text).map((piece) => (piece.link ? link(piece.text, t) : piece.text));
}

/** @param {string} url @param {Translate} t */
function link(url, t) {
  const properties = { href: url, target: "_blank", rel: "noopener noreferrer nofollow", "aria-label": t("message.link", { url }) };
  return h("a", properties, icon("external-link"), url);
}
