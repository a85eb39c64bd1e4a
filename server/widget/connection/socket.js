// The WebSocket: says hello, comes back after every loss, and tells what arrives. Knows nothing of messages.

/** @import {ServerEvent} from "../state/types.js" */

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const HELLO_MS = 10_000;

/**
 * @typedef {object} SocketOptions
 * @property {string} url
 * @property {() => object} hello     the fields of the first message
 * @property {(event: ServerEvent) => void} onEvent
 * @property {(change: "connecting"|"disconnected") => void} onLink
 * @property {(url: string) => WebSocket} [open]  for tests
 * @property {() => number} [chance]  0 to 1, spreads the clients of a server that came back
 */

/** How long to wait before the next attempt; half of it is certain. @param {number} attempt from 0 @param {number} chance */
export function waitMs(attempt, chance) {
  const whole = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return Math.round(whole / 2 + (whole / 2) * chance);
}

const KNOWN = new Set(["welcome", "message", "ack", "typing", "owner", "error", "pong"]);

export class Socket {
  /** @param {SocketOptions} options */
  constructor(options) {
    this.options = options;
    /** @type {WebSocket|null} */
    this.socket = null;
    this.wanted = false;
    this.welcomed = false;
    this.attempt = 0;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.timer = undefined;
  }

  /** Connect and stay connected; without effect when that is so already. */
  start() {
    if (this.wanted) return;
    this.wanted = true;
    this.#connect();
  }

  stop() {
    this.wanted = false;
    clearTimeout(this.timer);
    this.#drop();
  }

  /** Leave this connection, dead or not, and make a new one at once. */
  restart() {
    if (!this.wanted) return;
    clearTimeout(this.timer);
    this.#drop();
    this.attempt = 0;
    this.#connect();
  }

  /** The network or the page came back: no reason to wait longer. */
  hurry() {
    if (this.wanted && this.socket === null) this.restart();
  }

  /** @param {object} message @returns {boolean} whether it could be handed to the network */
  send(message) {
    if (!this.socket || !this.welcomed) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  #connect() {
    this.options.onLink("connecting");
    const open = this.options.open ?? ((url) => new WebSocket(url));
    const socket = open(this.options.url);
    this.socket = socket;
    this.welcomed = false;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ...this.options.hello() }));
    socket.onmessage = (received) => this.#receive(socket, received.data);
    socket.onclose = () => this.#lost(socket);
    this.timer = setTimeout(() => this.#lost(socket), HELLO_MS);
  }

  /** @param {WebSocket} socket @param {string} data */
  #receive(socket, data) {
    if (socket !== this.socket) return;
    const event = parse(data);
    if (!event) return;
    if (event.type === "welcome") {
      this.welcomed = true;
      this.attempt = 0;
      clearTimeout(this.timer);
    }
    this.options.onEvent(event);
  }

  /** @param {WebSocket} socket */
  #lost(socket) {
    if (socket !== this.socket) return;
    clearTimeout(this.timer);
    this.#drop();
    this.options.onLink("disconnected");
    if (!this.wanted) return;
    const chance = (this.options.chance ?? Math.random)();
    this.timer = setTimeout(() => this.#connect(), waitMs(this.attempt, chance));
    this.attempt += 1;
  }

  #drop() {
    const socket = this.socket;
    this.socket = null;
    this.welcomed = false;
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
  }
}

/** @param {string} data @returns {ServerEvent|null} null for what a newer server may say and this widget does not know */
function parse(data) {
  const event = JSON.parse(data);
  if (KNOWN.has(event?.type)) return event;
  console.warn("zhanggui: an event of this type is not known here:", event?.type);
  return null;
}
