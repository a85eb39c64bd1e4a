"""The REST channel: answers, ids, order, and what is refused."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.core.messages import MAX_PAGE_CHARS
from tests.server.conftest import Running

HOOK = "/webhooks/rest/webhook"


async def test_a_message_is_answered_in_the_shape_of_the_contract(server: Running) -> None:
    replies = await server.say("web-1", "运费谁出")

    assert replies == [{"recipient_id": "web-1", "text": "re: 运费谁出"}]


async def test_health_is_rasas(server: Running) -> None:
    assert (await server.http.get("/webhooks/rest/")).json() == {"status": "ok"}


async def test_a_message_without_id_and_metadata_is_answered(server: Running) -> None:
    response = await server.http.post(HOOK, json={"sender": server.sender(), "message": "你好"})

    assert [item["text"] for item in response.json()] == ["re: 你好"]


async def test_the_same_message_again_gets_the_stored_answer_without_a_new_turn(server: Running) -> None:
    sender = server.sender()
    first = await server.say(sender, "你好", message_id="a1")

    again = await server.say(sender, "你好", message_id="a1")

    assert again == first
    assert server.dialogue.ran == ["你好"]


async def test_five_at_once_are_one_turn_with_one_answer(server: Running) -> None:
    sender = server.sender()
    server.dialogue.delay_s = 0.05

    answers = await asyncio.gather(*(server.say(sender, "你好", message_id="a1") for _ in range(5)))

    assert answers == [[{"recipient_id": sender, "text": "re: 你好"}]] * 5
    assert server.dialogue.ran == ["你好"]


async def test_the_same_id_with_another_text_is_a_conflict(server: Running) -> None:
    sender = server.sender()
    await server.say(sender, "你好", message_id="a1")

    response = await server.post(sender, "再见", message_id="a1")

    assert (response.status_code, response.json()["error"]["code"]) == (409, "conflict")


async def test_messages_of_a_conversation_keep_their_order(server: Running) -> None:
    sender = server.sender()
    server.dialogue.delay_s = 0.02
    texts = [f"第{n}句" for n in range(8)]

    answers = []
    for text in texts:
        answers.append(asyncio.create_task(server.say(sender, text)))
        await asyncio.sleep(0.005)

    assert [(await answer)[0]["text"] for answer in answers] == [f"re: {text}" for text in texts]
    assert server.dialogue.ran == texts


async def test_conversations_do_not_wait_for_each_other(server: Running) -> None:
    server.dialogue.held.clear()
    slow = asyncio.create_task(server.say(server.sender(), "慢"))
    await server.dialogue.until_asked()
    server.dialogue.scripts["慢"] = {"messages": [{"text": "晚了"}]}
    other = asyncio.create_task(server.say(server.sender(), "快"))
    await server.dialogue.until_asked(2)

    server.dialogue.held.set()

    assert (await other)[0]["text"] == "re: 快"
    assert (await slow)[0]["text"] == "晚了"


async def test_a_shortcut_is_only_text(server: Running) -> None:
    text = '/request_refund{"order_id": "20261120000001"}'

    await server.say(server.sender(), text)

    [sent] = server.dialogue.asked
    assert (sent["text"], sent["parse"]["source"]) == (text, "text")
    assert server.nlu.asked[0]["text"] == text


async def test_dialogue_gets_the_trimmed_parse_and_the_facts_of_the_turn(server: Running) -> None:
    fixture = await server.fixture(level="gold", now="2026-11-21T03:00:00+08:00")

    await server.post(fixture["sender"], "运费谁出", token=fixture["shopper_token"], metadata={"page": "sku:10231"})
    await server.say(fixture["sender"], "运费谁出", metadata={"shopper_token": fixture["shopper_token"], "page": "sku:10231"})

    sent = server.dialogue.asked[-1]
    about = sent["metadata"]
    assert (len(sent["parse"]["intent_ranking"]), len(sent["parse"]["retrieval"])) == (3, 3)
    assert about["now"].startswith("2026-11-21T03:00:0")
    assert about["shopper"]["level"] == "gold"
    assert (about["page"], about["language"], about["mood"]) == ("sku:10231", "zh", "calm")
    assert (sent["reset"], about["reason"], len(about["client"])) == (False, None, 16)


@pytest.mark.parametrize(("band", "handed"), [("refuse", "nlu_fallback"), ("suggest", "nlu_fallback"), ("answer", "ask_knowledge")])
async def test_what_is_not_understood_is_handed_over_as_nlu_fallback_unless_an_article_answers(
    server: Running, band: str, handed: str
) -> None:
    server.nlu.confidence = 0.1
    server.nlu.intents["啊"] = "greet"
    server.nlu.band = band

    await server.say(server.sender(), "啊")

    assert server.dialogue.asked[0]["parse"]["intent"]["name"] == handed


async def test_one_address_is_not_one_client_because_it_is_the_shops_back_end(server: Running) -> None:
    first, second = server.sender(), server.sender()
    for sender in (first, first, second):
        await server.say(sender, "你好")

    clients = [turn["metadata"]["client"] for turn in server.dialogue.asked]

    assert clients[0] == clients[1]
    assert clients[2] != clients[0]


async def test_a_number_no_database_can_hold_is_refused(server: Running) -> None:
    response = await server.http.get(f"/api/chat/messages?sender={server.sender()}&after={10**20}")

    assert (response.status_code, response.json()["error"]["field"]) == (422, "after")


async def test_two_angry_messages_in_a_row_escalate(server: Running) -> None:
    sender = server.sender()
    server.nlu.moods = {"气死我了": "angry", "太过分了": "angry"}
    await server.say(sender, "气死我了")

    replies = await server.say(sender, "太过分了")

    assert replies[0]["custom"]["reason"] == "angry"


BAD: list[tuple[dict[str, Any], int, str, str | None]] = [
    ({"sender": "a b", "message": "x"}, 422, "invalid", "sender"),
    ({"sender": "", "message": "x"}, 422, "invalid", "sender"),
    ({"sender": "s" * 129, "message": "x"}, 422, "invalid", "sender"),
    ({"message": "x"}, 422, "invalid", "sender"),
    ({"sender": "a", "message": 5}, 422, "invalid", "message"),
    ({"sender": "a", "message": "  "}, 422, "invalid", "message"),
    ({"sender": "a", "message": "半\ud800个"}, 422, "invalid", "message"),
    ({"sender": "a", "message": "字" * 4001}, 413, "too_large", "message"),
    ({"sender": "a", "message": "x" * 5000}, 413, "too_large", "message"),
    ({"sender": "a", "message": "x", "message_id": ""}, 422, "invalid", "message_id"),
    ({"sender": "a", "message": "x", "message_id": "i" * 129}, 422, "invalid", "message_id"),
    ({"sender": "a", "message": "x", "metadata": []}, 422, "invalid", "metadata"),
    ({"sender": "a", "message": "x", "metadata": {"page": 7}}, 422, "invalid", "metadata.page"),
    ({"sender": "a", "message": "x", "metadata": {"shopper_token": "no"}}, 401, "unauthorized", "shopper_token"),
]


@pytest.mark.parametrize(("body", "status", "code", "field"), BAD)
async def test_a_message_that_cannot_be_used_is_refused(
    server: Running, body: dict[str, Any], status: int, code: str, field: str | None
) -> None:
    response = await server.http.post(HOOK, content=json.dumps(body), headers={"Content-Type": "application/json"})

    error = response.json()["error"]
    assert (response.status_code, error["code"], error.get("field")) == (status, code, field)


async def test_the_longest_page_is_taken_by_every_part(server: Running) -> None:
    """nlu must not refuse what a channel has taken and the conversation keeps."""
    page = "p" * MAX_PAGE_CHARS

    [first] = await server.say(server.sender(), "运费谁出", metadata={"page": page})
    async with server.widget(page=page) as widget:
        await widget.send(type="message", id="c1", text="运费谁出")
        second = await widget.next("message", **{"from": "bot"})
    over = await server.post(server.sender(), "运费谁出", metadata={"page": page + "p"})

    assert (first["text"], second["text"]) == ("re: 运费谁出", "re: 运费谁出")
    assert [asked["page"] for asked in server.nlu.asked] == [page, page]
    assert (over.status_code, over.json()["error"]["field"]) == (422, "metadata.page")


async def test_the_longest_message_is_accepted(server: Running) -> None:
    assert len((await server.say(server.sender(), "字" * 4000))[0]["text"]) == 4004


REFUSED = [
    (b"{not json", "application/json", 400, "malformed"),
    (b"\xff\xfe", "application/json", 400, "malformed"),
    (b"[" * 20000, "application/json", 400, "malformed"),
    (b"sender=a&message=b", "application/x-www-form-urlencoded", 415, "unsupported"),
    (b"{}", "text/plain", 415, "unsupported"),
    (b'{"sender": "a", "message": "' + b"x" * 70_000 + b'"}', "application/json", 413, "too_large"),
]


@pytest.mark.parametrize(("body", "media_type", "status", "code"), REFUSED)
async def test_a_body_that_cannot_be_read_is_refused(server: Running, body: bytes, media_type: str, status: int, code: str) -> None:
    response = await server.http.post(HOOK, content=body, headers={"Content-Type": media_type})

    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


async def test_a_large_body_without_announced_length_is_refused(server: Running) -> None:
    async def chunks() -> Any:
        for _ in range(70):
            yield b" " * 1024

    response = await server.http.post(HOOK, content=chunks(), headers={"Content-Type": "application/json"})

    assert (response.status_code, response.json()["error"]["code"]) == (413, "too_large")


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("GET", HOOK, 405), ("DELETE", "/healthz", 405)])
async def test_errors_of_the_framework_have_the_one_body(server: Running, method: str, path: str, status: int) -> None:
    response = await server.http.request(method, path)

    assert response.status_code == status
    assert set(response.json()["error"]) == {"code", "message"}


async def test_tapped_chinese_title_leaves_an_english_shopper_english(server: Running) -> None:
    sender, server.nlu.language = server.sender(), "en"
    item = {"title": "退货运费", "payload": '/ask_knowledge{"article": "return.fee"}'}
    server.dialogue.scripts["shipping back"] = {"messages": [{"custom": {"type": "suggestions", "items": [item]}}]}
    shown = await server.say(sender, "shipping back")

    server.nlu.language = "zh"
    await server.say(sender, shown[0]["custom"]["items"][0]["payload"])

    assert server.dialogue.asked[-1]["metadata"]["language"] == "en"


async def test_code_leaves_a_chinese_shopper_chinese(server: Running) -> None:
    sender = server.sender()
    await server.say(sender, "开发票")

    server.nlu.language = "es"
    await server.say(sender, "91330106MA2B1C3D4E")

    assert server.dialogue.asked[-1]["metadata"]["language"] == "zh"


async def test_several_questions_at_once_are_looked_up_one_by_one(server: Running) -> None:
    server.nlu.bands["怎么退 运费谁出"] = "refuse"

    await server.say(server.sender(), "怎么退 运费谁出")

    parse = server.dialogue.asked[-1]["parse"]
    assert [body["text"] for body in server.nlu.asked] == ["怎么退 运费谁出", "怎么退", "运费谁出"]
    assert (parse["answer_band"], [(hit["id"], hit["of_several"]) for hit in parse["retrieval"]]) == ("answer", [("return.fee", True)])


async def test_a_question_of_one_part_is_looked_up_once(server: Running) -> None:
    server.nlu.bands["怎么飞"] = "refuse"

    await server.say(server.sender(), "怎么飞")

    assert (len(server.nlu.asked), server.dialogue.asked[-1]["parse"]["answer_band"]) == (1, "refuse")
