// What the shop sets on the script element (docs/widget-protocol.md: Addresses).

import { chooseLanguage } from "./messages/index.js";

/**
 * @typedef {object} Config
 * @property {string} server  origin of the script
 * @property {"zh-CN"|"en"} language
 * @property {string|null} page
 * @property {string|null|undefined} token  null: nobody is signed in; undefined: the page does not say
 * @property {string|null} accent
 * @property {"light"|"dark"|null} theme
 * @property {"right"|"left"} position
 * @property {boolean} launcher
 * @property {string|null} privacyUrl
 */

/** @param {DOMStringMap} data @param {string} source address of the script @param {string} pageLanguage @returns {Config} */
export function readConfig(data, source, pageLanguage) {
  return {
    server: new URL(source).origin,
    language: chooseLanguage(data.lang, pageLanguage),
    page: data.page || null,
    token: data.shopperToken === undefined ? undefined : data.shopperToken || null,
    accent: data.accent || null,
    theme: data.theme === "light" || data.theme === "dark" ? data.theme : null,
    position: data.position === "left" ? "left" : "right",
    launcher: data.launcher !== "none",
    privacyUrl: data.privacyUrl || null,
  };
}
