/** Puts the page together and keeps it in step with the state. */

import { openRow, unreadChats } from "../state/select.js";
import { t } from "../i18n.js";
import { createComposer } from "./composer.js";
import { createDialogs } from "./dialogs.js";
import { el, fill, setText, show } from "./dom.js";
import { createHead } from "./head.js";
import { listenToKeys } from "./keyboard.js";
import { createList } from "./list.js";
import { createPacket } from "./packet.js";
import { createSide } from "./side.js";
import { createSignIn } from "./sign_in.js";
import { createTranscript } from "./transcript.js";

/** @typedef {import("../state/types.js").State} State */

const TICK_MS = 1000;
const NOTICE_MS = 5000;

/**
 * @param {HTMLElement} root
 * @param {import("../state/store.js").Store} store
 * @param {import("../desk.js").Desk} desk
 */
export function createApp(root, store, desk) {
  const signIn = createSignIn(desk);
  const list = createList(desk);
  const side = createSide(desk, store, list.element);
  const head = createHead(desk, store);
  const transcript = createTranscript(desk);
  const composer = createComposer(desk, store);
  const packet = createPacket(desk, store, composer.insert);
  const dialogs = createDialogs(desk, store);
  const notice = el("div", { class: "notice", role: "status", "aria-live": "polite" });
  const chat = el("main", { class: "chat", id: "chat", tabindex: "-1" }, head.element, transcript.element, composer.element);
  const nothing = el("main", { class: "nothing" }, el("h1", { class: "nothing-head" }, t("chat.none")), el("p", { class: "muted" }, t("chat.none.hint")));
  const desk_page = el("div", { class: "desk" }, el("a", { class: "visually-hidden skip-link", href: "#chat" }, t("skip")), side.element, chat, nothing, packet.element);
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let hiding;
  let shownSession = "";
  let shownOpen = "";

  /** @param {State} state */
  function update(state) {
    const now = Date.now();
    drawSession(state);
    if (state.session === "in") drawDesk(state, now);
    else signIn.update(state);
    const count = unreadChats(state);
    const title = count > 0 ? t("title.unread", { count }) : t("title");
    if (document.title !== title) document.title = title;
    drawNotice(state);
  }

  /** @param {State} state */
  function drawSession(state) {
    if (state.session === shownSession) return;
    shownSession = state.session;
    if (state.session === "unknown") return;
    fill(root, ...(state.session === "in" ? [desk_page, dialogs.element] : [signIn.element]), notice);
    if (state.session === "out") signIn.focus();
  }

  /** @param {State} state @param {number} now */
  function drawDesk(state, now) {
    const row = openRow(state);
    show(chat, row !== null);
    show(nothing, row === null);
    show(packet.element, row !== null);
    desk_page.dataset.view = row === null ? "list" : "chat";
    desk_page.classList.toggle("context-shown", state.contextShown);
    side.update(state);
    list.update(state, now);
    head.update(state);
    packet.update(state, now);
    composer.update(state);
    transcript.update(state, now);
    dialogs.update(state);
    const opened = row === null ? "" : `${row.id} ${row.state}`;
    if (opened !== shownOpen) {
      shownOpen = opened;
      if (row?.state === "active" && state.dialog === null) composer.focus();
    }
  }

  /** @param {State} state */
  function drawNotice(state) {
    const text = state.notice?.text ?? "";
    if (notice.textContent === text) return;
    setText(notice, text);
    notice.dataset.kind = state.notice?.kind ?? "";
    clearTimeout(hiding);
    if (text !== "") hiding = setTimeout(() => store.dispatch({ type: "notice_changed", notice: null }), NOTICE_MS);
  }

  function tick() {
    const now = Date.now();
    if (store.state().session !== "in" || document.hidden) return;
    list.tick(now);
    packet.tick(now);
    transcript.tick(now);
  }

  store.subscribe(update);
  setInterval(tick, TICK_MS);
  document.addEventListener("visibilitychange", () => (desk.look(), tick()));
  root.addEventListener("desk-said", (event) => store.dispatch({ type: "notice_changed", notice: { kind: "info", text: String(/** @type {CustomEvent} */ (event).detail) } }));
  listenToKeys(store, desk, { search: side.search.focus, isSearch: side.search.is, row: list.focusRow, writer: composer.focus });
  update(store.state());
}
