/** What is due, and when: the order of the lists and the words beside a row follow from this. Pure; the time is passed in. */

/** @typedef {import("./types.js").Row} Row */
/** @typedef {{kind: "first" | "waiting" | "solve", dueAt: number, totalS: number, since: number}} Duty */

const NEAR_SHARE = 0.25;
const NEAR_LEAST_S = 15;
const NEAR_MOST_S = 30 * 60;
const REPLY_S = 5 * 60;

/**
 * The next thing somebody owes this shopper: the first reply, an answer to what was written last, or the solution.
 * @param {Row} row
 * @returns {Duty | null}
 */
export function duty(row) {
  if (row.state === "closed") return null;
  if (row.firstReply && !row.firstReply.done) {
    return { kind: "first", dueAt: row.firstReply.dueAt, totalS: row.firstReply.totalS, since: row.queuedAt };
  }
  if (row.last?.from === "shopper") {
    const totalS = row.firstReply?.totalS ?? REPLY_S;
    const since = row.last.since - row.shiftMs;
    return { kind: "waiting", dueAt: since + totalS * 1000, totalS, since };
  }
  if (row.solve && !row.solve.done) return { kind: "solve", dueAt: row.solve.dueAt, totalS: row.solve.totalS, since: row.queuedAt };
  return null;
}

/**
 * @param {Pick<Duty, "dueAt" | "totalS">} due
 * @param {number} now
 * @returns {"calm" | "near" | "over"}
 */
export function pressure(due, now) {
  const leftS = (due.dueAt - now) / 1000;
  if (leftS < 0) return "over";
  const near = Math.min(Math.max(due.totalS * NEAR_SHARE, NEAR_LEAST_S), NEAR_MOST_S);
  return leftS <= near ? "near" : "calm";
}

/**
 * Order of a list: who is owed a reply comes before who is owed a solution; then what is due first, then the more urgent.
 * @param {Row} a
 * @param {Row} b
 */
export function byDue(a, b) {
  const [first, second] = [duty(a), duty(b)];
  return (
    place(first) - place(second) ||
    (first?.dueAt ?? 0) - (second?.dueAt ?? 0) ||
    a.rank - b.rank ||
    a.queuedAt - b.queuedAt ||
    (a.id < b.id ? -1 : 1)
  );
}

/** @param {Duty | null} due */
function place(due) {
  if (due === null) return 2;
  return due.kind === "solve" ? 1 : 0;
}
