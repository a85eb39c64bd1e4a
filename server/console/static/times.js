/** Times as the desk writes them: 刚刚, 5 分钟前, 今天 14:02, 11-20 14:02; and what is left of a promise: 1:20, 3 小时, 2 天. */

import { t } from "./i18n.js";

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

/** @param {number} n */
const two = (n) => String(n).padStart(2, "0");

/** @param {number} at milliseconds */
export function clockTime(at) {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** @param {number} at @param {number} now */
export function ago(at, now) {
  const passedS = (now - at) / 1000;
  if (passedS < MINUTE_S && passedS > -MINUTE_S) return t("time.now");
  if (passedS > 0 && passedS < HOUR_S) return t("time.minutes", { n: Math.floor(passedS / MINUTE_S) });
  return dayTime(at, now);
}

/** @param {number} at @param {number} now */
export function dayTime(at, now) {
  const date = new Date(at);
  if (date.toDateString() === new Date(now).toDateString()) return t("time.today", { time: clockTime(at) });
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockTime(at)}`;
}

/** A length of time, at most two figures: 1:20 below an hour, then whole hours, then days. @param {number} seconds */
export function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < HOUR_S) return `${Math.floor(whole / MINUTE_S)}:${two(whole % MINUTE_S)}`;
  if (whole < 2 * DAY_S) return t("span.hours", { n: Math.floor(whole / HOUR_S) });
  return t("span.days", { n: Math.floor(whole / DAY_S) });
}

/** 剩 1:20 or 超 0:40. @param {number} dueAt @param {number} now */
export function leftText(dueAt, now) {
  const leftS = (dueAt - now) / 1000;
  return leftS >= 0 ? t("due.left", { time: span(leftS) }) : t("due.over", { time: span(-leftS) });
}
