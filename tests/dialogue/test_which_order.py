"""Which order is meant: said by name, place, state, amount or day; ruled out; of another product than is being confirmed."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Conversation, Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, SHIPPED, StubShop

STREET = "杭州市西湖区文三路 90 号 3 楼"


@pytest.fixture
def chat(dialogue: Dialogue, shop: StubShop) -> Conversation:
    shop.orders[SHIPPED]["items"][0] |= {"sku": "10404", "aliases": ["被子", "duvet"], "category": "home"}
    shop.orders[DELIVERED] |= {"amount": "409.00", "paid_at": "2026-11-16T10:00:00+08:00"}
    shop.orders[DELIVERED]["items"][0] |= {"sku": "10105", "aliases": ["衬衫", "shirt"], "category": "clothing"}
    shop.orders[PAID]["items"][0] |= {"sku": "10103", "aliases": ["卫衣", "hoodie"], "category": "clothing"}
    return dialogue.conversation()


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("第二个", {}),
        ("the second one", {}),
        ("second", {}),
        ("409那单", {}),
        ("已经签收的那个", {}),
        ("the one that was delivered", {}),
        ("the shirt one", {"product": "shirt"}),
        ("16号买的", {"date": "2026-11-16"}),
        ("尾号000002", {}),
        ("不是被子", {"product": "被子"}),
    ],
)
def test_order_is_understood_as_it_is_said(chat: Conversation, text: str, entities: dict[str, str]) -> None:
    chat.say("快递到哪了", "track_package")
    chat.say(text, "deny" if text.startswith("不是") else "inform", entities=entities)

    assert chat.last["active_form"] is None
    assert chat.last["slots"]["focus_order"] == DELIVERED


def test_place_goes_on_from_the_list_that_was_shown_before(chat: Conversation) -> None:
    chat.say("快递到哪了", "track_package")
    chat.say("第二个", "inform")

    assert "杭州" in chat.say("那第一个呢", "inform")


def test_order_that_is_named_and_refused_offers_no_other(chat: Conversation) -> None:
    answer = chat.say("改一下被子的收货地址", "change_address", entities={"product": "被子"})

    assert "已经发货" in answer
    assert "order_list" not in chat.cards
    assert chat.last["active_form"] is None


@pytest.mark.parametrize(
    ("text", "intent", "entities"),
    [
        ("谢谢", "thank", {}),
        ("不是卫衣 是被子的地址", "inform", {"product": "卫衣"}),
        ("no not the hoodie. the duvet", "deny", [("product", "hoodie"), ("product", "duvet")]),
        ("不能改啊 那怎么办呢", "change_address", {}),
        ("被子到哪了", "track_package", {"product": "被子"}),
    ],
)
def test_other_order_that_was_only_offered_is_let_go(chat: Conversation, shop: StubShop, text: str, intent: str, entities: object) -> None:
    chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})
    chat.say("改一下地址", "change_address")
    assert "order_list" in chat.cards

    chat.say(text, intent, entities=entities)
    assert "order_list" not in chat.cards
    assert chat.last["active_form"] is None
    assert shop.writes == []


def test_question_that_leaves_the_offer_and_has_no_answer_leaves_a_way_on(chat: Conversation) -> None:
    chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})
    chat.say("改一下地址", "change_address")
    chat.say("你们老板姓什么", "ask_knowledge")

    assert chat.last["active_form"] is None
    assert "人工" in str([message.get("buttons") for message in chat.last["messages"]])


@pytest.mark.parametrize(("text", "entities"), [("123", {}), ("20261119461037", {"order_id": "20261119461037"})])
def test_answer_that_names_no_order_is_asked_again(chat: Conversation, text: str, entities: dict[str, str]) -> None:
    chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})
    chat.say("改一下地址", "change_address")

    assert chat.say(text, "inform", entities=entities)
    assert chat.last["active_form"] == "address_form" or chat.buttons


def test_other_order_that_was_offered_can_be_taken(chat: Conversation) -> None:
    chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})
    chat.say("改一下地址", "change_address")
    chat.say("卫衣那单", "inform", entities={"product": "卫衣"})

    assert chat.last["requested_slot"] == "address"


def test_yes_that_names_another_product_by_a_name_of_the_catalogue_is_no_yes(chat: Conversation, shop: StubShop) -> None:
    chat.say("卫衣改地址", "change_address", entities={"product": "卫衣", "address": STREET})

    assert "被子" in chat.say("对对 被子就送到这个地址", "affirm")
    assert shop.writes == []


def test_yes_that_names_another_product_by_its_kind_fails_nothing(chat: Conversation, shop: StubShop) -> None:
    chat.say("卫衣改地址", "change_address", entities={"product": "卫衣", "address": STREET})

    assert chat.say("好的 家居用品那单", "affirm", entities={"product": "家居用品"})
    assert chat.last["failed"] == []


def test_anonymous_shopper_is_not_told_what_they_did_not_buy(dialogue: Dialogue) -> None:
    chat = dialogue.conversation(shopper=None)

    assert "您的订单里没有" not in chat.say("我买的卫衣怎么还没到", "urge_delivery", entities={"product": "卫衣"})


def test_yes_that_names_another_product_is_no_yes(chat: Conversation, shop: StubShop) -> None:
    chat.say("卫衣改地址", "change_address", entities={"product": "卫衣", "address": STREET})

    answer = chat.say("对对 被子就送到这个地址", "affirm", entities={"product": "被子"})
    assert "您说的是“被子”" in answer
    assert "卫衣" in answer
    assert shop.writes == []
    assert "已修改" in chat.say("对 就是卫衣", "affirm", entities={"product": "卫衣"})


def test_no_that_names_another_product_turns_to_its_order(chat: Conversation, shop: StubShop) -> None:
    chat.say("卫衣开发票 抬头个人", "request_invoice", entities={"product": "卫衣", "invoice_title": "个人"})

    assert "云杉衬衫" in chat.say("哦不对 是衬衫那单", "deny", entities={"product": "衬衫"})
    assert shop.writes == []


@pytest.mark.parametrize(("text", "intent"), [("我孙子的奶粉在哪里", "track_package"), ("奶粉怎么还没到", "urge_delivery")])
def test_product_that_no_order_holds_is_said_to_be_in_none(chat: Conversation, text: str, intent: str) -> None:
    answer = chat.say(text, intent, entities={"product": "奶粉"})

    assert "没有“奶粉”" in answer
    assert chat.cards == ["order_list"]
    assert chat.last["active_form"] is None


def test_kind_of_goods_is_no_product_that_was_not_bought(chat: Conversation) -> None:
    assert "没有“衣服”" not in chat.say("我买的衣服到哪了", "track_package", entities={"product": "衣服"})


def test_address_is_asked_for_with_the_order_it_is_for(chat: Conversation) -> None:
    assert "云杉卫衣" in chat.say("改地址", "change_address")


def test_english_address_is_complete(chat: Conversation, shop: StubShop) -> None:
    said = "88 Keyuan Road, Nanshan District, Shenzhen, Guangdong"
    chat.say("change the address of the hoodie", "change_address", entities={"product": "hoodie"}, language="en")

    assert said in chat.say(said, "inform", entities={"address": said}, language="en")
    chat.say("yes", "affirm", language="en")
    assert shop.writes[0][1] == {"address": said}


@pytest.mark.parametrize("text", ["forget the address. just the compensation", "are you even reading this"])
def test_what_is_no_address_is_not_taken_for_one(chat: Conversation, text: str) -> None:
    chat.say("change the address of the hoodie", "change_address", entities={"product": "hoodie"}, language="en")

    assert text not in chat.say(text, "nlu_fallback", language="en")
    assert chat.last["requested_slot"] == "address"


def test_other_product_is_no_address_but_the_order_that_is_meant(chat: Conversation) -> None:
    chat.say("change the delivery address", "change_address", language="en")

    answer = chat.say("the second one... wait no the duvet", "inform", entities={"product": "duvet"}, language="en")
    assert "already shipped" in answer


def test_change_that_cannot_be_undone_here_goes_to_a_person(chat: Conversation, shop: StubShop) -> None:
    shop.orders[PAID]["address_changes"] = 1

    answer = chat.say("改错了 卫衣地址改回原来的", "change_address", entities={"product": "卫衣"})
    assert "抱歉" in answer
    assert [c["type"] for c in chat.commands] == ["handoff"]
    assert chat.last["active_form"] is None
