"""Many conversations at once, the same message many times, processes killed in the middle: nothing lost, doubled or untrue."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Running

ANSWER_WITHIN_S = 12.0
LINES = ["你好", "退货运费谁出", "几点发货", "谢谢", "发票怎么开", "包邮吗", "在吗", "优惠券怎么领", "保修多久", "再见"]


def body(sender: str, text: str, message_id: str, token: str | None = None) -> dict[str, Any]:
    metadata = {"shopper_token": token} if token else {}
    return {"sender": sender, "message": text, "message_id": message_id, "metadata": metadata}


async def post(client: httpx.AsyncClient, message: dict[str, Any]) -> tuple[httpx.Response, float]:
    started = time.monotonic()
    response = await client.post("/webhooks/rest/webhook", json=message)
    return response, time.monotonic() - started


async def history(client: httpx.AsyncClient, sender: str, token: str | None = None) -> list[dict[str, Any]]:
    params = {"sender": sender, "after": 0, **({"shopper_token": token} if token else {})}
    response = await client.get("/api/chat/messages", params=params)
    assert response.status_code == 200, response.text
    found = response.json()
    return list(found["messages"] if isinstance(found, dict) else found)


def clients(running: Running, connections: int) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=connections)
    return httpx.AsyncClient(base_url=running.url, timeout=60, limits=limits, trust_env=False)


@pytest.mark.slow
async def test_thousand_messages_keep_their_order_and_are_each_answered_once(running: Running) -> None:
    waiting = list(range(100))

    async def worker(client: httpx.AsyncClient) -> None:
        while waiting:
            sender = f"load-{waiting.pop()}-{running.ports['server']}"
            for number, text in enumerate(LINES):
                response, _ = await post(client, body(sender, text, f"m{number}"))
                assert response.status_code == 200, response.text
                assert response.json(), text
            await check(client, sender)

    async def check(client: httpx.AsyncClient, sender: str) -> None:
        seen = await history(client, sender)
        assert [m["text"] for m in seen if m["from"] == "shopper"] == LINES
        assert [m["seq"] for m in seen] == sorted({m["seq"] for m in seen})
        assert answered_in_order(seen)

    async with clients(running, 20) as client:
        await asyncio.gather(*(worker(client) for _ in range(20)))


def answered_in_order(seen: Sequence[dict[str, Any]]) -> bool:
    """Every message of the shopper is followed by an answer before the next one."""
    authors = [m["from"] for m in seen]
    return all(not (a == b == "shopper") for a, b in zip(authors, authors[1:])) and authors[-1] != "shopper"


async def test_same_message_five_times_at_once_is_one_turn(running: Running) -> None:
    sender = f"five-{running.ports['server']}"
    async with clients(running, 10) as client:
        answers = await asyncio.gather(*(post(client, body(sender, "你好", "same")) for _ in range(5)))
        other, _ = await post(client, body(sender, "别的话", "same"))
        seen = await history(client, sender)

    assert [r.status_code for r, _ in answers] == [200] * 5
    assert len({r.text for r, _ in answers}) == 1
    assert [m["text"] for m in seen if m["from"] == "shopper"] == ["你好"]
    assert len([m for m in seen if m["from"] == "bot"]) == len(answers[0][0].json())
    assert (other.status_code, other.json()["error"]["code"]) == (409, "conflict")


@pytest.mark.slow
async def test_dialogue_killed_in_the_middle_leaves_nobody_without_an_answer(running: Running) -> None:
    senders = [f"kill-{number}-{running.ports['server']}" for number in range(20)]

    async def talk(client: httpx.AsyncClient, sender: str) -> None:
        for number, text in enumerate(LINES[:6]):
            response, took_s = await post(client, body(sender, text, f"k{number}"))
            assert response.status_code == 200, response.text
            assert took_s < ANSWER_WITHIN_S, (text, took_s)
            reply = response.json()
            if any((m.get("custom") or {}).get("type") == "handoff" for m in reply):
                return
            assert reply, text

    async with clients(running, 20) as client:
        talks = [asyncio.create_task(talk(client, sender)) for sender in senders]
        await asyncio.sleep(0.3)
        killed = running.pid("dialogue")
        os.kill(killed, signal.SIGKILL)
        assert not any(talk.done() for talk in talks), "nothing is left to interrupt"
        await asyncio.gather(*talks)
        for sender in senders:
            seen = [m["text"] for m in await history(client, sender) if m["from"] == "shopper"]
            assert seen == LINES[: len(seen)]
    await asyncio.to_thread(running.wait_until_restarted, "dialogue", killed)


@pytest.mark.slow
@pytest.mark.parametrize("moment", ["before the shop is asked", "when the shop has the first return"])
async def test_actions_killed_in_a_confirmed_return_make_no_second_return_and_no_false_success(running: Running, moment: str) -> None:
    fixtures = [await asyncio.to_thread(running.fixture) for _ in range(8)]
    async with clients(running, 20) as client:
        await asyncio.gather(*(up_to_the_confirmation(client, fixture) for fixture in fixtures))
        killed = running.pid("actions")
        if moment == "before the shop is asked":
            os.kill(killed, signal.SIGSTOP)  # the calls of all turns wait in its socket when it dies
        confirming = [asyncio.create_task(post(client, body(f["sender"], "确认", "r3", f["shopper_token"]))) for f in fixtures]
        if moment == "before the shop is asked":
            await asyncio.sleep(2.0)
        else:
            await asyncio.wait_for(first_return(running, client, fixtures), timeout=10)
        assert not all(turn.done() for turn in confirming), "nothing is left to interrupt"
        os.kill(killed, signal.SIGKILL)
        for fixture, (response, took_s) in zip(fixtures, await asyncio.gather(*confirming)):
            said, handed = response.text, '"handoff"' in response.text
            made = await returns_of(running, client, fixture)
            assert took_s < ANSWER_WITHIN_S
            assert ("已提交" in said) or handed, said
            assert len(made) <= 1
            if "已提交" in said:
                assert len(made) == 1
    await asyncio.to_thread(running.wait_until_restarted, "actions", killed)


async def up_to_the_confirmation(client: httpx.AsyncClient, fixture: dict[str, Any]) -> None:
    order, token = fixture["orders"]["order_delivered"], fixture["shopper_token"]
    await post(client, body(fixture["sender"], f"{order} 这单我想退货", "r1", token))
    ready, _ = await post(client, body(fixture["sender"], "不喜欢 颜色不好看", "r2", token))
    assert "确认" in ready.text, ready.text


async def first_return(running: Running, client: httpx.AsyncClient, fixtures: Sequence[dict[str, Any]]) -> None:
    while not any([await returns_of(running, client, fixture) for fixture in fixtures]):
        pass


async def returns_of(running: Running, client: httpx.AsyncClient, fixture: dict[str, Any]) -> list[dict[str, Any]]:
    lines = (running.folder / "secrets.env").read_text().splitlines()
    secrets = dict(line.split("=", 1) for line in lines)
    shopper = shopper_of(fixture["shopper_token"])
    headers = {"Authorization": f"Bearer {secrets['ZHANGGUI_SHOP_KEY']}", "X-Shopper-Id": shopper}
    response = await client.get(f"/demo/shop/orders/{fixture['orders']['order_delivered']}/aftersales", headers=headers)
    return list(response.raise_for_status().json()["aftersales"])


def shopper_of(token: str) -> str:
    import jwt

    return str(jwt.decode(token, options={"verify_signature": False})["sub"])
