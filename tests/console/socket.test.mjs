import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { connect, pauseMs } from "../../server/console/static/connection/socket.js";

class FakeSocket {
  /** @type {FakeSocket[]} */
  static all = [];
  static OPEN = 1;
  readyState = 0;
  /** @type {any[]} */
  sent = [];
  /** @type {Record<string, any>} */
  on = {};
  constructor() {
    FakeSocket.all.push(this);
  }
  /** @param {() => void} run */
  set onopen(run) { this.on.open = run; }
  /** @param {(event: any) => void} run */
  set onmessage(run) { this.on.message = run; }
  /** @param {(event: any) => void} run */
  set onclose(run) { this.on.close = run; }
  /** @param {string} text */
  send(text) { this.sent.push(JSON.parse(text)); }
  close(code = 1000) {
    this.readyState = 3;
    this.on.close({ code });
  }
  opens() {
    this.readyState = 1;
    this.on.open();
  }
  /** @param {any} event */
  says(event) { this.on.message({ data: JSON.stringify(event) }); }
}

/** @type {any[]} */
let told = [];
const listener = {
  onState: (/** @type {string} */ state) => told.push(state),
  onEvent: (/** @type {any} */ event) => told.push(event.type),
  onResume: () => told.push("resume"),
  onRefused: () => told.push("refused"),
};
const newest = () => /** @type {FakeSocket} */ (FakeSocket.all.at(-1));

beforeEach(() => {
  told = [];
  FakeSocket.all = [];
  mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
  globalThis.WebSocket = /** @type {any} */ (FakeSocket);
});
afterEach(() => mock.timers.reset());

const begin = () => connect("ws://desk/ws/agent", listener, () => /** @type {any} */ (new FakeSocket()));

test("hello, welcome, events; after a break the last number is said and a reset reads everything again", () => {
  const line = begin();
  newest().opens();
  assert.deepEqual(newest().sent, [{ type: "hello" }]);
  newest().says({ type: "welcome", last_id: 7 });
  newest().says({ type: "handoff", id: 8, handoff: {} });
  newest().close(1006);
  mock.timers.tick(1000);
  newest().opens();
  assert.deepEqual(newest().sent, [{ type: "hello", last_id: 8 }]);
  newest().says({ type: "welcome", last_id: 12 });
  newest().says({ type: "reset" });
  assert.deepEqual(told, ["connecting", "online", "handoff", "offline", "connecting", "online", "resume"]);
  line.close();
});

test("pauses grow to ten seconds, half of each is chance", () => {
  assert.deepEqual([0, 1, 2, 10].map((attempt) => pauseMs(attempt, 1)), [500, 1000, 2000, 10_000]);
  assert.equal(pauseMs(10, 0), 5000);
});

test("a silent line is taken as dead", () => {
  const line = begin();
  newest().opens();
  newest().says({ type: "welcome", last_id: 0 });
  mock.timers.tick(80_000);
  assert.ok(newest().sent.length > 0);
  assert.ok(told.includes("offline"));
  line.close();
});

test("a session that is over is not tried again", () => {
  begin();
  newest().opens();
  newest().close(4401);
  mock.timers.tick(60_000);
  assert.equal(FakeSocket.all.length, 1);
  assert.equal(told.at(-1), "refused");
});

test("a line that was closed on purpose stays closed", () => {
  const line = begin();
  newest().opens();
  line.close();
  mock.timers.tick(60_000);
  assert.equal(FakeSocket.all.length, 1);
});
