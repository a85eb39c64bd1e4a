"""After a return is taken: a time for the courier, by tap or by word, or not; the number and what happens next."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Conversation, Dialogue, to_confirmation
from tests.dialogue.stub_shop import DELIVERED, SHIPPED, StubShop

SLOTS = ["11月21日 17:00-19:00", "11月22日 09:00-11:00", "11月22日 15:00-17:00"]


@pytest.fixture
def chat(dialogue: Dialogue, shop: StubShop) -> Conversation:
    shop.pickup = {"slots": SLOTS, "booked": None}
    chat = dialogue.conversation()
    to_confirmation(chat)
    assert "上门取件" in chat.say("确认", "affirm")
    return chat


def _booked(shop: StubShop) -> list[str]:
    return [body["slot"] for path, body in shop.writes if path == "/aftersales/A1/pickup"]


def test_return_is_done_in_three_steps(chat: Conversation, shop: StubShop) -> None:
    answer = chat.tap(SLOTS[1])

    assert "A1" in answer
    assert SLOTS[1] in answer
    assert chat.cards == ["refund_card"]
    assert _booked(shop) == [SLOTS[1]]
    assert chat.last["active_form"] is None


@pytest.mark.parametrize(
    ("text", "date", "slot"),
    [
        ("明天上午", "2026-11-22", SLOTS[1]),
        ("明天下午3点吧", "2026-11-22", SLOTS[2]),
        ("就今天吧", "2026-11-21", SLOTS[0]),
        ("第三个", None, SLOTS[2]),
    ],
)
def test_time_is_understood_as_it_is_said(chat: Conversation, shop: StubShop, text: str, date: str | None, slot: str) -> None:
    assert slot in chat.say(text, "inform", entities={"date": date} if date else {})
    assert _booked(shop) == [slot]


def test_hour_after_a_day_is_of_that_day(chat: Conversation, shop: StubShop) -> None:
    chat.say("明天", "inform", entities={"date": "2026-11-22"})

    assert SLOTS[2] in chat.say("下午吧", "inform")
    assert _booked(shop) == [SLOTS[2]]


def test_day_with_several_windows_is_narrowed_down(chat: Conversation, shop: StubShop) -> None:
    chat.say("明天", "inform", entities={"date": "2026-11-22"})

    assert [b["title"] for m in chat.last["messages"] for b in m.get("buttons", [])] == [*SLOTS[1:], "自己寄回"]
    assert _booked(shop) == []


@pytest.mark.parametrize(
    ("text", "intent"), [("我自己寄", "inform"), ("我自己寄回去吧", "query_refund"), ("不用了", "deny"), ("算了", "stop")]
)
def test_pickup_can_be_left(chat: Conversation, shop: StubShop, text: str, intent: str) -> None:
    answer = chat.say(text, intent)

    assert "没有提交" not in answer
    assert "寄" in answer
    assert _booked(shop) == []
    assert chat.last["active_form"] is None


def test_question_for_the_pickup_does_not_insist_but_waits(chat: Conversation, shop: StubShop) -> None:
    assert "取件" not in chat.say("谢谢", "thank")
    assert SLOTS[1] in chat.say("明天上午", "inform", entities={"date": "2026-11-22"})


def test_another_want_goes_first(chat: Conversation, shop: StubShop) -> None:
    assert "杭州" in chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})
    assert "抬头" in chat.say(f"{DELIVERED} 开发票", "request_invoice", entities={"order_id": DELIVERED})
    assert chat.last["active_form"] == "invoice_form"


def test_second_want_of_the_message_comes_after_the_pickup(dialogue: Dialogue, shop: StubShop) -> None:
    shop.pickup = {"slots": SLOTS, "booked": None}
    chat = dialogue.conversation()
    wants = {"wants": ["request_return", "request_invoice"], "entities": {"order_id": DELIVERED, "reason": "颜色不好看"}}
    chat.say(f"{DELIVERED} 颜色不好看退了吧 另外开个发票", "request_return", **wants)

    assert "抬头" not in chat.say("确认", "affirm")
    answer = chat.tap(SLOTS[0])
    assert SLOTS[0] in answer
    assert "抬头" in answer


def test_window_that_is_gone_books_no_other(chat: Conversation, shop: StubShop) -> None:
    payload = next(b["payload"] for m in chat.last["messages"] for b in m.get("buttons", []) if b["title"] == SLOTS[0])
    shop.pickup = {"slots": [*SLOTS[1:], "11月22日 17:00-19:00"], "booked": None}

    answer = chat.press(payload, SLOTS[0])

    assert "取件" in answer
    assert _booked(shop) == []
    assert SLOTS[1] in chat.tap(SLOTS[1])


@pytest.mark.parametrize(
    ("text", "date", "slot"),
    [("明天下午4点", "2026-11-22", SLOTS[2]), ("明天上午十点", "2026-11-22", SLOTS[1]), ("晚上六点", None, SLOTS[0])],
)
def test_hour_inside_a_window_is_understood(chat: Conversation, shop: StubShop, text: str, date: str | None, slot: str) -> None:
    chat.say(text, "inform", entities={"date": date} if date else {})
    assert _booked(shop) == [slot]


def test_day_without_a_window_is_said_and_the_others_are_offered(chat: Conversation, shop: StubShop) -> None:
    chat.say("下周三", "inform", entities={"date": "2026-11-25"})

    assert [b["title"] for m in chat.last["messages"] for b in m.get("buttons", [])] == [*SLOTS, "自己寄回"]
    assert chat.last["active_form"] == "pickup_form"


def test_yes_that_repeats_the_want_is_asked_for_a_time_too(dialogue: Dialogue, shop: StubShop) -> None:
    shop.pickup = {"slots": SLOTS, "booked": None}
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert "上门取件" in chat.say("是的 帮我退", "request_return")


def test_time_that_the_shop_has_just_given_away_is_asked_for_again(chat: Conversation, shop: StubShop) -> None:
    shop.taken = {SLOTS[1]}
    answer = chat.tap(SLOTS[1])

    assert "约不上" in answer
    assert chat.last["active_form"] == "pickup_form"
    assert SLOTS[2] in chat.tap(SLOTS[2])


@pytest.mark.parametrize(
    ("text", "slot"), [("明天上午第一个", SLOTS[1]), ("明天的第二个", SLOTS[2]), ("第二个", SLOTS[1]), ("the second one", SLOTS[1])]
)
def test_place_counts_within_the_day_that_is_named(chat: Conversation, shop: StubShop, text: str, slot: str) -> None:
    assert slot in chat.say(text, "inform", entities={"date": "2026-11-22"} if "明天" in text else {})
    assert _booked(shop) == [slot]


def test_place_counts_among_the_windows_that_were_shown(chat: Conversation, shop: StubShop) -> None:
    chat.say("明天", "inform", entities={"date": "2026-11-22"})

    assert SLOTS[2] in chat.say("第二个", "inform")


@pytest.mark.parametrize(
    ("text", "intent", "date"),
    [
        ("取件时间错了 我要的是明天下午3点那个", "inform", "2026-11-22"),
        ("不对啊 我说明天下午", "deny", "2026-11-22"),
        ("改约明天下午三点", "modify_order", "2026-11-22"),
        ("上门取件改到明天下午可以吗", "modify_order", "2026-11-22"),
        ("我要改的是退货取件的时间 明天下午", "cancel_aftersale", "2026-11-22"),
        ("取件挪到明天下午", "ask_knowledge", "2026-11-22"),
        ("不是 我是说衬衫取件 明天下午", "nlu_fallback", "2026-11-22"),
    ],
)
def test_booked_pickup_is_moved(chat: Conversation, shop: StubShop, text: str, intent: str, date: str) -> None:
    chat.tap(SLOTS[1])

    answer = chat.say(text, intent, entities={"date": date})

    assert SLOTS[2] in answer
    assert SLOTS[1] in answer
    assert _booked(shop) == SLOTS[1:]
    assert chat.cards == ["refund_card"]


def test_move_without_a_time_is_asked_for_it_and_can_be_left(chat: Conversation, shop: StubShop) -> None:
    chat.tap(SLOTS[1])

    assert f"现在约的是 {SLOTS[1]}" in chat.say("我要改的是退货取件的时间", "cancel_aftersale")
    assert f"还是原来约的 {SLOTS[1]}" in chat.tap("不改了")
    assert _booked(shop) == [SLOTS[1]]


def test_time_for_the_courier_is_no_time_for_another_want(chat: Conversation, shop: StubShop) -> None:
    chat.tap(SLOTS[1])
    answer = chat.say("备注改成明天下午送货", "modify_order", entities={"date": "2026-11-22"})

    assert "备注" in answer
    assert _booked(shop) == [SLOTS[1]]


@pytest.mark.parametrize(
    ("text", "intent", "band"),
    [
        ("明天上午9点有秒杀活动吗 错过了怎么办", "ask_knowledge", "answer"),
        ("客服上午的上班时间是几点", "ask_knowledge", "answer"),
        ("我上午下的单什么时间能到", "track_package", "refuse"),
        ("好的 明天下午在家等", "affirm", "refuse"),
    ],
)
def test_time_of_something_else_moves_no_pickup(chat: Conversation, shop: StubShop, text: str, intent: str, band: str) -> None:
    chat.tap(SLOTS[1])
    hits = [{"id": "promo.flash_sale", "title": "秒杀", "answer": "每天两场。", "score": 0.95, "related": [], "offers": []}]
    chat.say(text, intent, entities={"date": "2026-11-22"}, band=band, hits=hits)

    assert _booked(shop) == [SLOTS[1]]
    assert chat.last["active_form"] != "pickup_form"


def test_time_that_comes_with_the_yes_is_taken(dialogue: Dialogue, shop: StubShop) -> None:
    shop.pickup = {"slots": SLOTS, "booked": None}
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert SLOTS[1] in chat.say("确认 明天上午取", "affirm", entities={"date": "2026-11-22"})
    assert _booked(shop) == [SLOTS[1]]
