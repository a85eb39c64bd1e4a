/** Reads what the server sends into the shapes of `state/types.js`. The only place that knows wire names; what is missing stays empty. */

/** @typedef {Record<string, any>} Wire */
/** @typedef {import("../state/types.js").Row} Row */
/** @typedef {import("../state/types.js").Message} Message */
/** @typedef {import("../state/types.js").Packet} Packet */

const PRIORITIES = ["urgent", "high", "normal", "low"];
const CARD_KEYS = ["order", "parcel", "refund"];
const PERSONAL = ["phone", "email", "address"];

/** @param {unknown} value */
const text = (value) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
/** @param {unknown} value @returns {any[]} */
const list = (value) => (Array.isArray(value) ? value : []);
/** @param {unknown} value @returns {Wire} */
const object = (value) => (value !== null && typeof value === "object" && !Array.isArray(value) ? /** @type {Wire} */ (value) : {});

/** ISO text, or seconds since 1970. @param {unknown} value @returns {number} milliseconds, 0 when unknown */
export function moment(value) {
  if (typeof value === "number") return value * 1000;
  const at = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? 0 : at;
}

/** @param {unknown} value an agent, or only the name @returns {import("../state/types.js").Agent | null} */
export function readAgent(value) {
  if (typeof value === "string" && value !== "") return { id: "", name: value, role: "" };
  const agent = object(value);
  return agent.name ? { id: text(agent.id), name: text(agent.name), role: text(agent.role) } : null;
}

/**
 * @param {Wire} wire
 * @param {number} now milliseconds, when the answer arrived: what is left of a promise counts from here
 * @returns {Row}
 */
export function readRow(wire, now) {
  const shopper = object(wire.shopper);
  const clocks = object(wire.clocks ?? wire.sla);
  const state = wire.state === "active" || wire.state === "closed" ? wire.state : "queued";
  const last = object(wire.last);
  return {
    id: text(wire.id),
    conversation: text(wire.conversation ?? wire.conversation_id),
    state,
    reason: text(wire.reason),
    skill: text(wire.skill),
    priority: text(wire.priority) || "normal",
    rank: Math.max(0, PRIORITIES.indexOf(text(wire.priority) || "normal")),
    queuedAt: moment(wire.queued_at),
    closedAt: moment(wire.closed_at),
    agent: readAgent(wire.agent),
    wanted: text(wire.wanted_agent),
    name: text(shopper.name),
    level: text(shopper.level),
    shiftMs: readShift(clocks, now),
    position: Number(wire.position) || 0,
    firstReply: readClock(clocks.first_reply, now),
    solve: readClock(clocks.solve, now),
    last: last.seq === undefined ? null : { seq: Number(last.seq), from: text(last.from), text: text(last.text), at: moment(last.time), since: moment(last.time) },
    outcome: text(wire.outcome),
    note: text(wire.note),
    searchText: [shopper.id, wire.order_id, wire.summary, wire.sender].map(text).join(" "),
  };
}

/** @param {unknown} value @param {number} now @returns {import("../state/types.js").Clock | null} */
function readClock(value, now) {
  const wire = object(value);
  const leftS = typeof wire.left_s === "number" ? wire.left_s : null;
  if (leftS === null && !wire.due) return null;
  return {
    dueAt: leftS === null ? moment(wire.due) : now + leftS * 1000,
    totalS: Number(wire.total_s) || 300,
    done: typeof wire.met === "boolean",
    kept: wire.met === true,
  };
}

/** A running clock tells what time it is there: due less what is left. @param {Wire} clocks @param {number} now */
function readShift(clocks, now) {
  const running = [clocks.first_reply, clocks.solve].map(object).find((clock) => typeof clock.met !== "boolean" && clock.due);
  if (!running || typeof running.left_s !== "number") return 0;
  const shiftMs = moment(running.due) - running.left_s * 1000 - now;
  return Math.abs(shiftMs) < 5000 ? 0 : shiftMs;
}

/** In a live event `id` is the number of the event and `message_id` the sender's. @param {Wire} wire @returns {Message} */
export function readMessage(wire) {
  const from = /** @type {Message["from"]} */ (["shopper", "bot", "agent"].includes(wire.from) ? wire.from : "system");
  const card = object(wire.custom);
  return {
    seq: Number(wire.seq) || 0,
    id: ownPart(text(wire.message_id) || (typeof wire.id === "string" ? wire.id : "")),
    from,
    name: text(wire.name),
    isPrivate: wire.private === true,
    at: moment(wire.time),
    text: text(wire.text),
    buttons: list(wire.buttons).map((button) => text(button.title)).filter(Boolean),
    image: text(wire.image),
    card: typeof card.type === "string" ? /** @type {import("../state/types.js").Card} */ (card) : null,
    parse: readParse(wire),
    state: "sent",
  };
}

/** The server stores our ids behind the agent's: `a_1:d-42`. @param {string} id */
function ownPart(id) {
  return id.slice(id.lastIndexOf(":") + 1);
}

/** @param {Wire} wire @returns {import("../state/types.js").Parse | null} */
function readParse(wire) {
  const parse = object(wire.parse);
  const named = object(parse.intent);
  const intent = text(named.name ?? parse.intent ?? wire.intent);
  if (intent === "") return null;
  const confidence = named.confidence ?? parse.confidence ?? wire.confidence;
  const mood = object(parse.sentiment).label ?? parse.sentiment ?? parse.mood ?? wire.sentiment;
  return { intent, confidence: typeof confidence === "number" ? confidence : null, mood: text(mood) };
}

/** @param {Wire} wire the answer of GET /api/handoffs/{id} @returns {{packet: Packet, messages: Message[]}} */
export function readPacket(wire) {
  const shopper = object(wire.shopper);
  return {
    messages: list(wire.transcript).map(readMessage),
    packet: {
      summary: text(wire.summary),
      complaintClass: text(wire.complaint_class),
      shopper: {
        id: text(shopper.id),
        name: text(shopper.name),
        level: text(shopper.level),
        language: text(wire.language ?? shopper.language),
        channel: text(wire.channel),
        tags: list(shopper.tags).map(text),
        tickets: list(shopper.tickets),
        personal: PERSONAL.filter((field) => shopper[field]).map((field) => ({
          field, value: text(shopper[field]), mayReveal: list(shopper.reveal).includes(field),
        })),
      },
      cards: readCards(wire),
      facts: readFacts(wire),
      moods: list(wire.sentiment).map((mood) => ({ seq: Number(mood.seq) || 0, label: text(mood.label), score: Number(mood.score) || 0 })),
      tried: list(wire.tried).map((step) => ({
        seq: Number(step.seq) || 0,
        intent: text(step.intent),
        text: text(step.text),
        result: text(step.result),
      })),
      articles: list(wire.articles).map((article) => ({
        id: text(article.id),
        title: text(article.title),
        answer: text(article.answer),
        score: Number(article.score) || 0,
      })),
      suggestedReply: text(wire.suggested_reply),
    },
  };
}

/** @param {Wire} wire @returns {import("../state/types.js").Card[]} */
function readCards(wire) {
  const snapshot = object(wire.snapshot ?? wire);
  return CARD_KEYS.filter((key) => snapshot[key]).map((key) => ({ type: `${key}_card`, ...object(snapshot[key]) }));
}

/** Facts as a list, or as an object of values. @param {Wire} wire @returns {import("../state/types.js").Fact[]} */
function readFacts(wire) {
  const facts = wire.facts;
  if (Array.isArray(facts)) {
    return facts.map((fact) => ({ name: text(fact.name), value: text(fact.value), verified: fact.verified !== false, by: text(fact.by) }));
  }
  return Object.entries(object(facts)).map(([name, value]) => ({ name, value: text(value), verified: true, by: "" }));
}
