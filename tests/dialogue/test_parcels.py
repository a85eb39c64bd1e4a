"""When a parcel comes, in words; and one that people look into: found, nowhere, lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.conftest import Conversation, Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, SHIPPED, StubShop


@pytest.fixture
def chat(dialogue: Dialogue, shop: StubShop) -> Conversation:
    return dialogue.conversation()


@pytest.fixture
def checked(chat: Conversation, shop: StubShop) -> Conversation:
    shop.signed_by = "丰巢柜"
    answer = chat.say(f"{DELIVERED} 显示签收了 没收到", "report_not_received", entities={"order_id": DELIVERED})
    assert "签收人是“丰巢柜”" in answer
    assert [c["type"] for c in chat.commands] == ["open_ticket"]
    return chat


def test_day_of_arrival_is_told_in_words(chat: Conversation) -> None:
    assert "预计 11月22日（周日） 送到" in chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})
    first = chat.say("几号能到啊", "track_package")
    assert "11月22日（周日）" in first.split("。")[0]


@pytest.mark.parametrize(("eta", "said"), [("2026-11-18", "晚了 3 天"), (None, "没有给出")])
def test_day_that_is_past_or_unknown_is_said_to_be(chat: Conversation, shop: StubShop, eta: str | None, said: str) -> None:
    shop.eta = eta

    assert said in chat.say(f"{SHIPPED} 什么时候到", "track_package", entities={"order_id": SHIPPED})


def test_parcel_is_not_late_before_its_day(chat: Conversation) -> None:
    assert "还没有晚" in chat.say("都晚了三天了 催一下", "urge_delivery")


def test_parcel_that_is_late_is_registered_when_urged(chat: Conversation, shop: StubShop) -> None:
    shop.eta = "2026-11-19"

    assert "晚了 2 天" in chat.say("怎么还没到 催一下", "urge_delivery")
    assert [c["type"] for c in chat.commands] == ["open_ticket"]


def test_urging_a_named_order_that_has_left_tells_how_it_gets_on(chat: Conversation, shop: StubShop) -> None:
    shop.orders[SHIPPED]["items"][0] |= {"sku": "10404", "aliases": ["duvet"]}

    answer = chat.say("my order is super late. the duvet", "urge_shipment", entities={"product": "duvet"}, language="en")
    assert "not late yet" in answer
    assert PAID not in answer


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("找到了 在邻居家 那个单子撤了吧", "cancel_order"),
        ("我说邻居收了 拿到了 不用查了", "stop"),
        ("都不是 就是查件不用查了", "deny"),
        ("拿到了 谢谢", "thank"),
        ("查件可以撤了吧 T2026112208276", "query_ticket"),
        ("found it, thanks", "inform"),
    ],
)
def test_parcel_that_was_found_closes_its_check(checked: Conversation, shop: StubShop, text: str, intent: str) -> None:
    checked.say(text, intent)

    assert [c["type"] for c in checked.commands] == ["close_check"]
    assert checked.commands[0]["order_id"] == DELIVERED
    assert "order_list" not in checked.cards
    assert checked.last["active_form"] is None


def test_check_stays_until_the_parcel_is_in_hand(checked: Conversation) -> None:
    assert "拿到了" in checked.say("哦哦 邻居说在他家 我去拿", "report_not_received")
    assert checked.commands == []
    checked.say("还没拿到", "report_not_received")
    assert "close_check" not in [c["type"] for c in checked.commands]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("I still never got it", "report_not_received"),
        ("haven't found it", "report_not_received"),
        ("Got it, thanks", "thank"),
        ("什么时候能收到货", "urge_shipment"),
        ("显示收到了可是没有啊", "report_not_received"),
        ("登记了怎么关键没人管", "query_ticket"),
        ("T2026112208276 关于丢件的那个怎么样了", "query_ticket"),
    ],
)
def test_what_does_not_say_that_it_was_found_closes_nothing(checked: Conversation, text: str, intent: str) -> None:
    checked.say(text, intent)

    assert "close_check" not in [c["type"] for c in checked.commands]


def test_place_where_it_is_not_is_passed_on(checked: Conversation) -> None:
    answer = checked.say("驿站说没有", "report_not_received")

    assert "请先" not in answer
    assert "驿站说没有" in checked.commands[0]["detail"]


@pytest.mark.parametrize(
    ("text", "intent"), [("I want the refund", "request_refund"), ("I'd rather have the refund. When will it be back?", "query_refund")]
)
def test_lost_parcel_is_refunded_when_that_is_chosen(chat: Conversation, shop: StubShop, text: str, intent: str) -> None:
    shop.parcel_status = "lost"
    chat.say(f"{SHIPPED} 一直没收到", "report_not_received", entities={"order_id": SHIPPED})

    chat.say(text, intent)
    assert chat.last["requested_slot"] == "confirm"
    chat.say("确认", "affirm")
    assert shop.writes == [("/aftersales", {"order_id": SHIPPED, "kind": "refund", "reason": "包裹丢失，未收到货"})]


@pytest.mark.parametrize(("text", "intent"), [("补发吧", "affirm"), ("补发吧 别退款", "cancel_aftersale"), ("", "")])
def test_lost_parcel_is_sent_again_when_that_is_chosen(chat: Conversation, shop: StubShop, text: str, intent: str) -> None:
    shop.parcel_status = "lost"
    chat.say(f"{SHIPPED} 一直没收到", "report_not_received", entities={"order_id": SHIPPED})

    assert "补发" in (chat.say(text, intent) if text else chat.tap("补发一件"))
    assert "顾客选择补发" in chat.commands[0]["detail"]
    assert shop.writes == []


@pytest.mark.parametrize(
    ("text", "intent", "more"),
    [
        ("我真没收到 要补发还是退款我都行 给个准话", "query_refund", {}),
        ("那我的退款呢", "query_refund", {}),
        ("门卫我早问过了 没有！48小时？？", "urge_shipment", {"wants": ["report_not_received", "urge_shipment"]}),
        ("到底什么时候给我补发", "urge_shipment", {}),
        ("我要的是补发！没收到货！", "report_wrong_or_missing", {}),
        ("谁问你羽绒服了 衬衫 要是找不到你们赔多少", "request_compensation", {"entities": [("product", "羽绒服"), ("product", "衬衫")]}),
        ("货没收到 直接退款吧", "request_refund", {}),
    ],
)
def test_what_follows_a_check_is_told_for_its_parcel(checked: Conversation, text: str, intent: str, more: dict[str, Any]) -> None:
    answer = checked.say(text, intent, **more)
    assert "云杉衬衫" in answer
    assert "48 小时" in answer
    assert "399.00 元" in answer or "就按您选的办" in answer
    assert checked.commands[0]["order_id"] == DELIVERED
    assert (checked.last["active_form"], checked.cards) == (None, [])


def test_chosen_way_is_noted(checked: Conversation) -> None:
    assert "就按您选的办：补发一件" in checked.say("我要的是补发！没收到货！", "report_wrong_or_missing")
    assert "就按您选的办：退款" in checked.say("没收到 直接退款吧", "request_refund")


def test_what_follows_a_check_is_no_other_want_of_the_message(chat: Conversation, shop: StubShop) -> None:
    shop.signed_by = "丰巢柜"
    wants = ["report_not_received", "report_wrong_or_missing", "request_invoice"]
    answer = chat.say("没收到货 要补发 发票也开一下", "report_not_received", wants=wants, entities={"product": "衬衫"})

    assert "错发漏发" not in answer
    assert chat.last["active_form"] == "invoice_form"


def test_ticket_that_is_named_is_not_a_wish_to_hear_it_again(checked: Conversation) -> None:
    checked.say("刚不是登记了T2026112366048吗", "repeat")

    assert [(c["type"], c["ticket_no"]) for c in checked.commands] == [("ticket_status", "T2026112366048")]


def test_what_follows_a_check_takes_the_place_of_an_offer(checked: Conversation) -> None:
    checked.say("给我补偿", "request_compensation")
    assert "可以接受吗" in checked.say("等了一个星期 人都没见着", "inform")

    answer = checked.say("十块钱打发要饭的呢 到底什么时候给我补发", "urge_shipment")
    assert "补发一件" in answer
    assert "可以接受吗" not in answer
    assert checked.last["active_form"] is None


@pytest.mark.parametrize(
    ("text", "intent", "more"),
    [
        ("羽绒服什么时候补发", "urge_shipment", {"entities": {"product": "羽绒服"}}),
        (f"{PAID} 没收到货 退款", "request_refund", {"entities": {"order_id": PAID}}),
        ("收到的衬衫少了一颗扣子", "report_wrong_or_missing", {}),
    ],
)
def test_check_is_not_told_for_another_matter(checked: Conversation, text: str, intent: str, more: dict[str, Any]) -> None:
    assert "还在核实" not in checked.say(text, intent, **more)


def test_check_outlasts_the_wait_for_a_person(checked: Conversation) -> None:
    assert "399.00 元" in checked.say("衬衫我真没收到 给个准话", "query_refund", reset=True)
