"""Odd input and the manner of speaking: marks, long texts, pictures, repeating, a day of silence, never the same sentence twice."""

from __future__ import annotations

import random
import sqlite3

import pytest

from tests.dialogue.conftest import Dialogue, to_confirmation
from tests.dialogue.stub_shop import DELIVERED, PAID, SHIPPED, StubShop

FEE = [{"id": "return.fee", "title": "退货运费谁承担", "answer": "无理由退货运费由您承担", "score": 0.9, "offers": []}]
NEAR = [{**FEE[0], "score": 0.4}]


def test_marks_and_emoji_are_asked_for_words_and_call_nobody(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    for text in ("。。。", "🤔", "…", "🤔🤔"):
        said = chat.say(text, "nlu_fallback")
        assert "文字" in said or "几个字" in said
        assert (chat.step, chat.commands) == (None, [])


def test_marks_inside_a_form_leave_its_question_open(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert "确认退货" in chat.say("。。。", "nlu_fallback")
    assert chat.last["requested_slot"] == "confirm"
    assert shop.writes == []


def test_very_long_reason_is_kept_short(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 退货", "request_return", entities={"order_id": DELIVERED})
    chat.say("质量太差了" * 800, "inform")

    chat.say("确认", "affirm")
    assert shop.writes[0][1]["reason"] == ("质量太差了" * 800)[:200]


def test_picture_without_words_is_asked_about(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "图片收到" in chat.say("[图片]", "inform", source="upload")
    assert chat.buttons == ["反馈破损", "反馈错发漏发", "反馈质量问题"]
    assert "怎么处理" in chat.tap("反馈破损") or chat.last["active_form"] == "problem_form"


def test_repeating_shows_buttons_and_cards_again(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(SHIPPED, "inform", entities={"order_id": SHIPPED})
    first = chat.last["messages"]

    chat.say("啥意思 再说一遍", "repeat")
    assert chat.last["messages"][1:] == first


def test_day_of_silence_starts_afresh_and_remembers_the_order(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    with sqlite3.connect(dialogue.database) as db:
        db.execute("UPDATE trackers SET updated = updated - 90000 WHERE sender_id = ?", (chat.id,))

    assert "您好" in chat.say("在吗", "greet")
    assert chat.last["active_form"] is None
    assert "抬头" in chat.say("那单开个发票", "request_invoice")
    assert chat.last["slots"]["order_id"] == DELIVERED
    assert shop.writes == []


def test_question_that_has_one_wording_is_led_in_by_other_words(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    first = chat.say(f"{DELIVERED} 开发票", "request_invoice", entities={"order_id": DELIVERED})

    second = chat.say("谢谢", "thank").split("\n")[-1]
    assert second != first
    assert second.endswith(first)
    assert "个人" in chat.buttons


def test_same_question_gets_the_same_answer_in_other_words(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    first = chat.say("运费谁出", "ask_knowledge", band="answer", hits=FEE)

    second = chat.say("运费谁出", "ask_knowledge", band="answer", hits=FEE)
    assert first.strip() in second
    assert first.strip() != second.strip()


_SAID = [
    ("在吗", "greet", {}),
    ("谢谢", "thank", {}),
    ("你是机器人吧", "bot_challenge", {}),
    ("讲个笑话", "chitchat", {}),
    ("好", "affirm", {}),
    ("不", "deny", {}),
    ("算了", "stop", {}),
    ("嗯嗯呃", "nlu_fallback", {}),
    ("。。。", "nlu_fallback", {}),
    ("运费谁出", "ask_knowledge", {"band": "answer", "hits": FEE}),
    ("运费", "ask_knowledge", {"band": "suggest", "hits": NEAR}),
    ("查订单", "query_order", {}),
    (SHIPPED, "inform", {"entities": {"order_id": SHIPPED}}),
    ("快递到哪了", "track_package", {}),
    ("怎么还不发货", "urge_shipment", {}),
    (f"{DELIVERED} 退货", "request_return", {"entities": {"order_id": DELIVERED}}),
    (f"{PAID} 改地址", "change_address", {"entities": {"order_id": PAID}}),
    ("开发票", "request_invoice", {}),
    ("我有什么券", "claim_coupon", {}),
    ("有照片", "inform", {"source": "upload"}),
]


@pytest.mark.parametrize("seed", range(8))
def test_no_sentence_is_said_in_two_answers_running(dialogue: Dialogue, shop: StubShop, seed: int) -> None:
    chance = random.Random(seed)
    chat = dialogue.conversation(language=chance.choice(["zh", "en"]))
    before: set[str] = set()

    for _ in range(25):
        text, intent, more = chance.choice(_SAID)
        for _ in range(chance.choice([1, 1, 3])):
            chat.say(text, intent, **more)
            said = [m["text"] for m in chat.last["messages"] if m.get("text")]

            assert before & set(said) == set(), (text, intent)
            assert len(set(said)) == len(said)
            before = set(said)
