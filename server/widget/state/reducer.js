// The state of a chat and what every event does to it. Pure: no clock, no network, no page.

import { fromServer, place, said } from "./transcript.js";

/**
 * @import {ChatMessage, Outgoing, ServerEvent, State} from "./types.js"
 *
 * @typedef {{type: "restored", session: string|null, readSeq: number} | {type: "panel_opened"} | {type: "panel_closed"} | {type: "connecting"} | {type: "disconnected"}
 *   | {type: "said", outgoing: Outgoing, now: number}
 *   | {type: "picked_file", id: string, preview: string, now: number}
 *   | {type: "uploaded", id: string, file: string}
 *   | {type: "not_sent", id: string, code: string}
 *   | {type: "sent_again", id: string}
 *   | {type: "typing_over", since: number}
 *   | {type: "signed_out"}} LocalEvent
 * @typedef {(ServerEvent & {now?: number}) | LocalEvent} ChatEvent
 */

/** @type {State} */
export const INITIAL = Object.freeze({
  open: false,
  link: "idle",
  session: null,
  owner: "bot",
  position: null,
  etaSeconds: null,
  agent: null,
  shop: null,
  hot: [],
  subject: null,
  desk: null,
  language: null,
  lastSeq: 0,
  messages: [],
  typing: null,
  readSeq: 0,
  used: [],
});

/**
 * @param {State} state
 * @param {ChatEvent} event
 * @returns {State}
 */
export function reduce(state, event) {
  switch (event.type) {
    case "restored":
      return { ...state, session: event.session, readSeq: event.readSeq };
    case "panel_opened":
      return { ...state, open: true, readSeq: Math.max(state.readSeq, state.lastSeq) };
    case "panel_closed":
      return { ...state, open: false };
    case "connecting":
      return { ...state, link: state.link === "offline" ? "offline" : "connecting" };
    case "disconnected":
      return { ...state, link: "offline", typing: null };
    case "welcome":
      return welcome(state, event);
    case "message":
      return message(state, event);
    case "ack":
      return acknowledged(state, event);
    case "typing":
      return { ...state, typing: { from: event.from ?? (state.owner === "agent" ? "agent" : "bot"), since: event.now ?? 0 } };
    case "typing_over":
      return state.typing && state.typing.since <= event.since ? { ...state, typing: null } : state;
    case "owner":
      return { ...state, ...holder(event), typing: null };
    case "error":
      return event.id ? failed(state, event.id, event.code) : state;
    case "pong":
      return state;
    case "said":
      return { ...state, messages: place(state.messages, said(event.outgoing, event.now)), used: use(state, event.outgoing) };
    case "picked_file":
      return { ...state, messages: place(state.messages, picked(event)) };
    case "uploaded":
      return change(state, event.id, { delivery: "sending", outgoing: upload(event) });
    case "not_sent":
      return failed(state, event.id, event.code);
    case "sent_again":
      return change(state, event.id, { delivery: "sending", error: null, rank: Infinity });
    case "signed_out":
      return { ...INITIAL, open: state.open, link: state.link, shop: state.shop };
    default:
      throw new Error(`no such event: ${JSON.stringify(/** @type {unknown} */ (event))}`);
  }
}

/** Another session is another conversation: what was shown, or waited to be sent, belongs to the old one.
 * @param {State} state @param {import("./types.js").WelcomeEvent} event @returns {State} */
function welcome(state, event) {
  const fresh = state.session !== null && state.session !== event.session;
  return {
    ...state,
    ...holder(event),
    link: "online",
    session: event.session,
    lastSeq: fresh ? 0 : state.lastSeq,
    readSeq: fresh ? 0 : state.readSeq,
    messages: fresh ? [] : state.messages,
    language: fresh ? null : state.language,
    shop: event.shop ?? state.shop,
    hot: event.hot ? event.hot.map((question) => question.title) : state.hot,
    subject: event.subject === undefined ? state.subject : event.subject,
    desk: event.desk ?? state.desk,
  };
}

/** @param {State} state @param {import("./types.js").MessageEvent & {now?: number}} event @returns {State} */
function message(state, event) {
  if (event.seq <= state.lastSeq && state.messages.some((known) => known.seq === event.seq)) return state;
  const arrived = fromServer(event, event.now ?? 0);
  const lastSeq = Math.max(state.lastSeq, event.seq);
  return {
    ...state,
    language: event.language ?? state.language,
    lastSeq,
    readSeq: state.open ? lastSeq : state.readSeq,
    messages: place(state.messages, arrived),
    typing: arrived.from === "shopper" ? state.typing : null,
  };
}

/** @param {State} state @param {import("./types.js").AckEvent & {now?: number}} event @returns {State} */
function acknowledged(state, event) {
  const mine = state.messages.find((known) => known.id === event.id);
  if (!mine) return state;
  const next = { ...state, messages: place(state.messages, { ...mine, seq: event.seq, rank: event.seq, delivery: "sent", error: null, outgoing: null }) };
  const answered = state.messages.some((known) => known.from !== "shopper" && (known.seq ?? 0) > event.seq);
  const waits = (state.owner === "bot" || state.owner === "closed") && mine.outgoing?.type !== "rating" && !answered;
  return waits ? { ...next, typing: { from: "bot", since: event.now ?? 0 } } : next;
}

/** @param {State} state @param {string} id @param {string} code @returns {State} */
function failed(state, id, code) {
  const mine = state.messages.find((known) => known.id === id);
  return mine && mine.delivery !== "sent" ? change(state, id, { delivery: "failed", error: code, rank: state.lastSeq + 0.5 }) : state;
}

/** @param {State} state @param {string} id @param {Partial<ChatMessage>} values @returns {State} */
function change(state, id, values) {
  const known = state.messages.find((message) => message.id === id);
  return known ? { ...state, messages: place(state.messages, { ...known, ...values }) } : state;
}

/** @param {{owner: import("./types.js").Owner, position?: number, eta_seconds?: number, name?: string}} event */
function holder(event) {
  return {
    owner: event.owner,
    position: event.position ?? null,
    etaSeconds: event.eta_seconds ?? null,
    agent: event.owner === "agent" ? (event.name ?? null) : null,
  };
}

/** @param {State} state @param {Outgoing} outgoing @returns {string[]} */
function use(state, outgoing) {
  return outgoing.type === "button" ? [...state.used, outgoing.payload] : state.used;
}

/** @param {{id: string, preview: string, now: number}} event @returns {ChatMessage} */
function picked({ id, preview, now }) {
  return { ...said(upload({ id, file: "" }), now), image: preview, delivery: "uploading", outgoing: null };
}

/** @param {{id: string, file: string}} event @returns {Outgoing} */
function upload({ id, file }) {
  return { type: "upload", id, file, text: "" };
}
