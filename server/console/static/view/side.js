/** The left column: who works here, search, open or closed, and the list. */

import { t } from "../i18n.js";
import { el, icon, iconButton, setAttribute, setText, show, smallIcon } from "./dom.js";

/** @typedef {import("../state/types.js").State} State */

/**
 * @param {import("../desk.js").Desk} desk
 * @param {import("../state/store.js").Store} store
 * @param {HTMLElement} list
 */
export function createSide(desk, store, list) {
  const name = el("strong", { class: "side-name" });
  const presence = el("button", { type: "button", class: "presence", "data-testid": "presence", onclick: () => desk.setPresence(store.state().presence === "online" ? "busy" : "online") });
  const dot = el("span", { class: "presence-dot" });
  const presenceText = el("span", {});
  presence.append(dot, presenceText);
  const search = el("input", { class: "search-input", type: "search", placeholder: t("search.hint"), "aria-label": t("search.label"), "aria-keyshortcuts": "/", "data-testid": "search", oninput: () => store.dispatch({ type: "search_changed", text: search.value }) });
  const tabs = { open: tab("open"), closed: tab("closed") };
  const link = el("p", { class: "link-state", role: "status" });
  const element = el(
    "nav",
    { class: "side", "aria-label": t("list.label") },
    el(
      "header",
      { class: "side-head" },
      el("div", { class: "side-who" }, name, presence),
      iconButton("keyboard", t("help.open"), { "data-testid": "help", onclick: () => store.dispatch({ type: "dialog_changed", dialog: "help" }) }),
      themeButton(),
      iconButton("log-out", t("logout"), { "data-testid": "logout", onclick: desk.logout }),
    ),
    el("div", { class: "search" }, smallIcon("search"), search, el("kbd", { "aria-hidden": "true" }, "/")),
    el("div", { class: "tabs", role: "group", "aria-label": t("tab.label") }, tabs.open, tabs.closed),
    link,
    list,
  );

  /** @param {"open" | "closed"} which */
  function tab(which) {
    return el("button", { type: "button", class: "tab", "data-testid": `tab-${which}`, onclick: () => desk.showTab(which) }, t(`tab.${which}`));
  }

  /** @param {State} state */
  function update(state) {
    setText(name, state.agent?.name ?? "");
    setText(presenceText, t(`presence.${state.presence}`));
    setAttribute(presence, "title", t(state.presence === "online" ? "presence.to_busy" : "presence.to_online"));
    dot.dataset.presence = state.link === "online" ? state.presence : "off";
    setText(link, state.link === "offline" ? t("link.offline") : "");
    show(link, state.link === "offline");
    if (search.value !== state.search) search.value = state.search;
    for (const which of /** @type {const} */ (["open", "closed"])) setAttribute(tabs[which], "aria-pressed", String(state.tab === which));
  }

  return { element, update, search: { focus: () => search.focus(), is: (/** @type {EventTarget | null} */ target) => target === search } };
}

function themeButton() {
  const button = iconButton("moon", t("theme.dark"), { "data-testid": "theme", onclick: () => turn(!isDark()) });

  function isDark() {
    return (document.documentElement.dataset.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light")) === "dark";
  }

  /** @param {boolean} dark */
  function turn(dark) {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    localStorage.setItem("desk-theme", dark ? "dark" : "light");
    draw();
  }

  function draw() {
    const label = t(isDark() ? "theme.light" : "theme.dark");
    button.replaceChildren(icon(isDark() ? "sun" : "moon"));
    button.setAttribute("aria-label", label);
    button.title = label;
  }

  draw();
  return button;
}
