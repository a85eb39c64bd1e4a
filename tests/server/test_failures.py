"""Slow and dead parts, restarts: nobody is forgotten, nobody is told of a success that did not happen."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import AsyncExitStack

import pytest

from server.app import create_app
from server.store.migrate import ForeignDatabase
from tests.server.conftest import Running, Start, settings_of


async def test_a_failed_action_is_tried_again_and_answered_once(server: Running) -> None:
    server.dialogue.failing = 2

    replies = await server.say(server.sender(), "你好")

    assert [reply["text"] for reply in replies] == ["re: 你好"]
    assert len(server.dialogue.asked) == 3
    assert len({turn["message_id"] for turn in server.dialogue.asked}) == 1


@pytest.mark.parametrize("part", ["nlu", "dialogue"])
async def test_a_dead_part_hands_over_at_the_deadline(server: Running, part: str) -> None:
    getattr(server, part).down = True
    sender = server.sender()
    began = time.monotonic()

    [notice] = await server.say(sender, "运费谁出", message_id="m1")

    assert 1.0 < time.monotonic() - began < 3.5
    assert (notice["custom"]["type"], notice["custom"]["reason"]) == ("handoff", "bot_down")
    getattr(server, part).down = False
    assert await server.say(sender, "有人吗") == []
    assert await server.say(sender, "运费谁出", message_id="m1") == [notice]


async def test_an_unconfirmed_submit_is_handed_over_as_unknown_outcome(server: Running) -> None:
    sender = server.sender()
    server.dialogue.scripts["要退货"] = {"messages": [{"text": "确认吗"}], "active_form": "return_form", "requested_slot": "confirm"}
    await server.say(sender, "要退货")
    server.dialogue.down = True

    [notice] = await server.say(sender, "确认")

    assert notice["custom"]["reason"] == "unknown_outcome"
    assert "成功" not in notice["text"]


async def test_who_wants_a_person_gets_one_also_when_the_dialogue_is_dead(server: Running) -> None:
    server.dialogue.down = True

    [notice] = await server.say(server.sender(), "转人工")

    assert notice["custom"]["reason"] == "requested"


async def test_the_bot_takes_back_what_nobody_accepted_once_it_answers_again(start: Start) -> None:
    server = await start(chat={"turn_deadline_s": 0.3})
    server.dialogue.down = True
    await server.say("web-1", "你好")
    server.dialogue.down = False

    texts: list[str] = []
    async with asyncio.timeout(6):
        while not any("恢复" in text for text in texts):
            await asyncio.sleep(0.1)
            found = (await server.http.get("/api/chat/messages?sender=web-1")).json()
            texts = [message.get("text", "") for message in found]

    assert (await server.say("web-1", "你好呀"))[0]["text"] == "re: 你好呀"
    assert server.dialogue.asked[-1]["reset"] is True


async def test_what_waits_too_long_goes_back_to_the_bot_with_a_ticket(start: Start) -> None:
    server = await start(handoff={"queue_return_s": 0.1})
    await server.say("web-1", "转人工")

    last = await _last_message(server, "queue_timeout")

    assert last["custom"]["type"] == "ticket_card"
    assert (await server.say("web-1", "你好"))[0]["text"] == "re: 你好"


async def test_an_agent_without_sign_of_life_loses_the_conversation(start: Start) -> None:
    server = await start(handoff={"lease_s": 0.1})
    await server.say("web-1", "转人工")
    desk = await server.login()
    [row] = await desk.queue()
    await desk.post(f"/api/handoffs/{row['id']}/accept")

    await _last_message(server, "换一位客服")

    assert [waiting["id"] for waiting in await desk.queue()] == [row["id"]]


async def test_silence_closes_the_conversation_with_a_request_for_a_rating(start: Start) -> None:
    server = await start(chat={"idle_close_min": 0.001})
    await server.say("web-1", "你好")

    last = await _last_message(server, "rating_request")

    assert last["custom"] == {"type": "rating_request"}


async def _last_message(server: Running, mark: str) -> dict[str, object]:
    """The last message of web-1, once it shows `mark` (in its text or card) or the ticket of a time-out."""
    marks = {"queue_timeout": "一直繁忙", "rating_request": "打个分"}
    async with asyncio.timeout(8):
        while True:
            found = (await server.http.get("/api/chat/messages?sender=web-1")).json()
            if found and marks.get(mark, mark) in found[-1].get("text", ""):
                return dict(found[-1])
            await asyncio.sleep(0.1)


async def test_a_turn_cut_off_by_a_crash_is_answered_after_the_restart(start: Start) -> None:
    async with AsyncExitStack() as first_life:
        server = await start(stack=first_life)
        server.dialogue.held.clear()
        lost = asyncio.create_task(server.post("web-1", "你好", message_id="m1"))
        await server.dialogue.until_asked()
    await asyncio.gather(lost, return_exceptions=True)
    start.dialogue.held.set()

    server = await start()
    replies = await server.say("web-1", "你好", message_id="m1")

    assert [reply["text"] for reply in replies] == ["re: 你好"]
    assert start.dialogue.ran == ["你好"]
    found = (await server.http.get("/api/chat/messages?sender=web-1")).json()
    assert [message["from"] for message in found] == ["shopper", "bot"]


async def test_a_client_that_goes_away_does_not_stop_its_turn(server: Running) -> None:
    sender = server.sender()
    server.dialogue.held.clear()
    request = asyncio.create_task(server.post(sender, "你好", message_id="m1"))
    await server.dialogue.until_asked()
    request.cancel()
    server.dialogue.held.set()

    replies = await server.say(sender, "你好", message_id="m1")

    assert [reply["text"] for reply in replies] == ["re: 你好"]
    assert server.dialogue.ran == ["你好"]


async def test_demo_mode_refuses_a_database_that_it_did_not_make(start: Start) -> None:
    with sqlite3.connect(start.folder / "foreign.db") as db:
        db.execute("create table notes (text)")
    foreign = settings_of(start.folder, server={"database_url": f"sqlite:///{start.folder}/foreign.db"})
    real_on_demo = settings_of(start.folder, demo=False, shop={"url": "http://127.0.0.1:1"})

    for settings in (foreign, real_on_demo):
        app = create_app(settings)
        with pytest.raises(ForeignDatabase):
            async with app.router.lifespan_context(app):
                pass
