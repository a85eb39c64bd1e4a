// A picture of the conversation. Its place is kept before it is there, so that nothing jumps.

import { h } from "./dom.js";

/** @import {CardContext} from "./cards/parts.js" */

/** @param {string} image @param {CardContext} context @returns {HTMLElement} */
export function picture(image, { chat, t }) {
  const img = h("img", { alt: t("message.image"), width: 200, height: 150 });
  const link = h("a", { class: "picture", target: "_blank", rel: "noopener" }, img);
  const failed = () => link.replaceChildren(h("span", { class: "detail" }, t("message.image_failed")));
  img.addEventListener("error", failed);
  chat.pictureUrl(image).then((url) => {
    img.src = url;
    link.href = url;
  }, failed);
  return link;
}
