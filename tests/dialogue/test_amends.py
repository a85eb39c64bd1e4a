"""Compensation and complaints: what was told before, a yes to the form that asked, an offer that is turned down, tickets that stay open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.conftest import Conversation, Dialogue
from tests.dialogue.stub_shop import PAID, SHIPPED, StubShop

CHARGED = "付款付了两回都失败 钱扣了两次"


def _charged(dialogue: Dialogue) -> Conversation:
    chat = dialogue.conversation()
    chat.say(CHARGED, "payment_problem")
    return chat


def _offered(chat: Conversation) -> str:
    return chat.say(f"{PAID} 你们赔我", "request_compensation", entities={"order_id": PAID})


def _tickets(chat: Conversation) -> list[tuple[str, str | None, str]]:
    return [(c["kind"], c["class"], c["detail"]) for c in chat.commands if c["type"] == "open_ticket"]


def test_complaint_holds_what_was_told_before_and_its_class(dialogue: Dialogue, shop: StubShop) -> None:
    chat = _charged(dialogue)

    shown = chat.say("你们这种态度我要投诉 正式投诉", "complain", complaint_class="goods_aftersale")
    assert f"“{CHARGED}；你们这种态度我要投诉 正式投诉”" in shown
    chat.say("确认", "affirm")
    assert _tickets(chat) == [("complaint", "system", f"{CHARGED}；你们这种态度我要投诉 正式投诉")]


def test_complaint_need_not_be_told_twice(dialogue: Dialogue, shop: StubShop) -> None:
    chat = _charged(dialogue)

    assert f"“{CHARGED}”" in chat.say("我要投诉", "complain")


def test_compensation_asks_nothing_that_was_told_and_repeats_no_raw_words(dialogue: Dialogue, shop: StubShop) -> None:
    chat = _charged(dialogue)
    chat.say("补偿一下呗", "request_compensation")

    offer = chat.say(f"就扣钱那单 {PAID}", "inform", entities={"order_id": PAID})
    assert "元无门槛优惠券" in offer
    assert "扣" not in offer
    chat.say("好的", "affirm")
    assert shop.writes == [(f"/orders/{PAID}/compensation", {"amount": "5.00", "reason": CHARGED})]


@pytest.mark.parametrize("said", ["提交提交 5块钱打发要饭的呢", "提交！", "嗯 提交吧 别再送券了"])
def test_words_of_the_button_confirm_whatever_is_said_besides(dialogue: Dialogue, shop: StubShop, said: str) -> None:
    chat = _charged(dialogue)
    _offered(chat)
    chat.say("你们这种态度我要投诉 正式投诉", "complain")

    chat.say(said, "request_compensation", entities={"amount": "5.00"})
    assert [kind for kind, _, _ in _tickets(chat)] == ["complaint"]
    assert shop.writes == []


@pytest.mark.parametrize("said", ["提交了没", "提交之前先告诉我多久处理"])
def test_question_with_the_words_of_the_button_is_no_yes(dialogue: Dialogue, shop: StubShop, said: str) -> None:
    chat = _charged(dialogue)
    chat.say("我要投诉", "complain")

    chat.say(said, "query_ticket")
    assert _tickets(chat) == []


@pytest.mark.parametrize(
    ("said", "cancelled"), [("取消", False), ("那就取消吧", True), ("取消 顺便改下地址", False), ("取消 不是这单", False)]
)
def test_words_of_the_button_alone_confirm_what_could_still_change(dialogue: Dialogue, shop: StubShop, said: str, cancelled: bool) -> None:
    chat = dialogue.conversation()
    chat.say(f"{PAID} 不要了", "cancel_order", entities={"order_id": PAID})

    chat.say(said, "cancel_order")
    assert bool(shop.writes) is cancelled


def test_yes_to_something_else_takes_no_coupon(dialogue: Dialogue, shop: StubShop) -> None:
    chat = _charged(dialogue)
    _offered(chat)

    assert "可以接受吗" in chat.say("嗯 提交", "affirm")
    assert shop.writes == []


def test_offer_that_is_turned_down_beside_a_question_is_over(dialogue: Dialogue, shop: StubShop) -> None:
    chat = _charged(dialogue)
    _offered(chat)

    answer = chat.say("不要5块 我的投诉你提交了没？？", "query_ticket", entities={"amount": "5.00"})
    assert "补偿券就不发了" in answer
    assert "可以接受吗" not in answer
    assert [command["type"] for command in chat.commands] == ["ticket_status"]
    assert chat.last["active_form"] is None
    chat.say("嗯", "affirm")
    assert shop.writes == []


def test_offer_that_is_turned_down_for_being_small_is_over(dialogue: Dialogue, shop: StubShop) -> None:
    chat = _charged(dialogue)
    _offered(chat)

    assert "没有提交" in chat.say("5块？不要", "request_compensation", entities={"amount": "5.00"})
    assert (shop.writes, chat.last["active_form"]) == ([], None)


def test_coupon_that_was_taken_is_not_taken_back(dialogue: Dialogue, shop: StubShop) -> None:
    chat = _charged(dialogue)
    _offered(chat)
    chat.say("可以", "affirm")

    assert "收不回来" in chat.say("刚才那5块的券我不要 退回去", "deny", entities={"coupon": "5块的券"})


def test_insult_is_no_part_of_a_complaint(dialogue: Dialogue, shop: StubShop) -> None:
    chat = _charged(dialogue)
    chat.say("我要投诉", "complain")

    chat.say("你就是个废物机器人", "insult")
    chat.say("确认", "affirm")
    assert _tickets(chat) == [("complaint", "system", CHARGED)]


@pytest.mark.parametrize("before", ["我要投诉", None])
def test_giving_up_says_which_complaints_stay_open(dialogue: Dialogue, shop: StubShop, before: str | None) -> None:
    chat = _charged(dialogue)
    if before:
        chat.say(before, "complain")

    chat.say("算了不投诉了", "stop")
    assert chat.commands == [{"type": "ticket_status", "kept": True}]


def test_wish_to_be_called_is_noted_in_the_ticket(dialogue: Dialogue, shop: StubShop) -> None:
    chat = _charged(dialogue)

    chat.say("处理完给我打电话", "query_ticket")
    assert [(c["type"], c["note"]) for c in chat.commands] == [("ticket_status", "处理完给我打电话")]


def test_question_about_suggestions_is_no_suggestion(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    hit = {"id": "service.feedback", "title": "提建议", "score": 0.98, "answer": "48 小时内回复。", "offers": []}

    assert "48 小时" in chat.say("多久回复我建议", "give_suggestion", band="answer", hits=[hit])
    assert (_tickets(chat), chat.last["active_form"]) == ([], None)


def test_offer_is_taken_by_asking_for_the_coupon(dialogue: Dialogue, shop: StubShop) -> None:
    chat = _charged(dialogue)
    _offered(chat)

    assert "不是现金" in chat.say("是现金还是券啊", "claim_coupon")
    assert "可以接受吗" in chat.say("再多给几张券", "claim_coupon")
    assert shop.writes == []
    assert "已补偿" in chat.say("那券给我吧", "claim_coupon")


def test_fault_that_was_told_counts_for_the_amount(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("我买的衣服收到就破了个洞", "report_damaged")
    chat.say("算了", "stop")

    assert "10.00 元" in chat.say(f"{PAID} 给点补偿", "request_compensation", entities={"order_id": PAID})


def test_complaint_is_about_the_parcel_that_was_hurried(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("快递太慢了 等了好几天", "urge_delivery")

    assert SHIPPED in chat.say("我要投诉", "complain")


@pytest.mark.parametrize(
    ("text", "intent", "asked"),
    [
        ("第二个那个呢 验证码那个", "inform", {"place": 2}),
        ("最后一个什么时候回复", "nlu_fallback", {"place": -1}),
        ("验证码那个单子呢", "inform", {}),
        ("四个单子不都是一件事吗 合并了吧", "nlu_fallback", {"note": "四个单子不都是一件事吗 合并了吧"}),
    ],
)
def test_a_ticket_is_meant_where_tickets_were_told(
    dialogue: Dialogue, shop: StubShop, text: str, intent: str, asked: dict[str, Any]
) -> None:
    chat = dialogue.conversation()
    chat.say("投诉单到哪步了", "query_ticket")

    chat.say(text, intent)

    assert chat.commands == [{"type": "ticket_status", "ticket_no": None, "words": text, **asked}]
    chat.say("你好", "greet")
    chat.say("第二个", "inform")
    assert chat.commands == []


def test_compensation_for_a_late_answer_is_of_no_order(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "没有固定的赔付标准" in chat.say("你们承诺24小时回复 超时了怎么赔", "request_compensation")
    assert [c["type"] for c in chat.commands] == ["ticket_status"]
    assert chat.last["active_form"] is None


def test_a_complaint_does_not_hold_the_words_that_take_back_a_misunderstanding(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("投诉单到哪步了", "query_ticket")

    assert "“我要正式投诉 客服态度敷衍 泄露我电话”" in chat.say("不是这个 我说的是我要正式投诉 客服态度敷衍 泄露我电话", "complain")
