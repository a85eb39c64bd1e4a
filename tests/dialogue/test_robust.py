"""What random walks found: no way on, endless wants, half a yes, a turn that is broken off."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.remote_action import ActionFailed
from bot.tracker_store import BoundedTrackerStore
from bot.turn_context import RunningTurn, running_turn
from tests.dialogue.conftest import Conversation, Dialogue, to_confirmation
from tests.dialogue.stub_shop import DELIVERED, FOREIGN, PAID, StubShop


def _titles(chat: Conversation) -> list[str]:
    return [b["title"] for m in chat.last["messages"] for b in m.get("buttons", [])]


@pytest.mark.parametrize(
    ("text", "intent", "order", "offered"),
    [
        (f"{PAID} 我要退货", "request_return", PAID, "取消订单"),
        (f"{FOREIGN} 我要退货", "request_return", FOREIGN, "查订单"),
        ("撤销退货申请", "cancel_aftersale", None, "查订单"),
    ],
)
def test_want_that_does_not_fit_leaves_a_way_on(
    dialogue: Dialogue, shop: StubShop, text: str, intent: str, order: str | None, offered: str
) -> None:
    chat = dialogue.conversation()
    chat.say(text, intent, entities={"order_id": order} if order else {})

    assert chat.last["active_form"] is None
    assert _titles(chat)[0] == offered
    assert _titles(chat)[-1] == "找人工客服"


def test_two_wants_that_cannot_be_done_are_told_once_each(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(shopper=None)
    chat.say("退了吧 另外开个发票", "request_return", wants=["request_return", "request_invoice"])

    assert len(chat.last["messages"]) == 3
    assert "订单" in chat.say("你好", "greet")


def test_question_about_the_want_itself_is_answered_and_the_form_asks_again(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(shopper=None)
    hit = {"id": "refund.time", "title": "退款多久到账", "answer": "1-7 个工作日到账。", "score": 0.95}
    chat.say("我的退款到哪一步了", "query_refund")

    said = chat.say("退款多久到账", "query_refund", band="answer", hits=[hit])
    assert "1-7 个工作日" in said
    assert "订单号" in said
    assert chat.last["requested_slot"] == "order_id"


@pytest.mark.parametrize("text", ["也许吧", "。", "🤔", f"说错了 是 {DELIVERED}"])
def test_half_a_yes_confirms_nothing(dialogue: Dialogue, shop: StubShop, text: str) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert "请确认" in chat.say(text, "affirm")
    assert shop.writes == []
    assert "已提交" in chat.say("嗯 确认", "affirm")


@pytest.mark.parametrize(("text", "answer"), [("不是颜色 是质量有问题", "原因：质量有问题"), ("不对", "哪"), ("不是质量问题", "没有提交")])
def test_no_with_another_reason_corrects_it(dialogue: Dialogue, shop: StubShop, text: str, answer: str) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert answer in chat.say(text, "deny")
    assert shop.writes == []


def test_sign_alone_is_no_title_and_a_thumb_is_a_yes(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 开发票", "request_invoice", entities={"order_id": DELIVERED})

    assert "抬头" in chat.say("🙏🏻", "inform")
    assert "个人" in chat.say("个人", "inform")
    assert "已提交" in chat.say("👍", "affirm")


def test_what_is_said_again_has_its_buttons(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(shopper=None)
    chat.say("我要退货", "request_return")
    offered = _titles(chat)

    assert chat.say("啥意思", "repeat")
    assert _titles(chat) == offered == ["找人工客服"]


def test_turn_tells_what_actions_and_shop_took(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    chat.say(f"查订单 {DELIVERED}", "query_order", entities={"order_id": DELIVERED})
    assert 0 < chat.last["spent_ms"]["shop"] < chat.last["spent_ms"]["actions"]
    chat.say("你好", "greet")
    assert chat.last["spent_ms"]["shop"] == 0 < chat.last["spent_ms"]["actions"]


def test_button_of_a_form_that_is_over_leaves_a_way_on(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    yes = next(b["payload"] for m in chat.last["messages"] for b in m.get("buttons", []) if b["title"] == "确认退货")
    chat.say("算了", "stop")

    assert "已经结束" in chat.press(yes, "确认退货")
    assert "查订单" in _titles(chat)


@pytest.mark.parametrize("listening", [True, False])
def test_turn_that_is_broken_off_is_not_kept(tmp_path: Path, listening: bool) -> None:
    store = BoundedTrackerStore(Domain.empty(), path=str(tmp_path / "dialogue.db"))
    said = UserUttered("你好", message_id="m1")
    tracker = DialogueStateTracker.from_events("c", [said, ActionExecuted("action_listen" if listening else "action_small_talk")])

    async def save() -> bool:
        running_turn.set(RunningTurn("m1"))
        await store.save(tracker)
        return store.result_of("c", "m1") is not None

    if listening:
        assert asyncio.run(save())
    else:
        with pytest.raises(ActionFailed):
            asyncio.run(save())
        assert asyncio.run(store.retrieve("c")) is None
