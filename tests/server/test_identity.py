"""Who is speaking: tokens, senders, button tokens, the channel key."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest

from tests.server.conftest import TOKEN_KEY, Running, Start

BUTTON = {"messages": [{"text": "确认退货吗", "buttons": [{"title": "确认退货", "payload": '/affirm{"instance": "i1"}'}]}]}


def token(shopper: str, **claims: Any) -> str:
    now = int(time.time())
    return jwt.encode({"sub": shopper, "level": "silver", "iat": now, "exp": now + 3600, **claims}, TOKEN_KEY, "HS256")


async def conversation_of_last_turn(server: Running) -> str:
    return str(server.dialogue.asked[-1]["conversation"])


async def test_an_anonymous_conversation_goes_on_as_the_members(server: Running) -> None:
    sender = server.sender()
    await server.say(sender, "你好")
    anonymous = await conversation_of_last_turn(server)

    await server.say(sender, "我的订单", token=token("s_a"))

    assert await conversation_of_last_turn(server) == anonymous
    assert server.dialogue.asked[-1]["metadata"]["shopper"] == {"id": "s_a", "level": "silver"}


async def test_another_shoppers_token_and_no_token_each_start_a_conversation_of_their_own(server: Running) -> None:
    sender = server.sender()
    seen = []
    for shopper in ("s_a", "s_b", None, "s_a"):
        await server.say(sender, "你好", **({"token": token(shopper)} if shopper else {}))
        seen.append(await conversation_of_last_turn(server))

    assert len(set(seen)) == 3
    assert seen[3] == seen[0]


async def test_a_stored_answer_is_not_given_to_somebody_else(server: Running) -> None:
    sender = server.sender()
    server.dialogue.scripts["我的地址"] = {"messages": [{"text": "杭州"}]}
    await server.say(sender, "我的地址", message_id="a1", token=token("s_a"))
    server.dialogue.scripts["我的地址"] = {"messages": [{"text": "请先登录"}]}

    guessed = await server.say(sender, "我的地址", message_id="a1")

    assert guessed[0]["text"] == "请先登录"


WRONG_CLAIMS: list[dict[str, Any]] = [
    {"exp": int(time.time()) - 5},
    {"exp": int(time.time()) + 25 * 3600},
    {"iat": int(time.time()) + 3600, "exp": int(time.time()) + 7200},
    {"sub": 7},
    {"sub": ""},
    {"exp": "soon"},
    {"level": None},
]


@pytest.mark.parametrize("claims", WRONG_CLAIMS)
async def test_a_token_with_wrong_claims_is_refused(server: Running, claims: dict[str, Any]) -> None:
    response = await server.post(server.sender(), "你好", token=token("s_a", **claims))

    assert (response.status_code, response.json()["error"]["code"]) == (401, "unauthorized")


async def test_a_token_signed_by_another_key_or_not_at_all_is_refused(server: Running) -> None:
    claims = {"sub": "s_a", "level": "x", "iat": int(time.time()), "exp": int(time.time()) + 60}
    forged = [jwt.encode(claims, "k" * 32, "HS256"), jwt.encode(claims, None, "none"), jwt.encode(claims, TOKEN_KEY * 2, "HS512")]

    statuses = [(await server.post(server.sender(), "你好", token=one)).status_code for one in forged]

    assert statuses == [401, 401, 401]
    assert server.dialogue.asked == []


async def test_messages_of_a_member_are_read_with_the_members_token_only(server: Running) -> None:
    sender, mine = server.sender(), token("s_a")
    await server.say(sender, "你好", token=mine)

    async def read(**headers: str) -> Any:
        return (await server.http.get(f"/api/chat/messages?sender={sender}&after=1", headers=headers)).json()

    assert [(m["seq"], m["from"], m["text"]) for m in await read(**{"X-Shopper-Token": mine})] == [(2, "bot", "re: 你好")]
    assert await read() == []
    assert await read(**{"X-Shopper-Token": token("s_b")}) == []
    assert (await read(**{"X-Shopper-Token": "x"}))["error"]["code"] == "unauthorized"


async def pressed(server: Running, sender: str, payload: str, **fields: Any) -> tuple[int, str]:
    response = await server.post(sender, payload, **fields)
    body = response.json()
    return response.status_code, body[0]["text"] if response.status_code == 200 else body["error"]["code"]


async def offered(server: Running, sender: str) -> str:
    server.dialogue.scripts["我要退货"] = BUTTON
    [reply] = await server.say(sender, "我要退货")
    return str(reply["buttons"][0]["payload"])


async def test_a_button_is_pressed_by_its_opaque_token_once(server: Running) -> None:
    sender = server.sender()
    payload = await offered(server, sender)

    first = await pressed(server, sender, payload, message_id="p1")
    again = await pressed(server, sender, payload, message_id="p1")
    used = await pressed(server, sender, payload, message_id="p2")

    assert len(payload) >= 2 + 22
    assert "affirm" not in payload
    assert (first, again, used) == ((200, "re: 确认退货"), (200, "re: 确认退货"), (409, "conflict"))
    parse = server.dialogue.asked[-1]["parse"]
    assert (parse["intent"], parse["source"]) == ({"name": "affirm", "confidence": 1.0}, "button")
    assert [(e["entity"], e["value"], e["extractor"]) for e in parse["entities"]] == [("instance", "i1", "button")]


async def test_a_stolen_or_invented_button_is_forbidden_and_stays_good_for_its_owner(server: Running) -> None:
    owner = server.sender()
    payload = await offered(server, owner)

    assert await pressed(server, server.sender(), payload) == (403, "forbidden")
    assert await pressed(server, owner, "b_" + "x" * 32) == (403, "forbidden")
    assert (await pressed(server, owner, payload))[0] == 200


async def test_an_expired_button_is_a_conflict(start: Start) -> None:
    now = [time.time()]
    server = await start(clock=lambda: now[0])
    sender = server.sender()
    payload = await offered(server, sender)

    now[0] += 31 * 60

    assert await pressed(server, sender, payload) == (409, "conflict")


async def test_payloads_inside_cards_are_sealed_too(server: Running) -> None:
    items = [{"order_id": "20261120000001", "status": "paid", "payload": '/inform{"order_id": "20261120000001"}'}]
    server.dialogue.scripts["查订单"] = {"messages": [{"custom": {"type": "order_list", "title": "请选择", "items": items}}]}
    sender = server.sender()

    [reply] = await server.say(sender, "查订单")
    await server.say(sender, reply["custom"]["items"][0]["payload"])

    assert reply["custom"]["items"][0]["payload"].startswith("b_")
    assert server.dialogue.asked[-1]["text"] == "20261120000001"


async def test_a_tapped_suggestion_brings_the_hits_of_its_title(server: Running) -> None:
    items = [{"title": "多久发货", "payload": '/ask_knowledge{"article": "ship.when"}'}]
    server.dialogue.scripts["发货"] = {"messages": [{"custom": {"type": "suggestions", "items": items}}]}
    sender = server.sender()
    [reply] = await server.say(sender, "发货")

    await server.say(sender, reply["custom"]["items"][0]["payload"])

    parse = server.dialogue.asked[-1]["parse"]
    assert (parse["intent"]["name"], parse["retrieval"][0]["id"], parse["answer_band"]) == ("ask_knowledge", "ship.when", "answer")


async def test_outside_demo_mode_the_channel_asks_for_its_key_and_fixtures_do_not_exist(start: Start) -> None:
    server = await start(demo=False, shop={"url": "http://127.0.0.1:1"}, server={"database_url": f"sqlite:///{start.folder}/real.db"})
    key = {"Authorization": "Bearer channel-key-of-the-tests"}
    body = {"sender": "web-1", "message": "你好"}

    without = await server.http.post("/webhooks/rest/webhook", json=body)
    within = await server.http.post("/webhooks/rest/webhook", json=body, headers=key)
    reading = [await server.http.get("/api/chat/messages?sender=web-1", headers=headers) for headers in ({}, key)]

    assert (without.status_code, within.status_code) == (401, 200)
    assert [response.status_code for response in reading] == [401, 200]
    assert (await server.http.post("/demo/fixtures")).status_code == 404


async def test_too_many_messages_of_one_sender_are_told_when_to_come_again(start: Start) -> None:
    server = await start(server={"messages_per_10s": 3})

    responses = [await server.post("web-1", "你好") for _ in range(4)]
    other = await server.post("web-2", "你好")

    assert [response.status_code for response in responses] == [200, 200, 200, 429]
    assert 1 <= int(responses[3].headers["Retry-After"]) <= 10
    assert other.status_code == 200
