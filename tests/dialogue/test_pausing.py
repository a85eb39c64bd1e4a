"""Several wants: those of one message come one after the other, and one that another interrupts is taken up again."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Conversation, Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, StubShop


def test_three_wants_of_a_message_come_one_after_the_other(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    wants = ["request_return", "request_invoice", "track_package"]
    chat.say(
        "衬衫不喜欢要退 再开个发票 还有另一单到哪了", "request_return", wants=wants, entities={"order_id": DELIVERED, "reason": "不喜欢"}
    )

    assert "开票" in chat.say("确认", "affirm")
    chat.say("个人", "inform", entities={"invoice_title": "个人"})
    assert "物流" in chat.say("确认", "affirm")


def test_want_beside_goods_that_broke_is_kept(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    wants = ["request_refund", "request_invoice"]
    chat.say("杯子碎了退钱给我 还要开发票", "request_refund", wants=wants, entities={"order_id": DELIVERED})
    chat.tap("退货退款")

    assert "开票" in chat.say("确认", "affirm")


def _exchange_interrupted_by_an_invoice(chat: Conversation) -> None:
    chat.say(f"{DELIVERED} 大了 换S", "request_exchange", entities={"order_id": DELIVERED, "sku_option": "S"})
    assert chat.last["requested_slot"] == "confirm"
    chat.say("先给我开个发票", "request_invoice")
    chat.say("个人", "inform", entities={"invoice_title": "个人"})


@pytest.mark.parametrize(("said", "intent", "invoices"), [("确认", "affirm", 1), ("先不开了", "deny", 0), ("不开了", "stop", 0)])
def test_a_form_that_was_interrupted_is_taken_up_again(dialogue: Dialogue, shop: StubShop, said: str, intent: str, invoices: int) -> None:
    chat = dialogue.conversation()
    _exchange_interrupted_by_an_invoice(chat)

    assert "请确认换货" in chat.say(said, intent)
    assert [body["kind"] for path, body in shop.writes if "invoice" not in path] == []
    chat.say("确认", "affirm")
    assert len(shop.writes) == invoices + 1
    assert shop.writes[-1][1]["kind"] == "exchange"


def test_nothing_is_taken_up_for_an_order_that_was_given_back(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{PAID} 开发票", "request_invoice", entities={"order_id": PAID})
    chat.say("算了这单取消吧", "cancel_order")

    assert "发票" not in chat.say("确认", "affirm")
    assert chat.last["active_form"] is None


def test_price_difference_is_over_once_the_goods_are_to_go_back(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("衬衫退差价", "price_protection", entities={"order_id": DELIVERED})
    chat.say("不喜欢 直接退货吧", "request_return", entities={"reason": "不喜欢"})
    chat.say("确认", "affirm")

    assert [body["kind"] for _, body in shop.writes] == ["return"]
    assert chat.last["active_form"] != "price_form"


def test_answer_from_a_case_does_not_lose_the_form_before(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 不喜欢 退货", "request_return", entities={"order_id": DELIVERED, "reason": "不喜欢"})

    assert "请确认退货" in chat.say("你们投诉答复超时了要赔偿", "request_compensation")


def test_what_was_interrupted_waits_for_all_invoices(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 大了 换S", "request_exchange", entities={"order_id": DELIVERED, "sku_option": "S"})
    goods = [("product", "衬衫"), ("product", "卫衣")]
    chat.say("衬衫和卫衣那单都开发票 个人", "request_invoice", entities=[*goods, ("invoice_title", "个人")])
    chat.say("确认", "affirm")

    assert "请确认换货" in chat.say("确认", "affirm")


def test_a_want_for_the_same_order_takes_the_place_of_the_one_before(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{PAID} 取消", "cancel_order", entities={"order_id": PAID})
    chat.say("算了 改下地址吧 送到北京市朝阳区望京街9号2栋301", "change_address", entities={"address": "北京市朝阳区望京街9号2栋301"})
    chat.say("确认", "affirm")

    assert chat.last["active_form"] is None
