/** Keys of the desk. Single letters work when nobody is typing; Esc leaves what is open. */

import { mayAct, neighbour } from "../state/select.js";

/** @typedef {import("../state/store.js").Store} Store */

/**
 * @param {Store} store
 * @param {import("../desk.js").Desk} desk
 * @param {{search: () => void, row: (id: string) => void, writer: () => void, isSearch: (target: EventTarget | null) => boolean}} focus
 */
export function listenToKeys(store, desk, focus) {
  document.addEventListener("keydown", (event) => {
    if (store.state().session !== "in" || event.defaultPrevented || event.isComposing) return;
    if (event.key === "Escape") return escape(event);
    if (event.metaKey || event.ctrlKey || event.altKey || store.state().dialog !== null) return;
    if (focus.isSearch(event.target) && (event.key === "Enter" || event.key === "ArrowDown")) return act(event, () => move(1, true));
    if (isTyping(event.target)) return;
    const run = single(event);
    if (run) act(event, run);
  });

  /** @param {KeyboardEvent} event @returns {(() => void) | null} */
  function single(event) {
    const onRow = event.target instanceof HTMLElement && event.target.classList.contains("row");
    switch (event.key.toLowerCase()) {
      case "/":
        return focus.search;
      case "j":
        return () => move(1);
      case "k":
        return () => move(-1);
      case "arrowdown":
        return onRow ? () => move(1) : null;
      case "arrowup":
        return onRow ? () => move(-1) : null;
      case "a":
        return () => void desk.accept();
      case "t":
        return mayAct(store.state()) ? () => store.dispatch({ type: "dialog_changed", dialog: "transfer" }) : null;
      case "enter":
        return event.target === document.body ? openCursor : null;
      case "?":
        return () => store.dispatch({ type: "dialog_changed", dialog: "help" });
      default:
        return null;
    }
  }

  /** @param {1 | -1} step @param {boolean} [fromStart] */
  function move(step, fromStart = false) {
    const state = store.state();
    const id = neighbour(fromStart ? { ...state, cursor: null, open: null } : state, step);
    store.dispatch({ type: "cursor_moved", id });
    if (id !== null) queueMicrotask(() => focus.row(id));
  }

  function openCursor() {
    const { cursor, open } = store.state();
    if (cursor !== null && cursor !== open) desk.open(cursor);
    else focus.writer();
  }

  /** @param {KeyboardEvent} event */
  function escape(event) {
    const state = store.state();
    if (state.dialog !== null) return;
    if (state.contextShown) return act(event, () => store.dispatch({ type: "context_toggled", shown: false }));
    if (focus.isSearch(event.target)) store.dispatch({ type: "search_changed", text: "" });
    if (isTyping(event.target)) act(event, () => focus.row(state.open ?? state.cursor ?? ""));
  }
}

/** @param {KeyboardEvent} event @param {() => void} run */
function act(event, run) {
  event.preventDefault();
  run();
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
