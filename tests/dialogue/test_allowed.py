"""What the known facts forbid is refused before the reason is asked and before anything is confirmed, with what is possible instead."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Conversation, Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, StubShop

FRESH = {"category": "food", "returnable": False, "return_note": "生鲜不支持七天无理由退货"}
CREAM = {"category": "beauty", "returnable": True, "return_note": "化妆品拆封后不支持七天无理由退货"}


def _wants_back(chat: Conversation, text: str = "我要退货", intent: str = "request_return") -> str:
    return chat.say(f"{DELIVERED} {text}", intent, entities={"order_id": DELIVERED})


@pytest.mark.parametrize(("text", "intent"), [("我要退货", "request_return"), ("我要换货", "request_exchange")])
def test_fresh_food_is_refused_before_the_reason_is_asked(dialogue: Dialogue, shop: StubShop, text: str, intent: str) -> None:
    shop.orders[DELIVERED]["items"][0] |= FRESH
    chat = dialogue.conversation()

    assert "生鲜不支持" in _wants_back(chat, text, intent)
    assert chat.last["active_form"] is None
    assert "怎么处理" in chat.tap("反馈破损")
    assert "情况：收到时破损。为您申请：退货退款" in chat.tap("退货退款")


def test_fresh_food_that_is_spoilt_goes_back(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0] |= FRESH

    assert "请确认退货申请" in _wants_back(dialogue.conversation(), "都变质了 我要退货")


@pytest.mark.parametrize(("reason", "refused"), [("已经拆封用过了", True), ("没拆封 买重复了", False), ("用了过敏", False)])
def test_opened_cream_is_refused_as_soon_as_it_is_said(dialogue: Dialogue, shop: StubShop, reason: str, refused: bool) -> None:
    shop.orders[DELIVERED]["items"][0] |= CREAM
    chat = dialogue.conversation()
    assert "原因" in _wants_back(chat)

    answer = chat.say(reason, "inform")

    assert ("化妆品拆封后" in answer) is refused
    assert ("请确认退货申请" in answer) is not refused


@pytest.mark.parametrize(
    ("text", "day", "refused"),
    [("我要退货", 13, False), ("我要退货", 12, True), ("质量问题 我要退货", 12, False), ("不喜欢 我要退货", 12, True)],
)
def test_deadline_for_a_change_of_mind_is_told_at_once(dialogue: Dialogue, shop: StubShop, text: str, day: int, refused: bool) -> None:
    shop.orders[DELIVERED]["delivered_at"] = f"2026-11-{day + 1}T12:00:00+08:00"

    answer = _wants_back(dialogue.conversation(), text)

    assert ("超过 7 天" in answer) is refused


def test_allergy_may_be_told_for_thirty_days(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0] |= CREAM
    shop.orders[DELIVERED]["delivered_at"] = "2026-11-01T12:00:00+08:00"

    assert "请确认退货申请" in _wants_back(dialogue.conversation(), "用了过敏 我要退货")


def test_money_without_return_is_turned_into_a_return_that_keeps_the_reason(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    said = chat.say(f"{DELIVERED} 不喜欢 申请仅退款", "request_refund", entities={"order_id": DELIVERED, "reason": "不喜欢"})

    assert "寄回" in said
    assert "原因：不喜欢" in chat.tap("申请退货")


def test_cheap_goods_may_have_come_damaged_so_the_reason_is_asked(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0]["price"] = "29.00"
    shop.orders[DELIVERED]["delivered_at"] = "2026-11-20T12:00:00+08:00"
    chat = dialogue.conversation()

    assert "原因" in chat.say(f"{DELIVERED} 申请仅退款", "request_refund", entities={"order_id": DELIVERED})
    assert "收到就碎了。为您申请：退款，不用退回" in chat.say("收到就碎了", "report_damaged")


@pytest.mark.parametrize(
    ("address", "said"),
    [("上海浦东新区那边", "不够完整"), ("新疆乌鲁木齐市天山区解放北路50号", "补运费"), ("上海市浦东新区世纪大道100号", "请确认")],
)
def test_address_is_checked_when_it_is_said(dialogue: Dialogue, shop: StubShop, address: str, said: str) -> None:
    shop.orders[PAID]["items"][0]["price"] = "99.00"
    chat = dialogue.conversation()

    assert said in chat.say(f"地址改成{address}", "change_address", entities={"address": address})
    assert chat.last["requested_slot"] == ("confirm" if said == "请确认" else "address")


def test_second_change_of_an_address_is_refused_before_it_is_asked(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[PAID]["address_changes"] = 1
    chat = dialogue.conversation()

    assert "已经改过一次" in chat.say("改一下地址", "change_address")
    assert chat.last["active_form"] is None
