"""The shop fails in the middle: what is told, what is kept, and that nothing is sent twice."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Dialogue, to_confirmation
from tests.dialogue.stub_shop import DELIVERED, StubShop


def test_write_that_timed_out_is_looked_up_and_told_once(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    shop.fail_after = 1

    assert "已提交" in chat.say("确认", "affirm")
    assert len(shop.writes) == 1


def test_failed_write_keeps_nothing_and_the_same_turn_can_be_run_again(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    shop.down = True

    assert chat.say("确认", "affirm", message_id="again") == ""
    assert chat.last["failed"] == ["action_submit_return_form"]
    shop.down = False
    assert "已提交" in chat.say("确认", "affirm", message_id="again")
    assert "已提交" in chat.say("确认", "affirm", message_id="again")
    assert len(shop.writes) == 1


def test_shop_that_is_down_is_told_when_only_reading(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    shop.down = True

    assert "没有响应" in chat.say("查订单", "query_order")


def test_failed_side_question_leaves_the_form_open(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    shop.down = True
    chat.say("黑色还有吗", "check_stock")
    shop.down = False

    assert "已提交" in chat.say("确认", "affirm")


@pytest.mark.parametrize(("text", "intent"), [("算了 先不了", "deny"), ("停", "stop")])
def test_no_after_an_unknown_outcome_tells_what_the_shop_did(dialogue: Dialogue, shop: StubShop, text: str, intent: str) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    shop.fail_after, shop.lookups_down = 1, True
    chat.say("确认", "affirm")
    assert chat.last["failed"] == ["action_submit_return_form"]

    shop.lookups_down = False
    answer = chat.say(text, intent)

    assert "已提交" in answer
    assert "没有提交" not in answer
    assert len(shop.writes) == 1


def test_no_while_the_outcome_cannot_be_asked_promises_nothing(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    shop.lookups_down = True

    answer = chat.say("先不了", "deny")

    assert "没有回音" in answer
    assert "没有提交" not in answer


def test_yes_to_what_could_not_be_shown_shows_it(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 退货", "request_return", entities={"order_id": DELIVERED})
    shop.down = True
    assert "没有响应" in chat.say("不喜欢", "inform")
    shop.down = False

    assert "请确认退货" in chat.say("确认", "affirm")
    assert shop.writes == []
    assert "已提交" in chat.say("确认", "affirm")
