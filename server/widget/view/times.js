// Times as people say them: 刚刚, 5 分钟前, 今天 14:02, 11-20 14:02.

/** @import {Translate} from "../messages/index.js" */

const MINUTE = 60_000;

/** @param {number} ms @returns {string} 14:02 */
export function clock(ms) {
  const date = new Date(ms);
  return `${pair(date.getHours())}:${pair(date.getMinutes())}`;
}

/** @param {number} ms @param {number} now @param {Translate} t */
export function moment(ms, now, t) {
  const days = Math.round((midnight(ms) - midnight(now)) / (24 * 60 * MINUTE));
  if (days === 0) return t("time.today", { time: clock(ms) });
  if (days === -1) return t("time.yesterday", { time: clock(ms) });
  if (days === 1) return t("time.tomorrow", { time: clock(ms) });
  const date = new Date(ms);
  const sameYear = date.getFullYear() === new Date(now).getFullYear();
  return `${sameYear ? "" : `${date.getFullYear()}-`}${pair(date.getMonth() + 1)}-${pair(date.getDate())} ${clock(ms)}`;
}

/** An ISO time of the server as above; what is not a time is shown as it came. @param {string} iso @param {number} now @param {Translate} t */
export function isoMoment(iso, now, t) {
  const ms = Date.parse(iso.replace(" ", "T"));
  return Number.isNaN(ms) ? iso : moment(ms, now, t);
}

/** 2026-11-23 → 11-23 @param {string} iso */
export function monthDay(iso) {
  return /^\d{4}-(\d{2}-\d{2})/.exec(iso)?.[1] ?? iso;
}

/** @param {number|null} seconds @param {Translate} t */
export function waiting(seconds, t) {
  if (seconds === null) return "";
  return seconds < 60 ? t("wait.under_a_minute") : t("wait.minutes", { n: Math.round(seconds / 60) });
}

/** @param {number} ms */
function midnight(ms) {
  return new Date(ms).setHours(0, 0, 0, 0);
}

/** @param {number} n */
function pair(n) {
  return String(n).padStart(2, "0");
}
