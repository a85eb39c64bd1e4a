/**
 * The live line to `/ws/agent`. It keeps itself open: after a break it comes back with growing pauses and says the last event it saw.
 * `onResume` is called after every break that the server could not fill, so that the lists are loaded again.
 */

/** @typedef {Record<string, any>} Wire */
/**
 * @typedef {object} Line
 * @property {(message: Wire) => void} send dropped while there is no connection: only passing things go this way
 * @property {() => void} close
 */
/**
 * @typedef {object} Listener
 * @property {(state: "connecting" | "online" | "offline") => void} onState
 * @property {(event: Wire) => void} onEvent
 * @property {() => void} onResume
 * @property {() => void} onRefused the session is over
 */

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;
const PING_MS = 20_000;
const SILENCE_MS = 50_000;
const CLOSE_UNAUTHORIZED = 4401;

/** Half of the pause is chance, so that a hundred desks do not come back at once. @param {number} attempt @param {number} chance 0 to 1 */
export function pauseMs(attempt, chance) {
  const most = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
  return Math.round(most / 2 + (most / 2) * chance);
}

/**
 * @param {string} url
 * @param {Listener} listener
 * @param {(url: string) => WebSocket} [open] replaced in tests
 * @returns {Line}
 */
export function connect(url, listener, open = (address) => new WebSocket(address)) {
  let attempt = 0;
  let lastId = 0;
  let heardAt = 0;
  let closed = false;
  /** @type {WebSocket | null} */
  let socket = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  function start() {
    listener.onState("connecting");
    const line = open(url);
    socket = line;
    line.onopen = () => {
      heardAt = Date.now();
      line.send(JSON.stringify({ type: "hello", ...(lastId ? { last_id: lastId } : {}) }));
    };
    line.onmessage = (message) => hear(JSON.parse(String(message.data)));
    line.onclose = (event) => lost(event.code);
  }

  /** @param {Wire} event */
  function hear(event) {
    heardAt = Date.now();
    if (event.type === "welcome") welcome(event);
    else if (event.type === "reset") listener.onResume();
    else if (event.type !== "pong") pass(event);
  }

  /** From here on the number of the welcome counts; if something was missed before it, `reset` follows. @param {Wire} event */
  function welcome(event) {
    attempt = 0;
    lastId = Number(event.last_id) || 0;
    listener.onState("online");
  }

  /** @param {Wire} event */
  function pass(event) {
    if (typeof event.id === "number") lastId = event.id;
    listener.onEvent(event);
  }

  /** @param {number} code */
  function lost(code) {
    socket = null;
    if (closed) return;
    if (code === CLOSE_UNAUTHORIZED) return listener.onRefused();
    listener.onState("offline");
    timer = setTimeout(start, pauseMs(attempt, Math.random()));
    attempt += 1;
  }

  const pulse = setInterval(() => {
    if (socket?.readyState !== WebSocket.OPEN) return;
    if (Date.now() - heardAt > SILENCE_MS) socket.close();
    else socket.send(JSON.stringify({ type: "ping" }));
  }, PING_MS);

  function hurry() {
    if (socket !== null || closed) return;
    clearTimeout(timer);
    start();
  }
  globalThis.addEventListener?.("online", hurry);

  start();
  return {
    send(message) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    },
    close() {
      closed = true;
      clearTimeout(timer);
      clearInterval(pulse);
      globalThis.removeEventListener?.("online", hurry);
      socket?.close();
    },
  };
}
