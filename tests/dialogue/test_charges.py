"""Money taken and money coming back: the question belongs to what is being talked about, and is answered from the order's facts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.conftest import Dialogue
from tests.dialogue.stub_shop import DELIVERED, FOREIGN, PAID, StubShop

REFUND = {
    "aftersale_id": "A1",
    "order_id": DELIVERED,
    "kind": "refund",
    "status": "refunding",
    "status_text": "退款中",
    "amount": "169.00",
    "deadline": "2026-11-27T20:20:00+08:00",
    "steps": [
        {"text": "提交申请", "time": "2026-11-21T20:00:00+08:00", "done": True},
        {"text": "退款到账（预计 11月27日 20:20 前）", "time": None, "done": False},
    ],
}
DUPLICATE = {"id": "pay.duplicate", "title": "重复扣款", "score": 0.75, "answer": "重复扣的那一笔会自动退回。", "offers": []}

STATUS = {"type": "ticket_status", "ticket_no": None, "words": "重复扣款"}


def _refunding(shop: StubShop) -> None:
    shop.orders[DELIVERED] |= {"status": "aftersale", "aftersales": [REFUND]}


def _card(chat: Any) -> dict[str, Any]:
    return next(m["custom"] for m in chat.last["messages"] if m.get("custom", {}).get("type") == "refund_card")


def test_money_after_a_double_charge_is_that_of_the_charge(dialogue: Dialogue, shop: StubShop) -> None:
    _refunding(shop)
    chat = dialogue.conversation(language="en")
    chat.say("charged twice for one order", "payment_problem")

    answer = chat.say("when do i get money, i paid by card", "query_refund")
    assert "extra charge" in answer
    assert "169" not in answer
    assert chat.commands == [STATUS]
    assert "169" in chat.say(f"where is the refund of {DELIVERED}", "query_refund", entities={"order_id": DELIVERED})


def test_money_while_cancelling_is_that_of_the_order_to_be_cancelled(dialogue: Dialogue, shop: StubShop) -> None:
    _refunding(shop)
    chat = dialogue.conversation()
    chat.say(f"{PAID} 取消", "cancel_order", entities={"order_id": PAID})

    answer = chat.say("等下 退款退哪", "query_refund")
    assert "原支付方式退回" in answer
    assert "169" not in answer
    assert "确认取消" in answer


def test_steps_of_a_refund_are_in_the_language_of_the_shopper(dialogue: Dialogue, shop: StubShop) -> None:
    _refunding(shop)
    english, chinese = dialogue.conversation(language="en"), dialogue.conversation()

    english.say("where is my refund", "query_refund")
    assert [s["text"] for s in _card(english)["steps"]] == ["Requested", "Money arrives (by 20:20 on 27 Nov)"]
    chinese.say("退款到哪了", "query_refund")
    assert [s["text"] for s in _card(chinese)["steps"]] == [s["text"] for s in REFUND["steps"]]  # type: ignore[attr-defined]


def test_whether_it_is_paid_is_told_from_the_order(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("支付宝一直转圈 钱扣了订单没有", "payment_problem")

    answer = chat.say(f"{PAID} 现在到底付成功没", "query_order", entities={"order_id": PAID})
    assert "已经付款成功：399.00 元" in answer
    assert "不用再付" in answer
    again = chat.say("那我再付一次会不会重复扣", "ask_knowledge", band="answer", hits=[DUPLICATE])
    assert "不用再付" in again


def test_order_that_is_not_paid_is_not_said_to_be(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[PAID] |= {"status": "unpaid", "paid_at": None}
    chat = dialogue.conversation()

    assert "不用再付" not in chat.say(f"{PAID} 付成功没", "query_order", entities={"order_id": PAID})


def test_product_of_no_order_is_said_to_be_in_none(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0]["current_price"] = "389.00"
    shoes = {"product": {"value": "乐福鞋", "sku": ["10207"]}}
    chat = dialogue.conversation()

    answer = chat.say("乐福鞋降价你们退差价吗 我还没买呢", "price_protection", entities=shoes)
    assert "没有“乐福鞋”" in answer
    assert "15 天" in answer
    assert chat.last["active_form"] is None
    assert "没有找到“乐福鞋”" in chat.say("开发票 那双乐福鞋", "request_invoice", entities=shoes)
    assert chat.last["active_form"] is None
    assert "便宜 10.00" in chat.say("退差价", "price_protection")


def test_cancelled_order_cannot_come_back_and_no_other_is_offered(dialogue: Dialogue, shop: StubShop) -> None:
    _refunding(shop)
    chat = dialogue.conversation()
    chat.say(f"{PAID} 取消", "cancel_order", entities={"order_id": PAID})
    chat.say("确认", "affirm")
    shop.orders[PAID] |= {"status": "closed", "aftersales": [REFUND | {"aftersale_id": "A2", "order_id": PAID}]}

    assert "恢复不了" in chat.say("哎 取消撤回 能恢复不", "cancel_aftersale")
    assert chat.last["active_form"] is None


def _check(number: str | None, said: str) -> dict[str, Any]:
    fields = {"class": "system", "detail": f"重复扣款：{said}", "order_id": number, "priority": "normal"}
    return {"type": "open_ticket", "kind": "check", **fields}


@pytest.mark.parametrize(
    "said",
    [
        "卫衣那单扣了我两个399 多扣的那份退给我",
        "卫衣付了两回 多的退我",
        "重复扣款了 卫衣那单 退款",
        "卫衣 you charged me twice, refund one",
    ],
)
def test_second_charge_is_no_refund_of_the_order(dialogue: Dialogue, shop: StubShop, said: str) -> None:
    chat = dialogue.conversation()

    answer = chat.say(said, "request_refund", entities={"product": "卫衣"})
    assert "1-3" in answer
    assert "不受影响" in answer
    assert chat.last["active_form"] is None
    assert chat.commands == [_check(PAID, said)]


@pytest.mark.parametrize("form", ["request_refund", "request_return"])
def test_second_charge_that_comes_out_as_the_reason_ends_the_request(dialogue: Dialogue, shop: StubShop, form: str) -> None:
    number = {"request_refund": PAID, "request_return": DELIVERED}[form]
    chat = dialogue.conversation()
    assert "原因" in chat.say(f"{number} 退", form, entities={"order_id": number})

    reason = {"value": "就是系统扣了两遍嘛", "extractor": "asked"}
    assert "不用申请退款" in chat.say("就是系统扣了两遍嘛", "payment_problem", entities={"reason": reason})
    assert chat.last["active_form"] is None
    assert "提交" not in chat.say("嗯对", "affirm")
    assert shop.writes == []


def test_second_charge_is_looked_into_once(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("付了两次钱啊", "payment_problem")
    assert [command["type"] for command in chat.commands] == ["open_ticket"]

    for said, intent in [
        ("扣了两次钱！", "payment_problem"),
        ("我多付的那份 卫衣那单的 退给我", "request_refund"),
        ("刚才扣两回的事还管不管", "nlu_fallback"),
    ]:
        assert "不用申请" in chat.say(said, intent)
        assert chat.commands == [STATUS]
        assert chat.step is None
    assert "不用申请" in chat.say("会不会退给我嘛", "ask_knowledge")


def test_who_gives_up_the_goods_as_well_gets_the_refund(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    asked = chat.say("卫衣扣了两次钱 不想要了 全退吧", "request_refund", entities={"product": "卫衣", "reason": "不想要了"})
    assert "请确认退款申请" in asked


def test_refund_of_what_has_not_shipped_says_that_the_order_is_over(dialogue: Dialogue, shop: StubShop) -> None:
    asked = dialogue.conversation().say(f"{PAID} 不想要了 退款", "request_refund", entities={"order_id": PAID, "reason": "不想要了"})

    assert "不再发出" in asked
    assert "399.00" in asked


@pytest.mark.parametrize(
    ("said", "intent"),
    [
        ("刷了两次就开胶了", "report_quality"),
        ("表面划了两道", "payment_problem"),
        ("又付不了款了", "payment_problem"),
        ("付款失败两次了", "payment_problem"),
        ("试了两次都付不了", "payment_problem"),
        ("页面又刷不出来了", "payment_problem"),
    ],
)
def test_goods_and_payments_that_fail_are_no_second_charge(dialogue: Dialogue, shop: StubShop, said: str, intent: str) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 退货", "request_return", entities={"order_id": DELIVERED})

    assert "已登记" not in chat.say(said, intent)
    assert chat.commands == []
    assert chat.last["active_form"] == "return_form"


@pytest.mark.parametrize(
    "said", ["信用卡刷了两次", "刷了我两次卡", "卡里的钱划走两笔", "显示支付失败 钱却扣了两次", "又扣了我一笔", "多刷了我的卡"]
)
def test_second_charge_in_other_words(dialogue: Dialogue, shop: StubShop, said: str) -> None:
    chat = dialogue.conversation()

    assert "1-3" in chat.say(said, "request_refund")
    assert [command["type"] for command in chat.commands] == ["open_ticket"]


def test_second_charge_of_an_order_that_is_named_later_is_another(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("付了两次钱啊", "payment_problem")

    for number in (PAID, DELIVERED):
        said = f"{number} 这单也重复扣款了"
        assert "已登记" in chat.say(said, "payment_problem", entities={"order_id": number})
        assert chat.commands == [_check(number, said)]
        chat.say(said, "payment_problem", entities={"order_id": number})
        assert chat.commands == [STATUS]


def test_charge_of_an_order_that_is_not_theirs_is_not_looked_into(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert FOREIGN in chat.say(f"{FOREIGN} 同一单扣了我两次钱", "payment_problem", entities={"order_id": FOREIGN})
    assert chat.buttons
    assert chat.commands == []
