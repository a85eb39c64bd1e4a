"""From the bot to people and back: owner, queue, hours, and what the shopper reads."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import select

from server.store.tables import audit
from tests.server.conftest import Desk, Running, Start, read


async def handed_over(server: Running, **options: Any) -> tuple[dict[str, Any], Desk, dict[str, Any]]:
    """A fixture whose shopper waits, its agent, and the row of the hand-off."""
    fixture = await server.fixture(**options)
    await server.say(fixture["sender"], "转人工", token=fixture["shopper_token"])
    desk = await server.agent_of(fixture)
    return fixture, desk, (await desk.queue())[0]


async def test_the_public_notice_names_position_and_waiting_time(server: Running) -> None:
    [notice] = await server.say(server.sender(), "转人工")

    custom = notice["custom"]
    assert (custom["type"], custom["reason"]) == ("handoff", "requested")
    assert custom["eta_seconds"] == 90 * custom["position"]
    assert "人工客服" in notice["text"]


async def test_after_the_hand_off_the_bot_is_silent(server: Running) -> None:
    sender = server.sender()
    await server.say(sender, "转人工")
    ran = len(server.dialogue.ran)

    assert await server.say(sender, "有人吗") == []
    assert len(server.dialogue.ran) == ran


async def test_who_writes_while_waiting_is_told_once_that_it_was_passed_on(server: Running) -> None:
    fixture, _, _ = await handed_over(server)

    answers = [await server.say(fixture["sender"], text, token=fixture["shopper_token"]) for text in ("那单先别发", "在吗")]

    told = [message for message in await read(server, fixture) if "已转给人工客服" in message.get("text", "")]
    assert answers == [[], []]
    assert [[button["title"] for button in message["buttons"]] for message in told] == [["不等了，继续问助手"]]


async def test_the_button_of_the_notice_leaves_the_queue(server: Running) -> None:
    fixture = await server.fixture()
    token = fixture["shopper_token"]
    [notice] = await server.say(fixture["sender"], "转人工", token=token)
    desk = await server.agent_of(fixture)

    [left] = await server.say(fixture["sender"], notice["buttons"][0]["payload"], token=token)
    [answer] = await server.say(fixture["sender"], "运费谁出", token=token)

    assert ("不再排队" in left["text"], answer["text"]) == (True, "re: 运费谁出")
    assert (await desk.queue(), [row["outcome"] for row in await desk.queue("closed")]) == ([], ["left"])
    assert server.dialogue.asked[-1]["reset"] is True


async def test_who_gives_up_waiting_in_words_is_answered_what_else_was_said(server: Running) -> None:
    fixture, desk, _ = await handed_over(server)
    server.nlu.intents |= {"算了": "stop", "不等人工了": "deny"}

    left, answer = await server.say(fixture["sender"], "算了 不等人工了 运费谁出", token=fixture["shopper_token"])

    assert ("不再排队" in left["text"], answer["text"]) == (True, "re: 运费谁出")
    assert await desk.queue() == []


@pytest.mark.parametrize(("leaves", "asks"), [("不等了", "我要投诉你们"), ("不等了 运费谁出", "我要投诉你们\n运费谁出")])
async def test_a_complaint_in_the_queue_is_noted_and_taken_when_the_queue_is_left(server: Running, leaves: str, asks: str) -> None:
    fixture, _, _ = await handed_over(server)
    server.nlu.intents |= {"我要投诉你们": "complain", "不等了": "deny"}
    token = fixture["shopper_token"]

    for text in ("在吗", "我要投诉你们", "我要投诉你们"):
        await server.say(fixture["sender"], text, token=token)
    left, answer = await server.say(fixture["sender"], leaves, token=token)

    told = [message for message in await read(server, fixture) if "投诉已记下" in message.get("text", "")]
    assert len(told) == 1
    assert ("不再排队" in left["text"], answer["text"]) == (True, f"re: {asks}")


async def test_a_complaint_is_taken_when_the_button_leaves_the_queue(server: Running) -> None:
    fixture, _, _ = await handed_over(server)
    server.nlu.intents |= {"我要投诉你们": "complain"}
    token = fixture["shopper_token"]
    await server.say(fixture["sender"], "我要投诉你们", token=token)
    [told] = [message for message in await read(server, fixture) if "投诉已记下" in message.get("text", "")]

    _, answer = await server.say(fixture["sender"], told["buttons"][0]["payload"], token=token)

    assert answer["text"] == "re: 我要投诉你们"


async def test_every_complaint_in_the_queue_is_taken_when_it_is_left(server: Running) -> None:
    fixture, _, _ = await handed_over(server)
    server.nlu.intents |= {"快递员骂人我要投诉": "complain", "客服也不理我要投诉": "complain", "不等了": "deny"}
    token = fixture["shopper_token"]

    for text in ("快递员骂人我要投诉", "在吗", "客服也不理我要投诉", "快递员骂人我要投诉"):
        await server.say(fixture["sender"], text, token=token)
    _, answer = await server.say(fixture["sender"], "不等了", token=token)

    assert answer["text"] == "re: 快递员骂人我要投诉\n客服也不理我要投诉"


async def test_a_complaint_in_two_messages_is_taken_whole(start: Start) -> None:
    server = await start(chat={"debounce_ms": 300})
    server.nlu.intents |= {"快递员骂人我要投诉\n快点": "complain", "不等了": "deny"}
    async with server.widget() as widget:
        await widget.send(type="message", id="a0", text="转人工")
        await widget.next("owner", owner="queue")
        for place, text in enumerate(("快递员骂人我要投诉", "快点")):
            await widget.send(type="message", id=f"b{place}", text=text)
        while "投诉已记下" not in (await widget.next("message"))["text"]:
            pass

        await widget.send(type="message", id="c0", text="不等了")

        answer = await widget.next("message", **{"from": "bot"})
    assert answer["text"] == "re: 快递员骂人我要投诉\n快点"


async def test_a_complaint_that_comes_while_the_shopper_is_handed_over_is_taken(server: Running) -> None:
    fixture = await server.fixture()
    server.nlu.intents |= {"我要投诉你们": "complain", "不等了": "deny"}
    token = fixture["shopper_token"]
    server.dialogue.held.clear()
    turn = asyncio.create_task(server.say(fixture["sender"], "转人工", token=token))
    await server.dialogue.until_asked()
    complaint = asyncio.create_task(server.say(fixture["sender"], "我要投诉你们", token=token))
    async with asyncio.timeout(5):
        while "我要投诉你们" not in [message.get("text") for message in await read(server, fixture)]:
            pass
    server.dialogue.held.set()
    await asyncio.gather(turn, complaint)

    _, answer = await server.say(fixture["sender"], "不等了", token=token)

    assert answer["text"] == "re: 我要投诉你们"


@pytest.mark.parametrize("noted_before", [False, True])
async def test_a_complaint_in_the_queue_is_in_the_ticket_when_nobody_came(start: Start, noted_before: bool) -> None:
    now = [time.time()]
    server = await start(clock=lambda: now[0], handoff={"queue_return_s": 600})
    fixture, desk, row = await handed_over(server)
    server.nlu.intents |= {"我要投诉你们": "complain", "不管了": "complain"}
    token = fixture["shopper_token"]
    if noted_before:
        now[0] += 700
        await until(lambda: desk.queue("closed"), [row["id"]])
        await server.say(fixture["sender"], "转人工", token=token)
        [row] = await desk.queue()
    for text in ("我要投诉你们", "不管了"):
        await server.say(fixture["sender"], text, token=token)

    now[0] += 700
    async with asyncio.timeout(5):
        while await desk.queue():
            pass

    query = f"select detail from tickets where conversation_id = '{row['conversation']}'"
    details = await server.app.state.parts.store.read(lambda db: db.exec_driver_sql(query).scalars().all())
    assert details == ["requested\n我要投诉你们\n不管了"]


async def test_a_complaint_in_the_queue_is_the_first_that_an_agent_reads(server: Running) -> None:
    fixture, desk, row = await handed_over(server)
    server.nlu.intents |= {"我要投诉你们": "complain"}
    for text in ("我要投诉你们", "在吗"):
        await server.say(fixture["sender"], text, token=fixture["shopper_token"])
    await desk.post(f"/api/handoffs/{row['id']}/accept")

    packet = await desk.get(f"/api/handoffs/{row['id']}")

    assert packet["summary"].startswith("等待时投诉：“我要投诉你们”；")


async def test_a_complaint_that_an_agent_answered_is_not_taken_again(server: Running) -> None:
    fixture, desk, row = await handed_over(server)
    server.nlu.intents |= {"我要投诉你们": "complain", "不等了": "deny"}
    token = fixture["shopper_token"]
    await server.say(fixture["sender"], "我要投诉你们", token=token)
    await desk.post(f"/api/conversations/{row['conversation']}/messages", {"id": "d1", "text": "对不起，我来处理"})
    await desk.post(f"/api/handoffs/{row['id']}/transfer", {"skill": "complaint"})

    replies = await server.say(fixture["sender"], "不等了", token=token)

    assert ["不再排队" in reply["text"] for reply in replies] == [True]


async def test_a_no_that_is_meant_for_the_people_keeps_the_place(server: Running) -> None:
    fixture, desk, row = await handed_over(server)
    server.nlu.intents |= {"不是": "deny"}

    assert await server.say(fixture["sender"], "不是 是蓝色那件", token=fixture["shopper_token"]) == []
    assert [waiting["id"] for waiting in await desk.queue()] == [row["id"]]


async def test_who_waits_because_the_bot_is_away_is_not_offered_the_bot(start: Start) -> None:
    server = await start(chat={"turn_deadline_s": 0.3})
    server.dialogue.down = True

    [notice] = await server.say("web-1", "你好")

    assert "buttons" not in notice


async def test_a_command_never_reaches_the_shopper_and_text_and_notice_come_in_order(server: Running) -> None:
    commands = [{"type": "handoff", "reason": "security", "skill": "security", "priority": "urgent"}]
    server.dialogue.scripts["有人盗号"] = {"messages": [{"text": "请先改密码"}], "commands": commands}

    replies = await server.say(server.sender(), "有人盗号")

    assert [reply.get("text", "")[:5] for reply in replies] == ["请先改密码", "正在为您转"]
    assert "command" not in str(replies)


async def test_accept_is_for_one_agent_only(server: Running) -> None:
    fixture, desk, row = await handed_over(server)
    supervisor = await server.agent_of(fixture, "supervisor")

    first = await desk.post(f"/api/handoffs/{row['id']}/accept")
    second = await supervisor.post(f"/api/handoffs/{row['id']}/accept")
    again = await desk.post(f"/api/handoffs/{row['id']}/accept")

    assert (first.status_code, first.json()["state"], first.json()["owner"]) == (200, "active", "agent")
    assert (second.status_code, second.json()["error"]["code"]) == (409, "conflict")
    assert again.status_code == 200


async def test_two_who_accept_at_once_do_not_both_get_it(server: Running) -> None:
    fixture, desk, row = await handed_over(server)
    supervisor = await server.agent_of(fixture, "supervisor")

    both = await asyncio.gather(*(one.post(f"/api/handoffs/{row['id']}/accept") for one in (desk, supervisor)))

    assert sorted(response.status_code for response in both) == [200, 409]


async def test_what_the_agent_writes_is_read_by_the_shopper_and_private_notes_are_not(server: Running) -> None:
    fixture, desk, row = await handed_over(server)
    await desk.post(f"/api/handoffs/{row['id']}/accept")
    path = f"/api/conversations/{row['conversation']}/messages"

    await desk.post(path, {"id": "d1", "text": "老顾客，注意态度", "private": True})
    written = await desk.post(path, {"id": "d2", "text": "您好，我来处理"})
    repeated = await desk.post(path, {"id": "d2", "text": "您好，我来处理"})
    changed = await desk.post(path, {"id": "d2", "text": "别的"})

    assert (repeated.json()["seq"], changed.status_code) == (written.json()["seq"], 409)
    assert [m["text"] for m in await read(server, fixture) if m["from"] == "agent"] == ["您好，我来处理"]
    everything = (await desk.get(path))["items"]
    assert [m.get("private", False) for m in everything if m["from"] == "agent"] == [True, False]


async def test_a_human_message_takes_the_conversation_at_once(server: Running) -> None:
    fixture = await server.fixture()
    await server.say(fixture["sender"], "你好")
    conversation = server.dialogue.asked[-1]["conversation"]
    desk = await server.agent_of(fixture)

    await desk.post(f"/api/conversations/{conversation}/messages", {"id": "d1", "text": "我是小王"})

    assert await server.say(fixture["sender"], "在吗") == []
    assert [row["conversation"] for row in await desk.queue("active")] == [conversation]


async def test_a_bot_answer_that_comes_after_the_agent_stays_a_private_note(server: Running) -> None:
    fixture = await server.fixture()
    server.dialogue.held.clear()
    turn = asyncio.create_task(server.say(fixture["sender"], "你好"))
    await server.dialogue.until_asked()
    desk = await server.agent_of(fixture)
    conversation = server.dialogue.asked[-1]["conversation"]
    await desk.post(f"/api/conversations/{conversation}/messages", {"id": "d1", "text": "我来"})

    server.dialogue.held.set()

    assert await turn == []
    items = (await desk.get(f"/api/conversations/{conversation}/messages"))["items"]
    assert [(m["from"], m.get("private")) for m in items if m["from"] == "bot"] == [("bot", True)]


async def test_return_gives_the_conversation_to_a_dialogue_that_starts_afresh(server: Running) -> None:
    fixture, desk, row = await handed_over(server)
    await desk.post(f"/api/handoffs/{row['id']}/accept")

    returned = await desk.post(f"/api/handoffs/{row['id']}/return")
    replies = await server.say(fixture["sender"], "运费谁出", token=fixture["shopper_token"])
    await server.say(fixture["sender"], "再问一个", token=fixture["shopper_token"])

    assert (returned.json()["owner"], replies[0]["text"]) == ("bot", "re: 运费谁出")
    assert [turn["reset"] for turn in server.dialogue.asked[-2:]] == [True, False]


async def test_close_asks_for_a_rating_and_a_new_message_reopens(server: Running) -> None:
    fixture, desk, row = await handed_over(server)
    await desk.post(f"/api/handoffs/{row['id']}/accept")

    closed = await desk.post(f"/api/handoffs/{row['id']}/close", {"outcome": "solved", "note": "已补发"})
    last = (await read(server, fixture))[-1]
    replies = await server.say(fixture["sender"], "还有个问题", token=fixture["shopper_token"])

    assert (closed.json()["state"], closed.json()["outcome"], closed.json()["owner"]) == ("closed", "solved", "closed")
    assert last["custom"] == {"type": "rating_request"}
    assert replies[0]["text"] == "re: 还有个问题"
    assert (await desk.post(f"/api/handoffs/{row['id']}/close", {"outcome": "x"})).status_code == 409


async def test_transfer_frees_the_agent_and_queues_for_the_other_skill(server: Running) -> None:
    fixture, desk, row = await handed_over(server)
    await desk.post(f"/api/handoffs/{row['id']}/accept")

    moved = await desk.post(f"/api/handoffs/{row['id']}/transfer", {"skill": "logistics", "note": "要联系快递"})
    supervisor = await server.agent_of(fixture, "supervisor")
    taken = await supervisor.post(f"/api/handoffs/{row['id']}/accept")

    assert (moved.json()["state"], moved.json()["skill"], moved.json()["owner"]) == ("queued", "logistics", "queue")
    assert taken.json()["state"] == "active"
    assert (await desk.post(f"/api/handoffs/{row['id']}/return")).status_code == 403


@pytest.mark.parametrize("left_by", ["transfer", "silence"])
async def test_who_waits_again_is_given_the_whole_time_again(start: Start, left_by: str) -> None:
    now = [time.time()]
    server = await start(clock=lambda: now[0], handoff={"queue_return_s": 600, "lease_s": 60 if left_by == "silence" else 10_000})
    await server.say("web-1", "转人工")
    desk = await server.login()
    [row] = await desk.queue()
    await desk.post(f"/api/handoffs/{row['id']}/accept")

    now[0] += 700
    if left_by == "transfer":
        await desk.post(f"/api/handoffs/{row['id']}/transfer", {"skill": "logistics"})
    await until(lambda: desk.queue(), [row["id"]])
    await server.app.state.parts.housekeeper.round()
    waiting = await desk.queue()
    now[0] += 700
    await until(lambda: desk.queue("closed"), [row["id"]])

    assert [(one["id"], one["queued_at"]) for one in waiting] == [(row["id"], row["queued_at"])]


async def until(listing: Callable[[], Awaitable[list[dict[str, Any]]]], ids: list[str]) -> None:
    """Wait until a list of hand-offs has these."""
    async with asyncio.timeout(5):
        while True:
            if [row["id"] for row in await listing()] == ids:
                return
            await asyncio.sleep(0.05)


async def test_who_reads_a_packet_is_written_down(server: Running) -> None:
    _, desk, row = await handed_over(server)

    await desk.get(f"/api/handoffs/{row['id']}")

    query = select(audit.c.actor).where(audit.c.conversation_id == row["conversation"], audit.c.action == "read")
    [actor] = await server.app.state.parts.store.read(lambda db: db.execute(query).scalars().all())
    assert actor == f"agent:{(await desk.get('/api/agents/me'))['agent']['id']}"


async def test_an_unknown_skill_is_refused(server: Running) -> None:
    _, desk, row = await handed_over(server)
    await desk.post(f"/api/handoffs/{row['id']}/accept")

    response = await desk.post(f"/api/handoffs/{row['id']}/transfer", {"skill": "magic"})

    assert (response.status_code, response.json()["error"]["field"]) == (422, "skill")


async def test_urgent_shoppers_stand_before_those_who_came_earlier(start: Start) -> None:
    server = await start()
    urgent = [{"type": "handoff", "reason": "security", "skill": "security", "priority": "urgent"}]
    server.dialogue.scripts["有人盗号"] = {"commands": urgent}
    await server.say("web-1", "转人工")

    [notice] = await server.say("web-2", "有人盗号")
    queue = await (await server.login()).queue()

    assert notice["custom"]["position"] == 1
    assert [(row["reason"], row["position"]) for row in queue] == [("security", 1), ("requested", 2)]


async def test_outside_working_hours_a_note_is_taken_and_the_bot_goes_on(start: Start) -> None:
    server = await start(desk={"working_hours": ["08:00-24:00"]})
    night = await server.fixture(now="2026-11-21T03:00:00+08:00")

    [first] = await server.say(night["sender"], "转人工", token=night["shopper_token"])
    [second] = await server.say(night["sender"], "转人工", token=night["shopper_token"])
    [answer] = await server.say(night["sender"], "运费谁出", token=night["shopper_token"])

    assert first["custom"]["type"] == "ticket_card"
    assert "今天 08:00" in first["text"]
    assert second["custom"]["ticket_no"] == first["custom"]["ticket_no"]
    assert answer["text"] == "re: 运费谁出"


async def test_a_rating_command_is_thanked_for(server: Running) -> None:
    server.dialogue.scripts["五分"] = {"commands": [{"type": "rate", "stars": 5, "text": "好"}]}

    assert (await server.say(server.sender(), "五分"))[0]["text"] == "感谢您的评价。"


async def test_a_comment_that_follows_a_rating_is_stored_with_it(server: Running) -> None:
    sender = server.sender()
    for said, text in (("两分", None), ("太慢了", "太慢了"), ("又慢了", "又慢了")):
        server.dialogue.scripts[said] = {"commands": [{"type": "rate", "stars": 2, "text": text}]}
        await server.say(sender, said)

    query = "select text from ratings where stars = 2 order by id"
    stored = await server.app.state.parts.store.read(lambda db: db.exec_driver_sql(query).scalars().all())
    assert stored == ["太慢了", "又慢了"]


@pytest.mark.parametrize(("path", "body"), [("accept", None), ("return", None), ("close", {"outcome": "x"})])
async def test_fixture_agents_do_not_see_other_conversations(server: Running, path: str, body: Any) -> None:
    _, _, row = await handed_over(server)
    stranger = await server.agent_of(await server.fixture())

    assert await stranger.queue() == []
    assert (await stranger.post(f"/api/handoffs/{row['id']}/{path}", body)).status_code == 404
    hidden = await stranger.http.get(f"/api/conversations/{row['conversation']}/messages", headers=stranger.headers)
    assert hidden.status_code == 404


async def test_the_context_packet_tells_the_whole_story(server: Running) -> None:
    fixture = await server.fixture(level="gold")
    order = fixture["orders"]["order_delivered"]
    token = fixture["shopper_token"]
    server.dialogue.scripts["想退货"] = {
        "messages": [{"text": "好的"}], "slots": {"focus_order": order, "confirm": None}, "actions": ["action_show_order"]
    }  # fmt: skip
    server.nlu.intents["想退货"] = "request_return"
    server.nlu.moods["转人工"] = "annoyed"
    await server.say(fixture["sender"], "想退货", token=token)
    await server.say(fixture["sender"], "转人工", token=token)
    desk = await server.agent_of(fixture)
    [row] = await desk.queue()

    packet = await desk.get(f"/api/handoffs/{row['id']}")

    said = [(line["from"], (line.get("parse") or {}).get("intent")) for line in packet["transcript"]]
    assert said == [("shopper", "request_return"), ("bot", None), ("shopper", "request_human"), ("system", None)]
    assert (packet["reason"], packet["skill"], packet["priority"]) == ("requested", "aftersale", "normal")
    assert (packet["shopper"]["level"], packet["shopper"]["tickets"]) == ("gold", [])
    assert packet["order"]["order_id"] == order
    assert packet["parcel"]["type"] == "parcel_card"
    assert {"name": "order", "value": order, "verified": True, "by": "shop"} in packet["facts"]
    assert [mood["label"] for mood in packet["sentiment"]] == ["calm", "annoyed"]
    assert packet["tried"][0]["actions"] == ["action_show_order"]
    assert packet["tried"][0]["result"] == "answered"
    assert packet["slots"] == {"focus_order": order}
    assert packet["articles"][0]["id"] == "return.fee"
    assert packet["suggested_reply"] == packet["articles"][0]["answer"]
    assert packet["summary"] == f"金卡会员；转接原因：顾客要求人工；诉求：退货；订单 {order}；最后说：“想退货”"
    assert packet["clocks"]["first_reply"]["left_s"] > 0


async def test_what_is_said_to_people_is_understood_for_them(server: Running) -> None:
    fixture, desk, row = await handed_over(server)
    server.nlu.moods["都三天了！"] = "angry"
    server.nlu.intents["都三天了！"] = "urge_delivery"

    await server.say(fixture["sender"], "都三天了！", token=fixture["shopper_token"])

    moods: list[str] = []
    async with asyncio.timeout(5):
        while "angry" not in moods:
            packet = await desk.get(f"/api/handoffs/{row['id']}")
            moods = [mood["label"] for mood in packet["sentiment"]]
    assert "诉求：催派送" in packet["summary"]
    assert packet["last"]["text"] == "都三天了！"


async def test_a_hand_off_without_history_has_a_packet_too(server: Running) -> None:
    _, desk, row = await handed_over(server)

    packet = await desk.get(f"/api/handoffs/{row['id']}")

    assert (packet["order"], packet["articles"] is not None, packet["complaint_class"]) == (None, True, None)
