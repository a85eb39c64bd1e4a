"""The widget's WebSocket: hello, acknowledgement, resuming, bubbles, owner and rating."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update
from websockets.asyncio.client import connect

from server.store.tables import conversations, messages
from tests.server.conftest import Running, Start
from tests.server.test_identity import BUTTON


async def test_hello_gets_a_session_and_a_message_its_ack_and_answer(server: Running) -> None:
    async with server.widget(page="sku:10231") as widget:
        welcome = await widget.next("welcome")
        await widget.send(type="message", id="c1", text="运费谁出")
        own = await widget.next("message", **{"from": "shopper"})
        ack = await widget.next("ack")
        await widget.next("typing")
        answer = await widget.next("message", **{"from": "bot"})

    assert welcome["owner"] == "bot"
    assert len(welcome["session"]) >= 2 + 22
    assert (own["id"], own["text"], ack) == ("c1", "运费谁出", {"type": "ack", "id": "c1", "seq": own["seq"]})
    assert (answer["text"], answer["seq"]) == ("re: 运费谁出", own["seq"] + 1)
    assert server.dialogue.asked[0]["metadata"]["page"] == "sku:10231"


async def test_welcome_names_the_shop_the_hot_questions_and_the_subject(start: Start) -> None:
    server = await start(chat={"hot_questions": ["ship.when", "no.such.topic"]})
    async with server.widget(page="sku:10231") as widget:
        welcome = await widget.next("welcome")

    assert welcome["shop"] == "云杉优选"
    assert welcome["hot"] == [{"title": "下单后多久发货"}]
    assert welcome["subject"]["items"][0]["sku"] == "10231"
    assert welcome["desk"]["open"] is True


async def test_who_comes_back_gets_what_was_missed_and_nothing_twice(server: Running) -> None:
    async with server.widget() as widget:
        session = (await widget.next("welcome"))["session"]
        await widget.send(type="message", id="c1", text="一")
        seen = (await widget.next("message", text="re: 一"))["seq"]
        server.dialogue.held.clear()
        await widget.send(type="message", id="c2", text="二")
        await widget.next("ack", id="c2")
    server.dialogue.held.set()

    async with server.widget(session=session, last_seq=seen) as widget:
        welcome = await widget.next("welcome")
        missed = [await widget.next("message") for _ in range(2)]
        await widget.send(type="message", id="c2", text="二")
        again = await widget.next("ack")

    assert (welcome["session"], "session_new" in welcome) == (session, False)
    assert [(message["from"], message["text"]) for message in missed] == [("shopper", "二"), ("bot", "re: 二")]
    assert again["seq"] == missed[0]["seq"]
    assert server.dialogue.ran == ["一", "二"]


async def test_who_was_away_for_long_gets_everything_that_was_missed(server: Running) -> None:
    async with server.widget() as widget:
        session = (await widget.next("welcome"))["session"]
        await widget.send(type="message", id="c1", text="一")
        seen = (await widget.next("message", text="re: 一"))["seq"]
    conversation = server.dialogue.asked[-1]["conversation"]
    last = seen + 1100

    def go_on(db: Connection) -> None:
        said = {"kind": "text", "body": {"text": "在"}, "created_at": 0.0, "private": False, "state": "done"}
        numbers = range(seen + 1, last + 1)
        db.execute(insert(messages), [{**said, "conversation_id": conversation, "seq": seq, "author": "bot"} for seq in numbers])
        db.execute(update(conversations).where(conversations.c.id == conversation).values(last_seq=last))

    await server.app.state.parts.store.write(go_on)

    async with server.widget(session=session, last_seq=seen) as widget:
        missed = [(await widget.next("message"))["seq"] for _ in range(last - seen)]

    assert missed == list(range(seen + 1, last + 1))


async def test_an_unknown_session_is_replaced(server: Running) -> None:
    async with server.widget(session="s_unknown", last_seq=41) as widget:
        welcome = await widget.next("welcome")

    assert welcome["session_new"] is True
    assert welcome["session"] != "s_unknown"


async def test_two_windows_of_one_shopper_see_the_same(server: Running) -> None:
    token = (await server.fixture())["shopper_token"]
    async with server.widget(shopper_token=token) as one, server.widget(shopper_token=token) as two:
        await one.next("welcome")
        await two.next("welcome")
        await one.send(type="message", id="c1", text="在吗")

        assert (await two.next("message", **{"from": "shopper"}))["text"] == "在吗"
        assert (await two.next("message", **{"from": "bot"}))["text"] == "re: 在吗"


async def test_a_members_session_without_token_does_not_open_the_conversation(server: Running) -> None:
    token = (await server.fixture())["shopper_token"]
    async with server.widget(shopper_token=token) as widget:
        session = (await widget.next("welcome"))["session"]
        await widget.send(type="message", id="c1", text="我的订单")
        await widget.next("message", **{"from": "bot"})

    async with server.widget(session=session) as widget:
        welcome = await widget.next("welcome")
        await widget.send(type="message", id="c2", text="你好")
        first = await widget.next("message")
        await widget.next("message", text="re: 你好")

    assert welcome["session"] != session
    assert (first["seq"], first["text"]) == (1, "你好")


async def test_short_bubbles_are_acknowledged_at_once_and_answered_as_one_turn(server: Running) -> None:
    async with server.widget() as widget:
        for number, text in enumerate(("我想", "退货", "鞋子")):
            await widget.send(type="message", id=f"c{number}", text=text)
        acks = [await widget.next("ack") for _ in range(3)]
        answer = await widget.next("message", **{"from": "bot"})

    assert [ack["seq"] for ack in acks] == [1, 2, 3]
    assert answer["text"] == "re: 我想\n退货\n鞋子"
    assert server.dialogue.ran == ["我想\n退货\n鞋子"]


async def test_what_is_typed_while_a_turn_runs_becomes_the_next_turn(server: Running) -> None:
    server.dialogue.held.clear()
    async with server.widget() as widget:
        await widget.send(type="message", id="c1", text="一")
        await server.dialogue.until_asked()
        await widget.send(type="message", id="c2", text="二")
        await widget.send(type="message", id="c3", text="三")
        await widget.next("ack", id="c3")
        server.dialogue.held.set()
        await widget.next("message", text="re: 二\n三")

    assert server.dialogue.ran == ["一", "二\n三"]


async def test_a_button_a_wish_for_a_person_and_the_queue(server: Running) -> None:
    server.dialogue.scripts["我要退货"] = BUTTON
    async with server.widget(shopper_token=(await server.fixture())["shopper_token"]) as widget:
        await widget.send(type="message", id="c1", text="我要退货")
        payload = (await widget.next("message", **{"from": "bot"}))["buttons"][0]["payload"]
        await widget.send(type="button", id="c2", payload=payload)
        assert (await widget.next("message", id="c2"))["text"] == "确认退货"
        await widget.send(type="button", id="c3", payload=payload)
        assert (await widget.next("error"))["code"] == "conflict"
        await widget.send(type="request_human", id="c4")
        notice = await widget.next("message", **{"from": "system"})
        owner = await widget.next("owner")

    assert notice["custom"]["type"] == "handoff"
    assert owner == {"type": "owner", "owner": "queue", "position": 1, "eta_seconds": 90}


async def test_those_who_wait_are_told_when_their_place_changes(start: Start) -> None:
    server = await start()
    async with server.widget() as first, server.widget() as second:
        for widget in (first, second):
            await widget.send(type="request_human", id="c1")
            await widget.next("owner", owner="queue")
        desk = await server.login()
        [row, _] = await desk.queue()
        await desk.post(f"/api/handoffs/{row['id']}/accept")

        taken = await first.next("owner", owner="agent")
        moved = await second.next("owner", owner="queue")

    assert taken["name"] == "小林"
    assert moved["position"] == 1


async def test_the_agents_words_arrive_live_and_a_rating_is_for_the_agent(start: Start) -> None:
    server = await start()
    async with server.widget() as widget:
        await widget.send(type="request_human", id="c1")
        await widget.next("owner", owner="queue")
        desk = await server.login()
        [row] = await desk.queue()
        await desk.post(f"/api/conversations/{row['conversation']}/messages", {"id": "d1", "text": "您好"})
        said = await widget.next("message", **{"from": "agent"})
        await desk.post(f"/api/handoffs/{row['id']}/close", {"outcome": "solved"})
        await widget.next("owner", owner="closed")
        await widget.send(type="rating", id="c2", stars=5, text="很好")
        thanks = await widget.next("message", text="感谢您的评价。")

    assert (said["text"], said["name"]) == ("您好", "小林")
    assert thanks["from"] == "system"
    stored = await server.app.state.parts.store.read(lambda db: db.exec_driver_sql("select target, stars, text from ratings").all())
    assert [tuple(row) for row in stored] == [("agent", 5, "很好")]


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"type": "message", "id": "x", "text": "字" * 4001}, "too_large"),
    ({"type": "message", "id": "x", "text": " "}, "invalid"),
    ({"type": "message", "text": "没有编号"}, "invalid"),
    ({"type": "message", "id": "x", "text": ["a"]}, "invalid"),
    ({"type": "button", "id": "x", "payload": "/request_refund"}, "forbidden"),
    ({"type": "button", "id": "x", "payload": "b_" + "y" * 32}, "forbidden"),
    ({"type": "upload", "id": "x", "file": "f_unknown"}, "forbidden"),
    ({"type": "rating", "id": "x", "stars": 6}, "invalid"),
    ({"type": "rating", "id": "x", "stars": True}, "invalid"),
    ({"type": "magic", "id": "x"}, "invalid"),
    ({"type": {}, "id": "x"}, "invalid"),
]


@pytest.mark.parametrize(("event", "code"), REFUSED)
async def test_an_event_that_cannot_be_used_is_refused_and_the_chat_goes_on(server: Running, event: dict[str, Any], code: str) -> None:
    async with server.widget() as widget:
        await widget.send(**event)
        error = await widget.next("error")
        await widget.send(type="ping")

        assert error["code"] == code
        assert error.get("id") == event.get("id")
        assert await widget.next("pong")


async def test_what_is_not_json_is_malformed(server: Running) -> None:
    async with server.widget() as widget:
        await widget.socket.send("{no")
        assert (await widget.next("error"))["code"] == "malformed"


BAD_HELLOS = [({"shopper_token": "no"}, "unauthorized"), ({"last_seq": -1}, "invalid"), ({"last_seq": 10**20}, "invalid")]


@pytest.mark.parametrize(("hello", "code"), BAD_HELLOS)
async def test_a_bad_hello_is_refused_and_the_connection_closed(server: Running, hello: dict[str, Any], code: str) -> None:
    async with server.widget(**hello) as widget:
        assert (await widget.next("error"))["code"] == code
        await widget.socket.wait_closed()
        assert widget.socket.close_code in (4401, 4408)


async def test_agents_hear_of_hand_offs_messages_and_typing(server: Running) -> None:
    fixture = await server.fixture()
    desk = await server.agent_of(fixture)
    async with connect(server.url.replace("http", "ws") + "/ws/agent", additional_headers=desk.headers) as socket:

        async def next_event(type_: str) -> dict[str, Any]:
            async with asyncio.timeout(5):
                while True:
                    event: dict[str, Any] = json.loads(await socket.recv())
                    if event["type"] == type_:
                        return event

        await socket.send(json.dumps({"type": "hello"}))
        welcome = await next_event("welcome")
        await server.say(fixture["sender"], "转人工", token=fixture["shopper_token"])
        row = (await next_event("handoff"))["handoff"]
        await server.say(fixture["sender"], "有人吗", token=fixture["shopper_token"])
        message = await next_event("message")
        while message["text"] != "有人吗":
            message = await next_event("message")

    assert welcome["agent"]["role"] == "agent"
    assert (row["state"], row["position"], row["shopper"]["level"]) == ("queued", 1, "ordinary")
    assert message["conversation"] == row["conversation"]
    assert message["id"] > welcome["last_id"]


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer a_wrong"}])
async def test_live_events_are_for_agents_only(server: Running, headers: dict[str, str]) -> None:
    async with connect(server.url.replace("http", "ws") + "/ws/agent", additional_headers=headers) as socket:
        await socket.send(json.dumps({"type": "hello"}))

        assert json.loads(await socket.recv())["code"] == "unauthorized"
