"""The note of an order: written after a yes, asked for, declined, and what is no note; the number of pieces is fixed."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, SHIPPED, StubShop


@pytest.mark.parametrize(
    ("text", "entities", "note"),
    [
        ("备注一下不要放驿站", {}, "不要放驿站"),
        ("订单备注改成工作日送货", {}, "工作日送货"),
        ("周六再送行不", {"date": "2026-11-21"}, "周六再送行不"),
    ],
)
def test_note_is_written_after_a_yes(dialogue: Dialogue, shop: StubShop, text: str, entities: dict[str, str], note: str) -> None:
    chat = dialogue.conversation()

    assert f"备注：“{note}”" in chat.say(text, "modify_order", entities=entities)
    assert "已修改" in chat.tap("确认修改")
    assert shop.writes == [(f"/orders/{PAID}/note", {"note": note})]


def test_note_is_asked_for_and_can_be_corrected(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "备注写什么" in chat.say("帮我加个备注", "modify_order")
    assert "“不要放驿站”" in chat.say("不要放驿站", "deny")
    assert "“送货前打电话”" in chat.say("不对，备注改成送货前打电话", "modify_order")
    chat.say("确认", "affirm")
    assert shop.writes[0][1] == {"note": "送货前打电话"}


def test_number_of_pieces_is_fixed(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "件数改不了" in chat.say("数量改成2件", "modify_order", entities={"quantity": "2"})
    assert chat.last["active_form"] is None


@pytest.mark.parametrize("order", [SHIPPED, DELIVERED])
def test_note_of_an_order_that_has_left_is_refused(dialogue: Dialogue, shop: StubShop, order: str) -> None:
    chat = dialogue.conversation()

    assert "备注改不了" in chat.say(f"{order} 备注一下不要放驿站", "modify_order", entities={"order_id": order})
    assert chat.last["active_form"] is None


@pytest.mark.parametrize("text", ["能改一下备注吗", "备注一下", "备注怎么改", "can I add a note?"])
def test_no_particle_is_taken_for_a_note(dialogue: Dialogue, shop: StubShop, text: str) -> None:
    chat = dialogue.conversation()
    chat.say(text, "modify_order", entities={"order_id": PAID})

    assert chat.last["requested_slot"] == "note"


def test_note_may_begin_with_a_no_and_may_be_declined(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("加个备注", "modify_order", entities={"order_id": PAID})
    assert "放驿站就行”" in chat.say("不用送上门，放驿站就行", "inform")

    chat = dialogue.conversation()
    chat.say("加个备注", "modify_order", entities={"order_id": PAID})
    assert "没有提交" in chat.say("不用了", "deny")
    assert chat.last["active_form"] is None
