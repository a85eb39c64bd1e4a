import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";

import { Chat } from "../../server/widget/chat.js";
import { Memory } from "../../server/widget/connection/storage.js";
import { waitMs } from "../../server/widget/connection/socket.js";
import { message, shelf, texts } from "./helpers.mjs";

class FakeSocket {
  /** @type {any[]} */
  sent = [];
  closed = false;
  /** @type {(() => void)|null} */
  onopen = null;
  /** @type {((event: {data: string}) => void)|null} */
  onmessage = null;
  /** @type {(() => void)|null} */
  onclose = null;

  /** @param {string} text */
  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  /** @param {object} event */
  says(event) {
    this.onmessage?.({ data: JSON.stringify(event) });
  }

  /** @param {object} [fields] */
  welcomes(fields = {}) {
    this.onopen?.();
    this.says({ type: "welcome", session: "s_1", owner: "bot", ...fields });
  }
}

/** @param {{lasting?: ReturnType<typeof shelf>, tab?: ReturnType<typeof shelf>, token?: string|null}} [options] */
function startChat({ lasting = shelf(), tab = shelf(), token } = {}) {
  /** @type {FakeSocket[]} */
  const sockets = [];
  const open = () => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return /** @type {WebSocket} */ (/** @type {unknown} */ (socket));
  };
  const memory = new Memory("http://help.test", lasting, tab);
  const chat = new Chat({ server: "http://help.test", language: "zh-CN", page: "sku:10231", token, memory, open });
  const current = () => sockets.at(-1) ?? assert.fail("nothing was opened");
  return { chat, sockets, current, lasting, tab };
}

beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
afterEach(() => mock.timers.reset());

test("nothing is connected before the shopper opens the chat or has one", () => {
  assert.equal(startChat().sockets.length, 0);
  const lasting = shelf();
  lasting.setItem("zhanggui:http://help.test:session", "s_1");
  assert.equal(startChat({ lasting }).sockets.length, 1);
});

test("hello names page, token and session, and from where to go on", () => {
  const { chat, current } = startChat({ token: "t.t.t" });
  chat.openPanel();
  current().welcomes();
  assert.deepEqual(current().sent[0], { type: "hello", shopper_token: "t.t.t", page: "sku:10231", language: "zh-CN" });
  current().says(message(7));
  current().onclose?.();
  mock.timers.tick(60_000);
  current().onopen?.();
  assert.deepEqual([current().sent[0].session, current().sent[0].last_seq], ["s_1", 7]);
});

test("a message is kept until it is acknowledged and sent again with the same id", () => {
  const { chat, current, sockets, lasting } = startChat();
  chat.openPanel();
  chat.say("到哪了");
  current().welcomes();
  const [, first] = current().sent;
  assert.deepEqual([first.type, first.text], ["message", "到哪了"]);
  mock.timers.tick(8_000);
  assert.equal(sockets.length, 2);
  current().welcomes();
  assert.deepEqual(current().sent[1], first);
  current().says({ type: "ack", id: first.id, seq: 1 });
  assert.equal(lasting.getItem("zhanggui:http://help.test:waiting"), null);
});

test("after a reload what waits is shown and sent, and nothing is doubled", () => {
  const before = startChat();
  before.chat.openPanel();
  before.current().welcomes();
  before.chat.say("网断之前的话");
  const { id } = before.current().sent[1];
  const { chat, current } = startChat({ lasting: before.lasting });
  assert.deepEqual(texts(chat.state), ["网断之前的话"]);
  current().welcomes();
  current().says(message(1, { from: "shopper", id, text: "网断之前的话" }));
  assert.equal(current().sent[1].id, id);
  current().says({ type: "ack", id, seq: 1 });
  assert.deepEqual(texts(chat.state), ["网断之前的话"]);
});

test("a message sent too fast is tried again, another refusal is final", () => {
  const { chat, current } = startChat();
  chat.openPanel();
  current().welcomes();
  chat.say("一");
  const { id } = current().sent[1];
  current().says({ type: "error", code: "rate_limited", id, retry_after: 2 });
  assert.equal(chat.state.messages[0]?.delivery, "sending");
  mock.timers.tick(2_000);
  assert.equal(current().sent[2].id, id);
  current().says({ type: "error", code: "too_large", id });
  assert.deepEqual([chat.state.messages[0]?.delivery, chat.memory.waiting], ["failed", []]);
});

test("a connection that does not answer is made anew when the page comes back", () => {
  const { chat, current, sockets } = startChat();
  chat.openPanel();
  current().welcomes();
  chat.wake();
  current().says({ type: "pong" });
  mock.timers.tick(5_000);
  assert.equal(sockets.length, 1);
  chat.wake();
  mock.timers.tick(5_000);
  assert.equal(sockets.length, 2);
});

test("an agent, and only an agent, hears that the shopper writes, not at every key", () => {
  const { chat, current } = startChat();
  chat.openPanel();
  current().welcomes();
  chat.writes();
  current().says({ type: "owner", owner: "agent", name: "小林" });
  for (let key = 0; key < 3; key += 1) chat.writes();
  mock.timers.tick(4_000);
  chat.writes();
  assert.deepEqual(current().sent.slice(1), [{ type: "typing" }, { type: "typing" }]);
});

test("only what the protocol names leaves the page", () => {
  const { chat, current } = startChat();
  chat.openPanel();
  current().welcomes();
  chat.press("b_1", "催一催");
  chat.requestHuman("转人工");
  chat.rate(5, "很快");
  const shapes = current().sent.slice(1).map((sent) => Object.keys(sent).sort().join());
  assert.deepEqual(shapes, ["id,payload,type", "id,type", "id,stars,text,type"]);
});

test("another session forgets what waited for the old one", () => {
  const { chat, current, lasting } = startChat();
  chat.openPanel();
  current().welcomes();
  chat.say("给旧会话的话");
  chat.setShopper("another.shopper.token");
  current().welcomes({ session: "s_2" });
  assert.deepEqual([texts(chat.state), chat.memory.session], [[], "s_2"]);
  assert.equal(current().sent.length, 1);
  assert.equal(lasting.getItem("zhanggui:http://help.test:waiting"), null);
});

test("signing out leaves nothing of the conversation behind", () => {
  const { chat, current, lasting } = startChat({ token: "t.t.t" });
  chat.openPanel();
  current().welcomes();
  current().says(message(1));
  chat.setShopper(null);
  current().onopen?.();
  assert.deepEqual([texts(chat.state), lasting.kept.size], [[], 0]);
  assert.equal("session" in current().sent[0], false);
});

test("a reload goes on as the shopper whom the page named, until it says otherwise", () => {
  const { chat, lasting, tab } = startChat();
  chat.openPanel();
  chat.setShopper("t.t.t");
  assert.equal(startChat({ lasting, tab }).chat.token, "t.t.t");
  assert.equal(startChat({ lasting, tab, token: null }).chat.token, null);
  assert.equal(startChat({ lasting, tab: shelf() }).chat.token, null);
});

test("an event of a newer server is passed over", (t) => {
  t.mock.method(console, "warn", () => {});
  const { chat, current } = startChat();
  chat.openPanel();
  current().welcomes();
  const before = chat.state;
  current().says({ type: "confetti" });
  assert.equal(chat.state, before);
});

test("a browser that keeps nothing can still chat", () => {
  const broken = { ...shelf(), setItem: () => { throw new Error("quota"); }, getItem: () => { throw new Error("denied"); } };
  const { chat, current } = startChat({ lasting: broken });
  chat.openPanel();
  current().welcomes();
  chat.say("好");
  assert.deepEqual(texts(chat.state), ["好"]);
});

test("waiting times double up to a limit and are spread", () => {
  assert.deepEqual([0, 1, 2].map((attempt) => waitMs(attempt, 1)), [500, 1000, 2000]);
  assert.deepEqual([waitMs(20, 1), waitMs(20, 0)], [15_000, 7_500]);
});
