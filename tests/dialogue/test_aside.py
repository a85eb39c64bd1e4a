"""A question about an order, a parcel or a refund in the middle of a form is answered, and the form goes on where it was."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Conversation, Dialogue, to_confirmation
from tests.dialogue.stub_shop import DELIVERED, PAID, SHIPPED, StubShop

REFUND = {"aftersale_id": "A1", "kind": "refund", "status": "refunding", "status_text": "退款中", "amount": "399.00"}
ADDRESS = "上海市浦东新区世纪大道100号8楼"


def _changes_address(chat: Conversation) -> None:
    assert "新的收货地址" in chat.say("还没发货那单改下地址", "change_address")


@pytest.mark.parametrize(
    ("text", "intent", "told"),
    [("退款到哪一步了", "query_refund", "退款中"), ("怎么还不发货", "urge_shipment", "备货"), ("这单什么状态", "query_order", "待发货")],
)
def test_reading_wish_is_answered_and_the_address_is_asked_again(
    dialogue: Dialogue, shop: StubShop, text: str, intent: str, told: str
) -> None:
    shop.orders[DELIVERED] |= {"status": "aftersale", "aftersales": [REFUND | {"order_id": DELIVERED}]}
    chat = dialogue.conversation()
    _changes_address(chat)

    answer = chat.say(text, intent)

    assert told in answer
    assert "新的收货地址" in answer
    assert "世纪大道100号" in chat.say(ADDRESS, "inform", entities={"address": ADDRESS})
    chat.say("确认", "affirm")
    assert shop.writes == [(f"/orders/{PAID}/address", {"address": ADDRESS})]


@pytest.mark.parametrize("by", ["number", "position", "tap"])
def test_order_of_a_reading_wish_is_chosen_without_leaving_the_form(dialogue: Dialogue, shop: StubShop, by: str) -> None:
    chat = dialogue.conversation()
    _changes_address(chat)

    assert "哪一单" in chat.say("快递到哪了", "track_package")
    if by == "tap":
        answer = chat.press(_items(chat)[0]["payload"], "云杉羽绒服")
    elif by == "number":
        answer = chat.say(SHIPPED, "inform", entities={"order_id": SHIPPED})
    else:
        answer = chat.say("第一个", "inform")

    assert "杭州" in answer
    assert "新的收货地址" in answer
    assert chat.last["slots"]["order_id"] == PAID


def test_reading_wish_at_the_confirmation_confirms_nothing_and_forgets_nothing(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    answer = chat.say(f"{SHIPPED} 的快递到哪了", "track_package", entities={"order_id": SHIPPED})

    assert "杭州" in answer
    assert "请确认退货申请" in answer
    chat.say("确认", "affirm")
    assert [body["order_id"] for _, body in shop.writes] == [DELIVERED]


def test_reading_wish_about_nothing_there_is_said_and_the_form_goes_on(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _changes_address(chat)

    answer = chat.say("退款到哪一步了", "query_refund")

    assert "没有查到退款" in answer
    assert "新的收货地址" in answer


def _items(chat: Conversation) -> list[dict[str, str]]:
    return [item for m in chat.last["messages"] for item in m.get("custom", {}).get("items", [])]


def test_order_is_chosen_for_the_form_when_the_form_asks_for_it(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[PAID] |= {"status": "delivered", "delivered_at": "2026-11-20T12:00:00+08:00"}
    chat = dialogue.conversation()
    assert "哪" in chat.say("我要退货", "request_return")
    chat.say("快递到哪了", "track_package")

    chosen = next(item for item in reversed(_items(chat)) if item["order_id"] == PAID)
    assert "原因" in chat.press(chosen["payload"], "云杉卫衣")
    assert chat.last["slots"]["order_id"] == PAID


def test_shop_that_is_silent_about_a_parcel_does_not_end_the_form(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    shop.down = True
    assert "没有响应" in chat.say("快递到哪了", "track_package")
    shop.down = False

    assert chat.last["active_form"] == "return_form"
    assert "请确认退货申请" in chat.say("继续", "inform")
