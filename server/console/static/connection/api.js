/** Requests of the desk. A refusal becomes a `Refused` with the contract's code; no connection has the code `network`. */

/** A request that was not granted. `code` is one of the contract's, `network` without an answer, or `other`. */
export class Refused extends Error {
  /** @param {string} code @param {string} message @param {number} retryAfterS */
  constructor(code, message, retryAfterS = 0) {
    super(message);
    this.code = code;
    this.retryAfterS = retryAfterS;
  }
}

const TIMEOUT_MS = 10_000;

/**
 * @param {"GET" | "POST"} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<Record<string, any>>}
 */
async function call(method, path, body) {
  const response = await send(method, path, body);
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return Array.isArray(answer) ? { items: answer } : answer;
  const error = answer.error ?? {};
  throw new Refused(String(error.code ?? "other"), String(error.message ?? response.statusText), Number(response.headers.get("Retry-After") ?? 0));
}

/** @param {string} method @param {string} path @param {unknown} body */
async function send(method, path, body) {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  try {
    return await fetch(path, { method, credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT_MS), ...json });
  } catch (error) {
    throw new Refused("network", error instanceof Error ? error.message : "no connection");
  }
}

/** @param {string} id */
const handoff = (id) => `/api/handoffs/${encodeURIComponent(id)}`;

export const api = {
  me: () => call("GET", "/api/agents/me"),
  /** @param {string} name @param {string} password */
  login: (name, password) => call("POST", "/api/agents/login", { name, password }),
  logout: () => call("POST", "/api/agents/logout", {}),
  colleagues: () => call("GET", "/api/agents"),
  /** @param {import("../state/types.js").HandoffState} state */
  handoffs: (state) => call("GET", `/api/handoffs?state=${state}`),
  /** @param {string} id */
  handoff: (id) => call("GET", handoff(id)),
  /** @param {string} id */
  accept: (id) => call("POST", `${handoff(id)}/accept`, {}),
  /** @param {string} id @param {{skill: string, agent?: string, note?: string}} target */
  transfer: (id, target) => call("POST", `${handoff(id)}/transfer`, target),
  /** @param {string} id */
  giveBack: (id) => call("POST", `${handoff(id)}/return`, {}),
  /** @param {string} id @param {{outcome: string, note?: string}} end */
  close: (id, end) => call("POST", `${handoff(id)}/close`, end),
  /** @param {string} id @param {string} field */
  reveal: (id, field) => call("POST", `${handoff(id)}/reveal`, { field }),
  /** @param {string} conversation @param {{id: string, text: string, private: boolean}} message */
  say: (conversation, message) => call("POST", `/api/conversations/${encodeURIComponent(conversation)}/messages`, message),
};

/** @typedef {typeof api} Api */
