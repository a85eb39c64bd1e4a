/** The list on the left: my chats, who waits, what colleagues hold; or what is closed. Each part has its empty, loading and failed state. */

import { sections } from "../state/select.js";
import { t } from "../i18n.js";
import { el, fill, follow, setText } from "./dom.js";
import { changeRow, makeRow, tickRow } from "./row.js";

/** @typedef {import("../state/types.js").State} State */
/** @typedef {ReturnType<typeof sections>[number]} Section */

const LIST_OF = /** @type {const} */ ({ mine: "active", queued: "queued", others: "active", closed: "closed" });
const SKELETONS = 4;

/** @param {import("../desk.js").Desk} desk */
export function createList(desk) {
  const element = el("div", { class: "list" });
  /** @type {State | null} */
  let drawn = null;
  /** @type {Section[]} */
  let shown = [];

  /** @param {State} state @param {number} now */
  function update(state, now) {
    if (drawn && isSame(drawn, state)) return;
    drawn = state;
    shown = worthShowing(sections(state), state.search.trim() !== "");
    follow(element, shown, (section) => section.name, makeSection, (part, section) => changeSection(part, section, state, now));
    giveTabStop();
  }

  /** @param {number} now */
  function tick(now) {
    shown.forEach((section, at) => {
      const items = element.children[at]?.querySelector("ul")?.children ?? [];
      section.rows.forEach((row, index) => items[index] && tickRow(/** @type {HTMLElement} */ (items[index]), row, now));
    });
  }

  /** @param {Section} section */
  function makeSection(section) {
    return el(
      "section",
      { class: "section", "aria-label": t(`section.${section.name}`) },
      el("h2", { class: "section-head" }, el("span", {}, t(`section.${section.name}`)), el("span", { class: "numbers section-count" })),
      el("ul", {}),
      el("div", { class: "section-state" }),
    );
  }

  /** @param {HTMLElement} part @param {Section} section @param {State} state @param {number} now */
  function changeSection(part, section, state, now) {
    const rows = /** @type {Element} */ (part.querySelector("ul"));
    follow(rows, section.rows, (row) => row.id, (row) => makeRow(row, desk.open), (item, row) => changeRow(item, row, state, now));
    const count = /** @type {Element} */ (part.querySelector(".section-count"));
    setText(count, section.rows.length > 0 ? String(section.rows.length) : "");
    drawState(/** @type {HTMLElement} */ (part.querySelector(".section-state")), section, state);
  }

  /** @param {HTMLElement} place @param {Section} section @param {State} state */
  function drawState(place, section, state) {
    const list = state.lists[LIST_OF[section.name]];
    const isSaid = section.name !== "mine" && state.lists.active.status === "failed";
    const name = list.status === "failed" ? (isSaid ? "" : "failed") : section.rows.length > 0 ? "" : list.status === "ready" ? `empty ${state.search}` : "loading";
    if (place.dataset.state === name) return;
    place.dataset.state = name;
    if (name === "failed") fill(place, failed());
    else if (name === "loading") fill(place, ...skeletons());
    else if (name === "") fill(place);
    else fill(place, el("p", { class: "section-empty" }, emptyText(section.name, state.search)));
  }

  function failed() {
    return el(
      "div",
      { class: "section-failed", role: "alert" },
      el("p", {}, t("list.failed")),
      el("button", { type: "button", class: "button", onclick: desk.reload }, t("retry")),
    );
  }

  /** One row takes the tab key: the cursor, else the open one, else the first. */
  function giveTabStop() {
    if (element.querySelector('.row[tabindex="0"]')) return;
    element.querySelector(".row")?.setAttribute("tabindex", "0");
  }

  /** @param {string} id */
  function focusRow(id) {
    const row = element.querySelector(`.row[data-id="${CSS.escape(id)}"]`);
    if (row instanceof HTMLElement) row.focus();
  }

  return { element, update, tick, focusRow };
}

/** Empty parts say that they are empty; of a search only what was found is shown. @param {Section[]} all @param {boolean} isSearch */
function worthShowing(all, isSearch) {
  const found = all.filter((section) => section.rows.length > 0);
  if (isSearch) return found.length > 0 ? found : all.slice(0, 1);
  return all.filter((section) => section.name !== "others" || section.rows.length > 0);
}

/** @param {Section["name"]} name @param {string} search */
function emptyText(name, search) {
  if (search.trim() !== "") return t("list.empty.search", { text: search.trim() });
  return t(name === "others" ? "list.empty.mine" : `list.empty.${name}`);
}

function skeletons() {
  return Array.from({ length: SKELETONS }, () => el("div", { class: "row-skeleton", "aria-hidden": "true" }, el("div", { class: "skeleton" }), el("div", { class: "skeleton" })));
}

/** @param {State} a @param {State} b */
function isSame(a, b) {
  return a.rows === b.rows && a.lists === b.lists && a.seen === b.seen && a.search === b.search && a.tab === b.tab && a.open === b.open && a.cursor === b.cursor && a.agent === b.agent;
}
