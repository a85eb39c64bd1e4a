// One chat: joins state, connection and memory. The view calls its methods and listens; it never speaks to the network itself.

import { FileError, pictureUrl, refusal, upload } from "./connection/files.js";
import { Memory } from "./connection/storage.js";
import { Socket } from "./connection/socket.js";
import { INITIAL, reduce } from "./state/reducer.js";

/**
 * @import {Outgoing, ServerEvent, State} from "./state/types.js"
 * @import {ChatEvent} from "./state/reducer.js"
 *
 * @typedef {object} ChatOptions
 * @property {string} server       origin, such as https://help.example
 * @property {string} language
 * @property {string|null} page
 * @property {string|null} [token] the shopper's, from the shop; when the page does not say, the one it last gave in this tab
 * @property {Memory} [memory]
 * @property {(url: string) => WebSocket} [open]
 */

const ACK_MS = 8_000;
const TYPING_MS = 12_000;
const PONG_MS = 5_000;
const WRITES_MS = 4_000;
const AGAIN_S = 3;
const TRIED_AGAIN = new Set(["rate_limited", "unavailable"]);
const SESSION_LOST = new Set(["malformed", "forbidden"]);

export class Chat {
  /** @param {ChatOptions} options */
  constructor(options) {
    this.options = options;
    this.memory = options.memory ?? new Memory(options.server);
    /** @type {string|null} */
    this.token = options.token === undefined ? this.memory.token : options.token;
    this.memory.token = this.token;
    this.page = options.page;
    /** @type {State} */
    this.state = reduce(INITIAL, { type: "restored", session: this.memory.session, readSeq: this.memory.readSeq });
    /** @type {Set<(state: State, before: State) => void>} */
    this.listeners = new Set();
    /** @type {Map<string, ReturnType<typeof setTimeout>>} */
    this.timers = new Map();
    /** @type {Map<string, File>} */
    this.files = new Map();
    this.prefix = `w${crypto.getRandomValues(new Uint32Array(2)).join("")}`;
    this.count = 0;
    this.socket = new Socket({
      url: `${options.server.replace(/^http/, "ws")}/ws/chat`,
      hello: () => this.#hello(),
      onEvent: (event) => this.#receive(event),
      onLink: (type) => this.#dispatch({ type }),
      open: options.open,
    });
    for (const { outgoing, time } of this.memory.waiting) this.#dispatch({ type: "said", outgoing, now: time });
    if (this.state.session) this.socket.start();
  }

  /** @param {(state: State, before: State) => void} listener */
  subscribe(listener) {
    this.listeners.add(listener);
  }

  openPanel() {
    this.socket.start();
    this.#dispatch({ type: "panel_opened" });
    this.memory.open = true;
  }

  closePanel() {
    this.#dispatch({ type: "panel_closed" });
    this.memory.open = false;
  }

  /** @param {string} text */
  say(text) {
    this.#send({ type: "message", id: this.#id(), text });
  }

  /** @param {string} payload @param {string} title */
  press(payload, title) {
    this.#send({ type: "button", id: this.#id(), payload, text: title });
  }

  /** @param {string} words what stands in the bubble */
  requestHuman(words) {
    this.#send({ type: "request_human", id: this.#id(), text: words });
  }

  /** @param {number} stars @param {string} text */
  rate(stars, text) {
    this.#send({ type: "rating", id: this.#id(), stars, text });
  }

  /** @param {File} file */
  sendPicture(file) {
    const id = this.#id();
    this.files.set(id, file);
    this.#dispatch({ type: "picked_file", id, preview: URL.createObjectURL(file), now: Date.now() });
    this.#upload(id, file);
  }

  /** @param {string} id of a message that failed */
  sendAgain(id) {
    const message = this.state.messages.find((known) => known.id === id);
    const file = this.files.get(id);
    this.#dispatch({ type: "sent_again", id });
    if (message?.outgoing) this.#hand(message.outgoing);
    else if (file) this.#upload(id, file);
  }

  /** The token of the shopper who signed in, or null when nobody is. @param {string|null} token */
  setShopper(token) {
    const before = this.token;
    if (token === before) return;
    this.token = this.memory.token = token;
    if (before !== null && token === null) {
      this.#dispatch({ type: "signed_out" });
      this.memory.forget();
    }
    this.socket.restart();
  }

  /** @param {string|null} page */
  setPage(page) {
    if (page === this.page) return;
    this.page = page;
    this.socket.restart();
  }

  /** The network or the page came back: connect at once, or see whether the connection still lives. */
  wake() {
    this.socket.hurry();
    if (this.socket.send({ type: "ping" })) this.#after("pong", PONG_MS, () => this.socket.restart());
  }

  /** The shopper writes: an agent who has the conversation may know. */
  writes() {
    if (this.state.owner !== "agent" || this.timers.has("writes")) return;
    if (this.socket.send({ type: "typing" })) this.#after("writes", WRITES_MS, () => {});
  }

  /** @param {string} image */
  pictureUrl(image) {
    return pictureUrl(this.options.server, this.state.session, image);
  }

  #id() {
    this.count += 1;
    return `${this.prefix}-${this.count}`;
  }

  #hello() {
    const { token, page } = this;
    const { session, lastSeq } = this.state;
    return {
      ...(session && { session, last_seq: lastSeq }),
      ...(token && { shopper_token: token }),
      ...(page && { page }),
      language: this.options.language,
    };
  }

  /** @param {ChatEvent} event */
  #dispatch(event) {
    const before = this.state;
    this.state = reduce(before, event);
    if (this.state === before) return;
    if (this.state.readSeq !== before.readSeq) this.memory.readSeq = this.state.readSeq;
    for (const listener of this.listeners) listener(this.state, before);
  }

  /** @param {Outgoing} outgoing */
  #send(outgoing) {
    this.socket.start();
    this.#dispatch({ type: "said", outgoing, now: Date.now() });
    this.#hand(outgoing);
  }

  /** Keep it until it is acknowledged, and give it to the network if there is one. @param {Outgoing} outgoing */
  #hand(outgoing) {
    this.memory.keep(outgoing, Date.now());
    if (this.socket.send(wire(outgoing))) this.#after(`ack ${outgoing.id}`, ACK_MS, () => this.socket.restart());
  }

  /** @param {ServerEvent} event */
  #receive(event) {
    const before = this.state.session;
    this.#dispatch({ ...event, now: Date.now() });
    switch (event.type) {
      case "welcome":
        this.#stopTimer("pong");
        if (before !== event.session) this.#takeSession(before, event.session);
        for (const { outgoing } of this.memory.waiting) this.#hand(outgoing);
        break;
      case "ack":
        this.#settled(event.id);
        this.#watchTyping();
        break;
      case "typing":
        this.#watchTyping();
        break;
      case "pong":
        this.#stopTimer("pong");
        break;
      case "error":
        this.#refused(event);
        break;
      default:
    }
  }

  /** @param {string|null} before @param {string} session */
  #takeSession(before, session) {
    if (before !== null) this.memory.forget();
    this.memory.session = session;
    this.memory.readSeq = this.state.readSeq;
  }

  /** @param {import("./state/types.js").ErrorEvent} event */
  #refused(event) {
    if (event.id) {
      this.#stopTimer(`ack ${event.id}`);
      const waiting = this.memory.waiting.find(({ outgoing }) => outgoing.id === event.id);
      if (TRIED_AGAIN.has(event.code) && waiting) {
        this.#dispatch({ type: "sent_again", id: event.id });
        this.#after(`again ${event.id}`, 1000 * (event.retry_after ?? AGAIN_S), () => this.#hand(waiting.outgoing));
      } else this.#settled(event.id);
    } else if (event.code === "unauthorized") {
      this.token = this.memory.token = null;
      document.dispatchEvent(new CustomEvent("zhanggui:token-refused"));
      this.socket.restart();
    } else if (SESSION_LOST.has(event.code) && this.state.session) {
      this.#dispatch({ type: "signed_out" });
      this.memory.forget();
      this.socket.restart();
    }
  }

  /** @param {string} id */
  #settled(id) {
    this.#stopTimer(`ack ${id}`);
    this.#stopTimer(`again ${id}`);
    this.memory.drop(id);
    this.files.delete(id);
  }

  /** @param {string} id @param {File} file */
  async #upload(id, file) {
    const refused = refusal(file);
    try {
      if (refused) throw new FileError(refused);
      if (!this.state.session) throw new FileError("unavailable");
      const stored = await upload(this.options.server, this.state.session, file);
      this.#dispatch({ type: "uploaded", id, file: stored });
      this.#hand({ type: "upload", id, file: stored, text: "" });
    } catch (error) {
      this.#dispatch({ type: "not_sent", id, code: error instanceof FileError ? error.code : "other" });
      if (!(error instanceof FileError)) throw error;
    }
  }

  #watchTyping() {
    const since = this.state.typing?.since;
    if (since !== undefined) this.#after("typing", TYPING_MS, () => this.#dispatch({ type: "typing_over", since }));
  }

  /** @param {string} name @param {number} ms @param {() => void} work */
  #after(name, ms, work) {
    this.#stopTimer(name);
    const run = () => {
      this.timers.delete(name);
      work();
    };
    this.timers.set(name, setTimeout(run, ms));
  }

  /** @param {string} name */
  #stopTimer(name) {
    clearTimeout(this.timers.get(name));
    this.timers.delete(name);
  }
}

/** Only what the protocol names. @param {Outgoing} outgoing */
function wire(outgoing) {
  switch (outgoing.type) {
    case "message":
    case "rating":
      return outgoing;
    default: {
      const { text: _shownOnly, ...rest } = outgoing;
      return rest;
    }
  }
}
