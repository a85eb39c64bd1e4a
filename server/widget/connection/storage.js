// What the widget keeps in the browser: the session secret, what waits to be sent, and how far was read. A browser that keeps
// nothing (private mode, a full disk) only loses the memory over a reload.

/** @import {Outgoing} from "../state/types.js" */

/**
 * @typedef {{getItem(key: string): string|null, setItem(key: string, value: string): void, removeItem(key: string): void}} Shelf
 * @typedef {{outgoing: Outgoing, time: number}} Waiting
 */

export class Memory {
  /** @param {string} server origin of the server, so that two shops on one page do not meet
   * @param {Shelf|null} [lasting] @param {Shelf|null} [tab] of this tab only */
  constructor(server, lasting = shelf("localStorage"), tab = shelf("sessionStorage")) {
    this.prefix = `zhanggui:${server}:`;
    this.lasting = lasting;
    this.tab = tab;
  }

  get session() {
    return this.#read(this.lasting, "session");
  }

  set session(/** @type {string|null} */ secret) {
    this.#write(this.lasting, "session", secret);
  }

  get readSeq() {
    return Number(this.#read(this.lasting, "read") ?? 0);
  }

  set readSeq(seq) {
    this.#write(this.lasting, "read", String(seq));
  }

  get open() {
    return this.#read(this.tab, "open") === "1";
  }

  set open(open) {
    this.#write(this.tab, "open", open ? "1" : null);
  }

  get token() {
    return this.#read(this.tab, "token");
  }

  set token(/** @type {string|null} */ token) {
    this.#write(this.tab, "token", token);
  }

  get draft() {
    return this.#read(this.tab, "draft") ?? "";
  }

  set draft(text) {
    this.#write(this.tab, "draft", text || null);
  }

  /** @returns {Waiting[]} */
  get waiting() {
    try {
      const list = JSON.parse(this.#read(this.lasting, "waiting") ?? "[]");
      return Array.isArray(list) ? list : [];
    } catch {
      return [];
    }
  }

  /** Keep it until it is dropped; one that is kept already stays where it is. @param {Outgoing} outgoing @param {number} time */
  keep(outgoing, time) {
    const kept = this.waiting;
    if (kept.some((item) => item.outgoing.id === outgoing.id)) return;
    this.#write(this.lasting, "waiting", JSON.stringify([...kept, { outgoing, time }]));
  }

  /** @param {string} id */
  drop(id) {
    const left = this.waiting.filter((item) => item.outgoing.id !== id);
    this.#write(this.lasting, "waiting", left.length ? JSON.stringify(left) : null);
  }

  /** Forget the conversation: somebody signed out, or it is not ours any more. */
  forget() {
    for (const key of ["session", "read", "waiting"]) this.#write(this.lasting, key, null);
  }

  /** @param {Shelf|null} where @param {string} key */
  #read(where, key) {
    try {
      return where?.getItem(this.prefix + key) ?? null;
    } catch {
      return null;
    }
  }

  /** @param {Shelf|null} where @param {string} key @param {string|null} value */
  #write(where, key, value) {
    try {
      if (value === null) where?.removeItem(this.prefix + key);
      else where?.setItem(this.prefix + key, value);
    } catch {
      // Full or forbidden: the chat goes on without memory.
    }
  }
}

/** @param {"localStorage"|"sessionStorage"} name @returns {Shelf|null} */
function shelf(name) {
  try {
    return globalThis[name];
  } catch {
    return null;
  }
}
