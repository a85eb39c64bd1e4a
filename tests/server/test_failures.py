"""Slow and dead parts, restarts: nobody is forgotten, nobody is told of a success that did not happen."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import Connection, event

from bot.connections import KEPT_OPEN_S
from server.app import create_app
from server.store.migrate import ForeignDatabase
from tests.server.conftest import Running, Start, settings_of
from tests.server.stubs import listen, port_of


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


async def test_what_nlu_refuses_is_not_asked_again(server: Running, caplog: pytest.LogCaptureFixture) -> None:
    server.nlu.longest = 2

    with caplog.at_level("ERROR", logger="server.turns"):
        [notice] = await server.say(server.sender(), "运费谁出")

    assert notice["custom"]["reason"] == "bot_down"
    assert len(server.nlu.asked) == 1
    assert "status 413, text: the text is too long" in caplog.text


async def test_a_full_database_is_unavailable_and_the_message_may_be_sent_again(start: Start) -> None:
    server = await start()
    engine = server.app.state.parts.store.engine
    sender = server.sender()

    def at_most_as_it_is(connection: Connection) -> None:
        connection.exec_driver_sql("PRAGMA max_page_count = 1")

    event.listen(engine, "begin", at_most_as_it_is)
    answers = [await server.post(sender, "字" * 4000, message_id=f"full{number}") for number in range(5)]
    event.remove(engine, "begin", at_most_as_it_is)
    engine.dispose()  # the limit goes with its connections

    refused = next(answer for answer in answers if answer.status_code != 200)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "unavailable")
    assert int(refused.headers["retry-after"]) > 0
    assert "sqlite" not in refused.text.lower()
    assert await server.say(sender, "你好", message_id="after")


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


async def test_what_failed_although_everything_answers_stays_with_people(start: Start) -> None:
    server = await start(chat={"turn_deadline_s": 0.3})
    server.dialogue.failing = 1000
    await server.say("web-1", "你好")

    await _rounds(server)

    assert [row["reason"] for row in await (await server.login()).queue()] == ["bot_down"]


async def test_the_bot_takes_a_conversation_back_once_only(start: Start) -> None:
    server = await start(chat={"turn_deadline_s": 0.3})
    for _ in range(2):
        server.dialogue.down = True
        await server.say("web-1", "你好")
        server.dialogue.down = False
        await _rounds(server)

    desk = await server.login()
    assert [row["outcome"] for row in await desk.queue("closed")] == ["bot_back"]
    assert len(await desk.queue()) == 1


async def test_the_bot_does_not_take_back_what_a_person_accepted_and_passed_on(start: Start) -> None:
    server = await start(chat={"turn_deadline_s": 0.3})
    server.dialogue.down = True
    await server.say("web-1", "你好")
    desk = await server.login()
    [row] = await desk.queue()
    await desk.post(f"/api/handoffs/{row['id']}/accept")
    await desk.post(f"/api/handoffs/{row['id']}/transfer", {"skill": "logistics"})
    server.dialogue.down = False

    await _rounds(server)

    assert [waiting["id"] for waiting in await desk.queue()] == [row["id"]]


async def _rounds(server: Running) -> None:
    for _ in range(2):
        await server.app.state.parts.housekeeper.round()


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


async def test_after_a_crash_bubbles_are_asked_in_the_turns_in_which_they_were_asked_before(start: Start) -> None:
    async with AsyncExitStack() as first_life:
        server = await start(stack=first_life)
        server.dialogue.held.clear()
        widget = await first_life.enter_async_context(server.widget())
        session = (await widget.next("welcome"))["session"]
        for id_, text in (("c1", "我想"), ("c2", "退货")):
            await widget.send(type="message", id=id_, text=text)
        await server.dialogue.until_asked()
        await widget.send(type="message", id="c3", text="鞋子")
        await widget.next("ack", id="c3")
    start.dialogue.held.set()

    server = await start()
    async with server.widget(session=session, last_seq=3) as widget:
        answers = [(await widget.next("message", **{"from": "bot"}))["text"] for _ in range(2)]

    assert answers == ["re: 我想\n退货", "re: 鞋子"]
    assert start.dialogue.ran == ["我想\n退货", "鞋子"]
    assert [turn["message_id"] for turn in start.dialogue.asked] == ["c2", "c2", "c3"]


async def test_a_turn_that_could_not_be_stored_is_asked_again_as_the_same_turn(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("the disk is full")

    async with server.widget() as widget:
        with monkeypatch.context() as broken:
            broken.setattr("server.conversations.store_turn", fails)
            for id_, text in (("c1", "我想"), ("c2", "退货")):
                await widget.send(type="message", id=id_, text=text)
            await server.dialogue.until_asked()
            await asyncio.sleep(0.3)
        await widget.send(type="message", id="c1", text="我想")
        await widget.next("message", text="re: 我想\n退货")

    assert server.dialogue.ran == ["我想\n退货"]


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


async def test_a_foreign_database_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "foreign.db") as db:
        db.execute("create table notes (text)")
    names = ("INTERNAL_SECRET", "SHOP_KEY", "TOKEN_KEY", "DEMO_AGENT_PASSWORD")
    more = {"ZHANGGUI_SERVER__DATABASE_URL": f"sqlite:///{tmp_path}/foreign.db", "ZHANGGUI_SERVER__PORT": str(port_of(listen()))}
    environment = {**os.environ, **{f"ZHANGGUI_{name}": "s" * 32 for name in names}, **more}

    command = [sys.executable, "-m", "server.app"]
    done = await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, text=True, timeout=30, check=False)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "server: the database was made by another program and demo is true: set another server.database_url\n"


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


async def test_a_connection_is_given_up_before_the_other_process_closes_it() -> None:
    assert uvicorn.Config("server.app:app").timeout_keep_alive > KEPT_OPEN_S
