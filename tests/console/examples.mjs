// Wire shapes as the server sends them, and states made of them.
import { readMessage, readRow } from "../../server/console/static/connection/wire.js";
import { INITIAL, reduce } from "../../server/console/static/state/reducer.js";

export const NOW = Date.parse("2026-11-21T14:00:00+08:00");
export const ME = { id: "a_1", name: "小林", role: "agent" };

/** @param {Record<string, any>} [changes] */
export function wireRow(changes = {}) {
  return {
    id: "h_1", conversation: "c_1", state: "queued", reason: "angry", skill: "logistics", priority: "high",
    queued_at: "2026-11-21T13:59:00+08:00", shopper: { id: "s_1", level: "gold" },
    clocks: {
      first_reply: { due: "2026-11-21T14:02:00+08:00", left_s: 120, total_s: 180, met: null },
      solve: { due: "2026-11-21T18:00:00+08:00", left_s: 14400, total_s: 14400, met: null },
    },
    last: { seq: 4, from: "shopper", text: "有人吗", time: "2026-11-21T13:59:30+08:00" },
    ...changes,
  };
}

/** @param {number} leftS @param {boolean | null} [met] */
export function clock(leftS, met = null) {
  return { due: new Date(NOW + leftS * 1000).toISOString(), left_s: leftS, total_s: 180, met };
}

/** @param {Record<string, any>} [changes] */
export const row = (changes) => readRow(wireRow(changes), NOW);

/** @param {number} seq @param {Record<string, any>} [changes] */
export const message = (seq, changes = {}) => readMessage({ seq, from: "shopper", text: `第 ${seq} 条`, time: "2026-11-21T14:00:00+08:00", ...changes });

/** @param {...import("../../server/console/static/state/reducer.js").Event} events */
export const after = (...events) => events.reduce(reduce, signedIn());

export function signedIn() {
  return reduce(INITIAL, { type: "session_known", agent: ME });
}

/** @returns {import("../../server/console/static/state/types.js").Packet} */
export function packet(changes = {}) {
  return {
    summary: "", complaintClass: "", cards: [], facts: [], moods: [], tried: [], articles: [], suggestedReply: "您好",
    shopper: { id: "s_1", name: "", level: "gold", language: "zh", channel: "web", tags: [], tickets: [], personal: [] },
    ...changes,
  };
}
