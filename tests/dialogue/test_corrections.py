"""At a confirmation every value can be changed: by the right one, or by what is wrong. Nothing is sent before it was shown again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.conftest import Conversation, Dialogue, to_confirmation
from tests.dialogue.stub_shop import DELIVERED, PAID, SHIPPED, StubShop

COMPANY, TAX_NO = "杭州云上科技有限公司", "91330106MA2B1C3D4E"


def _to_exchange(chat: Conversation) -> None:
    chat.say(f"{DELIVERED} 小了 换成L码", "request_exchange", entities={"order_id": DELIVERED, "reason": "小了", "sku_option": "L码"})


def _to_address(chat: Conversation) -> None:
    chat.say("改成上海市浦东新区世纪大道100号", "change_address", entities={"address": "上海市浦东新区世纪大道100号"})


def _to_invoice(chat: Conversation) -> None:
    entities = {"order_id": DELIVERED, "invoice_title": COMPANY, "tax_no": TAX_NO}
    chat.say(f"{DELIVERED} 开发票", "request_invoice", entities=entities)


def _to_complaint(chat: Conversation) -> None:
    chat.say("我要投诉 仓库发货乱来 客服还踢皮球", "complain")


def _to_problem(chat: Conversation) -> None:
    chat.say("开线了", "report_quality")
    chat.tap("换一件新的")


@pytest.mark.parametrize(
    ("start", "text", "intent", "entities", "shown"),
    [
        (to_confirmation, "不对，是尺码不合适", "deny", {}, "原因：尺码不合适"),
        (to_confirmation, "原因改成质量问题", "modify_order", {}, "原因：质量问题"),
        (to_confirmation, "不对 是质量问题", "report_quality", {}, "原因：质量问题"),
        (_to_exchange, "改成S码", "modify_order", {"sku_option": "S码"}, "换成 黑色/S，原因：小了"),
        (_to_exchange, "原因是颜色不喜欢", "inform", {}, "换成 黑色/L，原因：颜色不喜欢"),
        (_to_address, "不对 应该是上海市浦东新区世纪大道200号", "deny", {}, "世纪大道200号"),
        (_to_invoice, "税号写错了，应该是91330106MA2B1C3D5F", "change_address", {"tax_no": "91330106MA2B1C3D5F"}, "91330106MA2B1C3D5F"),
        (_to_invoice, "抬头改成个人", "request_invoice", {"invoice_title": "个人"}, "抬头 个人，金额"),
        (_to_complaint, "不是，我要投诉的是快递员骂人", "complain", {}, "“快递员骂人”"),
        (_to_complaint, "应该是客服三天不回消息", "out_of_scope", {}, "“客服三天不回消息”"),
        (_to_problem, "还是退货吧", "request_return", {}, "退货退款"),
        (_to_problem, "不对 是拉链坏了", "deny", {}, "拉链坏了"),
    ],
)
def test_new_value_is_shown_again(
    dialogue: Dialogue, shop: StubShop, start: Any, text: str, intent: str, entities: dict[str, str], shown: str
) -> None:
    chat = dialogue.conversation()
    start(chat)
    form = chat.last["active_form"]

    assert shown in chat.say(text, intent, entities=entities)
    assert (chat.last["active_form"], chat.last["requested_slot"]) == (form, "confirm")
    assert shop.writes == []


@pytest.mark.parametrize(
    ("start", "text", "intent", "asked"),
    [
        (to_confirmation, "原因写错了", "inform", "reason"),
        (_to_exchange, "尺码选错了", "modify_order", "sku_option"),
        (_to_address, "地址写错了", "change_address", "address"),
        (_to_address, "不对", "deny", "order_id"),
        (_to_invoice, "抬头写错了", "request_invoice", "invoice_title"),
        (_to_invoice, "税号错了", "request_invoice", "tax_no"),
        (_to_complaint, "内容写错了", "change_address", "detail"),
        (_to_complaint, "不对", "deny", "detail"),
    ],
)
def test_what_is_wrong_is_asked_for_again(dialogue: Dialogue, shop: StubShop, start: Any, text: str, intent: str, asked: str) -> None:
    chat = dialogue.conversation()
    start(chat)
    form = chat.last["active_form"]

    chat.say(text, intent)

    if (start, text) == (_to_address, "不对"):
        assert "改地址" in [b["title"] for m in chat.last["messages"] for b in m.get("buttons", [])]
        chat.tap("改地址")
        asked = "address"
    assert (chat.last["active_form"], chat.last["requested_slot"]) == (form, asked)
    assert shop.writes == []


def test_another_company_needs_its_own_tax_number(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _to_invoice(chat)

    chat.say("抬头改成杭州云下贸易有限公司", "request_invoice", entities={"invoice_title": "杭州云下贸易有限公司"})

    assert chat.last["requested_slot"] == "tax_no"


@pytest.mark.parametrize(("text", "shown"), [("不是这单", SHIPPED), ("不是这件 是羽绒服那单", SHIPPED)])
def test_other_order_is_offered_or_taken(dialogue: Dialogue, shop: StubShop, text: str, shown: str) -> None:
    shop.orders[SHIPPED]["status"] = "paid"
    chat = dialogue.conversation()
    chat.say(f"{PAID} 取消", "cancel_order", entities={"order_id": PAID})

    chat.say(text, "deny", entities={"product": "羽绒服"} if "羽绒服" in text else {})

    assert chat.last["slots"]["order_id"] == shown
    chat.say("确认", "affirm")
    assert [path for path, _ in shop.writes] == [f"/orders/{SHIPPED}/cancel"]


def test_order_that_is_the_only_one_is_not_replaced(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("取消订单", "cancel_order")

    assert "没有别的订单" in chat.say("不是这单", "deny")
    assert shop.writes == []


@pytest.mark.parametrize(("text", "intent"), [("是的 帮我退", "request_return"), ("嗯 是 退吧", "request_return")])
def test_yes_that_says_the_want_again_corrects_nothing(dialogue: Dialogue, shop: StubShop, text: str, intent: str) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert "已提交" in chat.say(text, intent)
    assert shop.writes[0][1]["reason"] == "不喜欢 颜色不好看"


@pytest.mark.parametrize("text", ["不退了", "不是 算了", "不用了"])
def test_plain_no_is_no_correction(dialogue: Dialogue, shop: StubShop, text: str) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert "没有提交" in chat.say(text, "deny")


def test_order_that_a_complaint_is_about_is_shown_and_sent(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})

    assert f"关于订单 {SHIPPED}" in chat.say("我要投诉 快递员把包裹扔在门口", "complain")
    chat.say("确认提交", "affirm")
    assert chat.commands[0]["order_id"] == SHIPPED


@pytest.mark.parametrize(
    "text", ["可以只退其中一件吗", "是不是要我出运费才能退货", "对了 退货要多久", "好像我要退的不是这个", "可以的话先别退", "也许退吧"]
)
def test_question_or_half_a_yes_that_says_the_want_again_sends_nothing(dialogue: Dialogue, shop: StubShop, text: str) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    chat.say(text, "request_return")

    assert shop.writes == []


def test_yes_of_one_form_opens_another_and_confirms_nothing_there(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{PAID} 开发票 个人", "request_invoice", entities={"order_id": PAID, "invoice_title": "个人"})

    assert "确认取消" in chat.say("好吧，还是取消订单吧", "cancel_order")
    assert shop.writes == []


def test_wish_for_another_option_is_no_reason_of_the_exchange(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 我要退货", "request_return", entities={"order_id": DELIVERED})

    assert "还是换个L码吧" not in chat.say("还是换个L码吧", "request_exchange", entities={"sku_option": "L码"})


@pytest.mark.parametrize(
    ("text", "intent", "shown"), [("不对，我要换货", "request_exchange", "尺码或颜色"), ("不对，快递到哪了", "track_package", "待收货")]
)
def test_no_and_another_want_is_that_want(dialogue: Dialogue, shop: StubShop, text: str, intent: str, shown: str) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    answer = chat.say(text, intent)

    assert shown in answer
    assert f"原因：{text[3:]}" not in answer


def test_form_offers_to_change_only_what_it_asked_for(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("还没发货那单备注一下不要放驿站", "modify_order")
    chat.say("不对", "deny")

    assert "改规格" not in [b["title"] for m in chat.last["messages"] for b in m.get("buttons", [])]
    assert chat.say("规格错了", "deny") != ""
    assert shop.writes == []


def test_title_that_is_asked_again_takes_its_tax_number_along(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _to_invoice(chat)
    chat.say("抬头写错了", "deny")

    answer = chat.say("上海乙贸易有限公司", "inform")
    assert TAX_NO not in answer
    assert "税号" in answer
