// The desk without a browser: what it asks of the server, and what it makes of the answers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Refused } from "../../server/console/static/connection/api.js";
import { createDesk } from "../../server/console/static/desk.js";
import { INITIAL, reduce } from "../../server/console/static/state/reducer.js";
import { createStore } from "../../server/console/static/state/store.js";
import { ME, NOW, wireRow } from "./examples.mjs";

/** A server that remembers what it was asked. @param {Record<string, any>} [changes] */
function server(changes = {}) {
  /** @type {[string, ...any[]][]} */
  const asked = [];
  let held = {};
  const answers = /** @type {Record<string, any>} */ ({
    me: () => ({ agent: ME }),
    handoffs: (/** @type {string} */ state) => ({ items: [wireRow(held)].filter((row) => row.state === state) }),
    handoff: () => ({ ...wireRow(held), transcript: [{ seq: 4, from: "shopper", text: "有人吗", time: "2026-11-21T13:59:30+08:00" }] }),
    accept: () => wireRow((held = { state: "active", agent: ME })),
    say: (/** @type {string} */ _, /** @type {any} */ message) => ({ seq: 5, from: "agent", id: `a_1:${message.id}`, text: message.text, time: "2026-11-21T14:00:01+08:00" }),
    ...changes,
  });
  const api = new Proxy({}, {
    get: (_, name) => async (/** @type {any[]} */ ...args) => {
      asked.push([String(name), ...args]);
      return (answers[String(name)] ?? (() => ({})))(...args);
    },
  });
  return { asked, api: /** @type {any} */ (api) };
}

/** @param {ReturnType<typeof server>} from */
async function begin({ api }) {
  const store = createStore(reduce, INITIAL);
  /** @type {import("../../server/console/static/connection/socket.js").Listener | null} */
  let listener = null;
  const desk = createDesk({ store, api, now: () => NOW, connect: (given) => ((listener = given), { send() {}, close() {} }) });
  await desk.start();
  const line = /** @type {import("../../server/console/static/connection/socket.js").Listener} */ (/** @type {unknown} */ (listener));
  line?.onState("online");
  await settled();
  return { store, desk, line, state: store.state };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const texts = (/** @type {any} */ state) => state.chats.c_1.messages.map((/** @type {any} */ one) => [one.text, one.state]);

test("without a session the sign-in page is shown", async () => {
  const { state } = await begin(server({ me: () => { throw new Refused("unauthorized", ""); } }));
  assert.equal(state().session, "out");
});

test("a wrong password says so and stays", async () => {
  const { desk, state } = await begin(server({ me: () => { throw new Refused("unauthorized", ""); }, login: () => { throw new Refused("unauthorized", ""); } }));
  await desk.login("小林", "no");
  assert.equal(state().loginFailure?.text, "账号或密码不对，请重新输入。");
});

test("accepting takes the first of the queue, opens it and lets the agent write", async () => {
  const from = server();
  const { desk, state } = await begin(from);
  await desk.accept();
  assert.deepEqual(from.asked.filter(([name]) => name === "accept"), [["accept", "h_1"]]);
  assert.equal(state().open, "h_1");
  assert.equal(state().rows["h_1"]?.agent?.id, "a_1");
});

test("a conversation that a colleague took first is said, and the list is read again", async () => {
  const from = server({ accept: () => { throw new Refused("conflict", ""); } });
  const { desk, state } = await begin(from);
  await desk.accept();
  assert.match(state().notice?.text ?? "", /被同事接走/);
  assert.equal(state().open, null);
  const before = from.asked.length;
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.ok(from.asked.length > before);
});

test("messages of one conversation go out one after the other, each with an id of its own", async () => {
  let running = 0;
  const from = server({ say: async (/** @type {string} */ _, /** @type {any} */ message) => {
    assert.equal(++running, 1);
    await new Promise((resolve) => setTimeout(resolve, 2));
    running -= 1;
    return { seq: message.text === "一" ? 5 : 6, from: "agent", id: `a_1:${message.id}`, text: message.text };
  } });
  const { desk, state } = await begin(from);
  await desk.accept();
  for (const text of ["一", "二"]) {
    desk.write("c_1", { text, isPrivate: false });
    desk.send();
  }
  await new Promise((resolve) => setTimeout(resolve, 30));
  const said = from.asked.filter(([name]) => name === "say").map(([, , message]) => message);
  assert.deepEqual(said.map((message) => [message.text, message.private]), [["一", false], ["二", false]]);
  assert.notEqual(said[0].id, said[1].id);
  assert.deepEqual(texts(state()), [["有人吗", "sent"], ["一", "sent"], ["二", "sent"]]);
});

test("what is written while the connection is away goes out when it is back, with the same id", async () => {
  let isDown = true;
  const from = server({ say: (/** @type {string} */ _, /** @type {any} */ message) => {
    if (isDown) throw new Refused("network", "");
    return { seq: 5, from: "agent", id: `a_1:${message.id}`, text: message.text };
  } });
  const { desk, line, state } = await begin(from);
  await desk.accept();
  line.onState("offline");
  desk.write("c_1", { text: "断线时写的", isPrivate: false });
  desk.send();
  await settled();
  assert.deepEqual(texts(state()).at(-1), ["断线时写的", "sending"]);
  isDown = false;
  line.onState("online");
  await settled();
  assert.deepEqual(texts(state()).at(-1), ["断线时写的", "sent"]);
  const ids = from.asked.filter(([name]) => name === "say").map(([, , message]) => message.id);
  assert.equal(new Set(ids).size, 1);
});

test("a refused message can be sent again", async () => {
  let isBusy = true;
  const from = server({ say: (/** @type {string} */ _, /** @type {any} */ message) => {
    if (isBusy) throw new Refused("unavailable", "");
    return { seq: 5, from: "agent", id: `a_1:${message.id}`, text: message.text };
  } });
  const { desk, state } = await begin(from);
  await desk.accept();
  desk.write("c_1", { text: "您好", isPrivate: false });
  desk.send();
  await settled();
  assert.deepEqual(texts(state()).at(-1), ["您好", "failed"]);
  isBusy = false;
  const failed = state().chats["c_1"]?.messages.at(-1);
  assert.ok(failed);
  desk.sendAgain("c_1", failed);
  await settled();
  assert.deepEqual(texts(state()).at(-1), ["您好", "sent"]);
});

test("in a colleague's conversation only a private note is written", async () => {
  const from = server({ handoffs: () => ({ items: [wireRow({ state: "active", agent: { id: "a_2", name: "阿明" } })] }) });
  const { desk } = await begin(from);
  desk.open("h_1");
  await settled();
  desk.write("c_1", { text: "我之前跟进过", isPrivate: false });
  desk.send();
  await settled();
  assert.equal(from.asked.find(([name]) => name === "say")?.[2].private, true);
});

test("a gap in the numbers is filled by reading the transcript again", async () => {
  const from = server();
  const { desk, line } = await begin(from);
  desk.open("h_1");
  await settled();
  line.onEvent({ type: "message", id: 2, conversation: "c_1", seq: 9, from: "shopper", text: "在吗" });
  await settled();
  assert.equal(from.asked.filter(([name]) => name === "handoff").length, 2);
});

test("after a break the lists and the open transcript are read again", async () => {
  const from = server();
  const { desk, line } = await begin(from);
  desk.open("h_1");
  await settled();
  const before = from.asked.length;
  line.onResume();
  await settled();
  assert.deepEqual(from.asked.slice(before).map(([name]) => name).sort(), ["handoff", "handoffs", "handoffs"]);
});

test("a session that is over leads back to the sign-in page with a reason", async () => {
  const { line, state } = await begin(server());
  line.onRefused();
  assert.deepEqual([state().session, state().loginFailure?.text], ["out", "登录已过期，请重新登录。"]);
});
