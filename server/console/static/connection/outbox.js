/** What an agent has written and the server has not confirmed: sent in order, one at a time per conversation, kept through a break. */

import { readMessage } from "./wire.js";
import { failureOf } from "../failures.js";

/** @typedef {import("../state/types.js").Message} Message */
/** @typedef {{conversation: string, message: Message}} Letter */

/**
 * @param {object} parts
 * @param {import("../state/store.js").Store} parts.store
 * @param {Pick<import("./api.js").Api, "say">} parts.api
 * @param {() => number} parts.now
 * @param {() => void} parts.onExpired
 */
export function createOutbox({ store, api, now, onExpired }) {
  /** @type {Letter[]} */
  const waiting = [];
  /** @type {Set<string>} */
  const busy = new Set();
  let count = 0;

  /** @param {string} conversation @param {string} text @param {boolean} isPrivate */
  function put(conversation, text, isPrivate) {
    count += 1;
    const id = `d${crypto.randomUUID()}-${count}`;
    const name = store.state().agent?.name ?? "";
    /** @type {Message} */
    const message = {
      seq: 0, id, from: "agent", name, isPrivate, at: now(), text, buttons: [], image: "", card: null, parse: null, state: "sending",
    };
    post({ conversation, message });
  }

  /** @param {Letter} letter */
  function post(letter) {
    store.dispatch({ type: "message_sending", ...letter });
    waiting.push(letter);
    void drain(letter.conversation);
  }

  /** Once more, with the same id: the server stores it once. @param {string} conversation @param {Message} message */
  function again(conversation, message) {
    post({ conversation, message: { ...message, state: "sending" } });
  }

  /** @param {string} conversation */
  async function drain(conversation) {
    if (busy.has(conversation)) return;
    busy.add(conversation);
    try {
      for (let letter = next(conversation); letter; letter = next(conversation)) {
        if (!(await deliver(letter))) break;
        waiting.splice(waiting.indexOf(letter), 1);
      }
    } finally {
      busy.delete(conversation);
    }
  }

  /** @param {string} conversation */
  const next = (conversation) => waiting.find((letter) => letter.conversation === conversation);

  /** @param {Letter} letter @returns {Promise<boolean>} false: it stays for when the connection is back */
  async function deliver({ conversation, message }) {
    try {
      const stored = await api.say(conversation, { id: message.id, text: message.text, private: message.isPrivate });
      confirm(conversation, message, stored);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.code === "network" && store.state().link !== "online") return false;
      store.dispatch({ type: "message_failed", conversation, id: message.id });
      if (failure.code === "unauthorized") onExpired();
      else store.dispatch({ type: "notice_changed", notice: { kind: "error", text: failure.text } });
    }
    return true;
  }

  /** @param {string} conversation @param {Message} message @param {Record<string, any>} stored */
  function confirm(conversation, message, stored) {
    const wire = stored.message ?? stored;
    if (typeof wire.seq !== "number") return;
    const known = readMessage(wire);
    store.dispatch({ type: "message_came", conversation, message: { ...message, seq: known.seq, at: known.at || message.at, state: "sent" } });
  }

  function flush() {
    for (const conversation of new Set(waiting.map((letter) => letter.conversation))) void drain(conversation);
  }

  return { put, again, flush };
}
