// What is under way: a parcel with its scans, a refund or return with its steps.

import { icon } from "../../../static/icons.js";
import { h } from "../dom.js";
import { isoMoment, monthDay } from "../times.js";
import { card, detail, fact } from "./parts.js";

/**
 * @import {ParcelCard, RefundCard} from "../../state/types.js"
 * @import {Translate} from "../../messages/index.js"
 * @import {CardContext, CardView} from "./parts.js"
 */

const SHOWN = 2;
const COPIED_MS = 2000;

/** @param {ParcelCard} parcel @param {CardContext} context @returns {CardView} */
export function parcelCard(parcel, { t }) {
  const eta = parcel.eta ? t("parcel.eta", { date: monthDay(parcel.eta) }) : undefined;
  const scans = parcel.scans ?? [];
  const rows = scans.map((scan, i) => step(scan.text, isoMoment(scan.time, Date.now(), t), i === 0 ? "now" : "done"));
  const element = card(
    "parcel",
    fact("truck", parcel.status_text, eta),
    rows.length ? steps(rows, t("parcel.scans"), t("parcel.all", { n: rows.length })) : null,
    h("div", { class: "card-foot" }, detail(parcel.courier, parcel.tracking_no), copyButton(parcel.tracking_no, t)),
  );
  return { element };
}

/** @param {RefundCard} refund @param {CardContext} context @returns {CardView} */
export function refundCard(refund, { t }) {
  const all = refund.steps ?? [];
  const now = all.findLastIndex((one) => one.done);
  const rows = all.map((one, i) => {
    const element = step(one.text, one.time ? isoMoment(one.time, Date.now(), t) : "", i === now ? "now" : one.done ? "done" : "coming");
    element.append(h("span", { class: "hidden" }, t(one.done ? "refund.done" : "refund.coming")));
    return element;
  });
  const element = card(
    "refund",
    fact("undo-2", refund.status_text, refund.amount ? `¥${refund.amount}` : undefined),
    rows.length ? h("ol", { class: "steps", "aria-label": t("refund.steps") }, ...rows) : null,
    detail(kindText(refund.kind, t), t("refund.number", { id: refund.aftersale_id })),
  );
  return { element };
}

/** @param {string} text @param {string} time @param {"now"|"done"|"coming"} state */
function step(text, time, state) {
  return h("li", { class: `step step-${state}` }, h("span", { class: "step-text" }, text), time ? h("time", { class: "detail numbers" }, time) : null);
}

/** The first steps, the others behind a button. @param {HTMLElement[]} rows @param {string} name @param {string} all */
function steps(rows, name, all) {
  const list = h("ol", { class: "steps", "aria-label": name }, ...rows);
  const hidden = rows.slice(SHOWN);
  if (!hidden.length) return list;
  for (const row of hidden) row.hidden = true;
  const more = h("button", { type: "button", class: "fold" }, all);
  more.addEventListener("click", () => {
    for (const row of hidden) row.hidden = false;
    more.remove();
  });
  return h("div", { class: "steps-box" }, list, more);
}

/** @param {string} number @param {Translate} t */
function copyButton(number, t) {
  const button = h("button", { type: "button", class: "quiet-icon", "aria-label": t("parcel.copy"), title: t("parcel.copy") }, icon("copy"));
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(number);
    button.replaceChildren(icon("check"), h("span", { class: "hidden", role: "status" }, t("parcel.copied")));
    setTimeout(() => button.replaceChildren(icon("copy")), COPIED_MS);
  });
  return button;
}

/** @param {string} kind @param {Translate} t */
function kindText(kind, t) {
  return kind === "return" || kind === "exchange" || kind === "refund" || kind === "cancel" ? t(`refund.${kind}`) : kind;
}
