/** Changes to one chat. Pure: each takes a chat and returns another. */

/** @typedef {import("./types.js").Chat} Chat */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Packet} Packet */

/** @type {Chat} */
export const EMPTY_CHAT = {
  status: "loading",
  failure: null,
  packet: null,
  messages: [],
  typingUntil: 0,
  draft: { text: "", isPrivate: false },
  suggestionUsed: false,
};

/**
 * Stored messages stand by number, those on their way behind them. One that is there already (by number, or by the id we gave it)
 * is replaced, so an echo never doubles what was typed.
 * @param {Message[]} messages
 * @param {Message} message
 * @returns {Message[]}
 */
export function withMessage(messages, message) {
  const others = messages.filter((other) => !isSame(other, message));
  const parse = message.parse ?? messages.find((other) => isSame(other, message))?.parse ?? null;
  const at = message.seq === 0 ? -1 : others.findIndex((other) => other.seq === 0 || other.seq > message.seq);
  const place = at === -1 ? others.length : at;
  return [...others.slice(0, place), { ...message, parse }, ...others.slice(place)];
}

/** @param {Message} a @param {Message} b */
function isSame(a, b) {
  if (a.seq !== 0 && a.seq === b.seq) return true;
  return a.id !== "" && a.id === b.id && a.from === b.from && (a.seq === 0 || b.seq === 0);
}

/**
 * A transcript has arrived. What was typed here and is still on its way stays.
 * @param {Chat} chat
 * @param {Packet} packet
 * @param {Message[]} transcript
 * @returns {Chat}
 */
export function withTranscript(chat, packet, transcript) {
  const newest = transcript.at(-1)?.seq ?? 0;
  const kept = chat.messages.filter((message) => message.seq === 0 || message.seq > newest);
  const messages = kept.reduce((list, message) => (transcript.some((t) => isSame(t, message)) ? list : withMessage(list, message)), transcript);
  const suggestionUsed = chat.suggestionUsed && chat.packet?.suggestedReply === packet.suggestedReply;
  return { ...chat, status: "ready", failure: null, packet, messages, suggestionUsed };
}

/**
 * @param {Chat} chat
 * @param {string} id
 * @returns {Chat}
 */
export function withFailedMessage(chat, id) {
  const messages = chat.messages.map((message) => (message.id === id && message.seq === 0 ? { ...message, state: /** @type {const} */ ("failed") } : message));
  return { ...chat, messages };
}

/**
 * Whether stored messages are missing between those that are here: then the transcript is fetched again.
 * @param {Message[]} messages
 */
export function hasGap(messages) {
  const stored = messages.filter((message) => message.seq > 0);
  const first = stored[0];
  const last = stored.at(-1);
  return first !== undefined && last !== undefined && last.seq - first.seq + 1 !== stored.length;
}

/** @param {Chat} chat */
export function newestSeq(chat) {
  return chat.messages.reduce((newest, message) => Math.max(newest, message.seq), 0);
}
