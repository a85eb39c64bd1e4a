// Events and states for the tests of the widget; nothing here touches a page or a network.
import { INITIAL, reduce } from "../../server/widget/state/reducer.js";

/** @import {ChatEvent} from "../../server/widget/state/reducer.js" */
/** @import {MessageEvent, State} from "../../server/widget/state/types.js" */

/** @param {ChatEvent[]} events @param {State} [from] */
export function after(events, from = INITIAL) {
  return events.reduce(reduce, from);
}

/** @param {number} seq @param {Partial<MessageEvent>} [fields] @returns {MessageEvent} */
export function message(seq, fields = {}) {
  return { type: "message", seq, from: "bot", text: `第 ${seq} 条`, time: new Date(1_000_000 + seq * 1000).toISOString(), ...fields };
}

/** @param {string} id @param {string} text @returns {ChatEvent} */
export function said(id, text) {
  return { type: "said", outgoing: { type: "message", id, text }, now: 2_000_000 };
}

/** @param {Partial<import("../../server/widget/state/types.js").WelcomeEvent>} [fields] @returns {ChatEvent} */
export function welcome(fields = {}) {
  return { type: "welcome", session: "s_1", owner: "bot", ...fields };
}

/** @param {State} state */
export function texts(state) {
  return state.messages.map(({ text }) => text);
}

/** A place for strings, as the browser's. @returns {import("../../server/widget/connection/storage.js").Shelf & {kept: Map<string, string>}} */
export function shelf() {
  const kept = new Map();
  return {
    kept,
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => void kept.set(key, value),
    removeItem: (key) => void kept.delete(key),
  };
}
