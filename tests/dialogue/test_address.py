"""Where an unshipped order goes and who receives it; a form that is given up in the words of its own deed, and a yes in them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.conftest import Conversation, Dialogue
from tests.dialogue.stub_shop import PAID, StubShop

STREET = "杭州市西湖区浙大紫金港校区碧峰1舍302"


def _with_address(chat: Conversation) -> str:
    return chat.say(f"卫衣地址改成{STREET}", "change_address", entities={"product": "卫衣", "address": STREET})


def _written(shop: StubShop) -> list[tuple[str, dict[str, Any]]]:
    return [(path.rsplit("/", 1)[-1], body) for path, body in shop.writes]


def test_an_address_that_was_given_is_not_asked_for_again(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _with_address(chat)
    chat.say("先不了", "deny")

    assert STREET in chat.say("那还要改地址不 我室友说是302对的 你改吧", "change_address")
    chat.say("嗯", "affirm")
    assert _written(shop) == [("address", {"address": STREET})]


def test_an_address_is_found_where_it_was_given(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"我住{STREET}", "chitchat", entities={"address": STREET})
    chat.say("卫衣改地址 改到哪我想想", "inform")
    chat.say(f"{PAID} 改收件电话和地址", "change_address", entities={"order_id": PAID})

    assert STREET in chat.last["messages"][0]["text"]


@pytest.mark.parametrize(
    ("text", "entities", "shown", "body"),
    [
        ("收件人电话改成13900001234行不", {"phone": "13900001234"}, "电话 13900001234，收货地址不变", {"phone": "13900001234"}),
        ("收件人改成李四", {"person": "李四"}, "收件人 李四，收货地址不变", {"receiver": "李四"}),
        (
            f"地址改成{STREET} 收货人李四 电话13900001234",
            {"address": STREET, "person": "李四", "phone": "13900001234"},
            "收件人 李四，电话 13900001234",
            {"address": STREET, "receiver": "李四", "phone": "13900001234"},
        ),
    ],
)
def test_who_receives_it_can_be_changed(
    dialogue: Dialogue, shop: StubShop, text: str, entities: dict[str, str], shown: str, body: dict[str, str]
) -> None:
    chat = dialogue.conversation()

    assert shown in chat.say(f"卫衣{text}", "change_address", entities={"product": "卫衣", **entities})
    chat.say("确认", "affirm")
    assert _written(shop) == [("address", body)]


def test_only_what_changes_is_asked_for(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("卫衣改一下地址", "change_address", entities={"product": "卫衣"})

    assert "地址不变" in chat.say("地址不变 只改电话", "change_address")
    assert "电话 13900001234" in chat.say("13900001234", "inform", entities={"phone": "13900001234"})


@pytest.mark.parametrize(
    ("text", "intent", "entities", "said"),
    [
        ("不改地址了！", "change_address", {}, "不办"),
        ("不改了 还是那个卫衣 再换回白色行吗", "nlu_fallback", {"product": "卫衣", "sku_option": "白色"}, "修改规格"),
        ("先别改地址 我问下室友。对了卫衣能退吗", "ask_knowledge", {"product": "卫衣"}, "取消"),
    ],
)
def test_who_does_not_want_the_change_any_more_is_out_of_the_form(
    dialogue: Dialogue, shop: StubShop, text: str, intent: str, entities: dict[str, str], said: str
) -> None:
    chat = dialogue.conversation()
    chat.say("卫衣改地址", "change_address", entities={"product": "卫衣"})

    answer = chat.say(text, intent, entities=entities)

    assert said in answer
    assert "要送到哪里" not in answer
    assert chat.last["active_form"] != "address_form"


@pytest.mark.parametrize(("text", "intent"), [("好 换", "request_exchange"), ("可以，那就改吧", "modify_order")])
def test_a_yes_in_the_words_of_the_deed_is_one(dialogue: Dialogue, shop: StubShop, text: str, intent: str) -> None:
    chat = dialogue.conversation()
    assert "请确认" in chat.say(
        "卫衣换成白色M", "modify_order", entities=[("product", "卫衣"), ("sku_option", "白色"), ("sku_option", "M")]
    )

    chat.say(text, intent)
    assert [path for path, _ in shop.writes] == [f"/orders/{PAID}/options"]


@pytest.mark.parametrize(
    ("text", "intent", "form"),
    [("不取消了，帮我改个地址", "change_address", "address_form"), ("先不取消了，那件卫衣什么时候发货", "urge_shipment", None)],
)
def test_what_is_wanted_instead_of_a_cancellation_is_done(
    dialogue: Dialogue, shop: StubShop, text: str, intent: str, form: str | None
) -> None:
    chat = dialogue.conversation()
    chat.say(f"{PAID} 取消", "cancel_order", entities={"order_id": PAID})

    answer = chat.say(text, intent)
    assert chat.last["active_form"] == form
    assert form or "发出" in answer
    assert shop.writes == []


@pytest.mark.parametrize(
    ("text", "intent", "entities"),
    [("不改地址，电话换成13800138000", "change_address", {"phone": "13800138000"}), ("不用改地址，换个收件人就行", "inform", {})],
)
def test_another_receiver_for_the_same_address_is_no_change_of_mind(
    dialogue: Dialogue, shop: StubShop, text: str, intent: str, entities: dict[str, str]
) -> None:
    chat = dialogue.conversation()
    chat.say(f"{PAID} 改地址", "change_address", entities={"order_id": PAID})
    chat.say(text, intent, entities=entities)

    assert chat.last["active_form"] == "address_form"


def test_who_receives_it_is_asked_for_again_in_the_same_words(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    assert "地址不变" in chat.say("卫衣改收件人姓名", "change_address", entities={"product": "卫衣"})

    assert "地址不变" in chat.say("王小二", "greet")
    assert "要送到哪里" in chat.say("还是改地址吧", "change_address")
