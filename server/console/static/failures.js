/** What a refused request says to the agent: what happened and what to do. */

import { t } from "./i18n.js";

/** @typedef {import("./i18n.js").MessageKey} MessageKey */

const KNOWN = ["network", "unauthorized", "expired", "forbidden", "not_found", "conflict", "too_large", "invalid", "rate_limited", "unavailable"];

/**
 * @param {unknown} error
 * @returns {import("./state/types.js").Failure}
 */
export function failureOf(error) {
  const code = error instanceof Error && "code" in error ? String(error.code) : "other";
  return { code, text: failureText(code) };
}

/** @param {string} code */
export function failureText(code) {
  return t(/** @type {MessageKey} */ (`error.${KNOWN.includes(code) ? code : "other"}`));
}
