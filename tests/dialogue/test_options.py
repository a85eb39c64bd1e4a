"""The option of an exchange or a change: understood relative to the ordered one, refused when it is said, not after the yes."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, StubShop


@pytest.mark.parametrize(
    ("text", "entities", "becomes"),
    [
        ("鞋子小了 换大一码", [("reason", "小了")], "黑色/L"),
        ("帮我换小一号的", [], "黑色/S"),
        ("换个白的", [("sku_option", "白")], "白色/M"),
        ("换成大一码", [("sku_option", "1码")], "黑色/L"),
    ],
)
def test_option_relative_to_the_ordered_one(
    dialogue: Dialogue, shop: StubShop, text: str, entities: list[tuple[str, str]], becomes: str
) -> None:
    chat = dialogue.conversation()

    assert f"换成 {becomes}" in chat.say(f"{DELIVERED} {text}", "request_exchange", entities=[("order_id", DELIVERED), *entities])
    chat.say("确认", "affirm")
    assert shop.writes[0][1]["option"] == becomes


@pytest.mark.parametrize(
    ("text", "said", "why"),
    [
        ("换成紫色", "紫色", "没有“紫色”"),
        ("换成白色L码", "白色/L码", "没有货"),
        ("换成M码", "M码", "现在就是 黑色/M"),
        ("大两码", None, "没有更合适的尺码"),
    ],
)
@pytest.mark.parametrize(("want", "order"), [("request_exchange", DELIVERED), ("modify_order", PAID)])
def test_option_that_cannot_be_is_refused_when_it_is_said(
    dialogue: Dialogue, shop: StubShop, want: str, order: str, text: str, said: str | None, why: str
) -> None:
    chat = dialogue.conversation()
    entities = {"order_id": order, **({"sku_option": said} if said else {})}

    answer = chat.say(f"{order} {text}", want, entities=entities)

    assert why in answer
    assert "黑色/S、黑色/L、白色/M" in answer
    assert chat.last["requested_slot"] == "sku_option"
    assert "黑色/L" in chat.tap("黑色/L")
    assert chat.last["requested_slot"] == "confirm"


def test_refused_correction_is_asked_for_and_not_confirmed(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 换成L码", "request_exchange", entities={"order_id": DELIVERED, "sku_option": "L码"})

    answer = chat.say("还是换成紫色吧", "request_exchange", entities={"sku_option": "紫色"})

    assert "没有“紫色”" in answer
    assert chat.last["requested_slot"] == "sku_option"
    chat.say("确认", "affirm")
    assert shop.writes == []


def test_faulty_piece_is_exchanged_for_the_same(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    said = chat.say(f"{DELIVERED} 开线了 换一件", "request_exchange", entities={"order_id": DELIVERED, "reason": "开线了"})
    assert "同款新的，原因：开线了" in said
    chat.say("确认", "affirm")
    assert shop.writes[0][1] == {"order_id": DELIVERED, "kind": "exchange", "reason": "开线了", "sku": "10101"}


@pytest.mark.parametrize(("want", "order", "instead"), [("request_exchange", DELIVERED, "退货"), ("modify_order", PAID, "取消")])
def test_nothing_else_in_stock_is_told_with_the_way_on(dialogue: Dialogue, shop: StubShop, want: str, order: str, instead: str) -> None:
    shop.stock = {"黑色/M": 3}
    chat = dialogue.conversation()

    assert instead in chat.say(f"{order} 换个颜色", want, entities={"order_id": order})
    assert chat.last["active_form"] is None


def test_option_at_another_price_today_is_not_confirmed_first(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[PAID]["items"][0]["current_price"] = "419.00"

    assert "价格" in dialogue.conversation().say("还没发货 改成白色", "modify_order", entities={"sku_option": "白色"})


@pytest.mark.parametrize(
    ("want", "order", "becomes", "path"),
    [("modify_order", DELIVERED, "请确认换货申请", "/aftersales"), ("request_exchange", PAID, "”改成 黑色/L", f"/orders/{PAID}/options")],
)
def test_other_option_is_an_exchange_or_a_change_as_the_order_stands(
    dialogue: Dialogue, shop: StubShop, want: str, order: str, becomes: str, path: str
) -> None:
    chat = dialogue.conversation()

    assert becomes in chat.say(f"{order} 换成L码", want, entities={"order_id": order, "sku_option": "L码"})
    chat.say("确认", "affirm")
    assert shop.writes[0][0] == path


def test_which_size_would_fit_is_answered_inside_the_exchange(dialogue: Dialogue) -> None:
    chat = dialogue.conversation()
    chat.say("小了换一件", "request_exchange", entities={"order_id": DELIVERED, "reason": "小了"})
    answer = chat.say("羽绒服我172 140斤该穿什么码", "inform", entities={"product": "羽绒服"})

    assert "建议选" in answer
    assert "没有“" not in answer
    assert chat.last["requested_slot"] == "sku_option"


@pytest.mark.parametrize("wants", [["modify_order"], ["modify_order", "request_exchange"]])
def test_two_orders_that_fit_the_other_want_each_do_not_call_each_other(dialogue: Dialogue, wants: list[str]) -> None:
    chat = dialogue.conversation()
    both = {"wants": wants, "entities": [("order_id", DELIVERED), ("order_id", PAID)]}

    assert chat.say(f"{DELIVERED} 换个颜色 {PAID} 换货", "modify_order", **both)
    assert len(chat.last["actions"]) < 8
