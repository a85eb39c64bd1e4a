"""What shoppers say about the shop: ratings with their comment, suggestions, and how a ticket stands."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Dialogue
from tests.dialogue.stub_shop import StubShop


@pytest.mark.parametrize(
    ("text", "entities", "sent", "said"),
    [
        ("给你打五分", {"rating": "5"}, {"stars": 5, "text": None}, ""),
        ("五分 客服很耐心", {"rating": "5"}, {"stars": 5, "text": "五分 客服很耐心"}, "谢谢您的肯定"),
        ("非常满意", {}, {"stars": 5, "text": None}, ""),
        ("两分 半天没人理", {"rating": "2"}, {"stars": 2, "text": "两分 半天没人理"}, "投诉"),
    ],
)
def test_score_is_stored_with_what_is_said_beside_it(
    dialogue: Dialogue, shop: StubShop, text: str, entities: dict[str, str], sent: dict[str, object], said: str
) -> None:
    chat = dialogue.conversation()

    assert said in chat.say(text, "rate_service", entities=entities)
    assert chat.commands == [{"type": "rate", **sent}]
    assert chat.last["active_form"] is None


def test_low_score_is_stored_at_once_and_explained_when_asked(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "哪里没做好" in chat.say("打一星", "rate_service", entities={"rating": "1"})
    assert chat.commands == [{"type": "rate", "stars": 1, "text": None}]
    assert "投诉" in chat.say("回复太慢了", "urge_delivery", confidence=0.95)
    assert chat.commands == [{"type": "rate", "stars": 1, "text": "回复太慢了"}]


def test_low_score_need_not_be_explained(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("打一星", "rate_service", entities={"rating": "1"})

    assert "投诉" in chat.say("没什么想说的", "deny")
    assert chat.commands == []
    assert chat.last["active_form"] is None


def test_wish_to_rate_is_asked_for_a_score(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("我要评价一下", "rate_service")

    assert chat.buttons == ["5 分", "4 分", "3 分", "2 分", "1 分"]
    chat.tap("4 分")
    assert chat.commands == [{"type": "rate", "stars": 4, "text": None}]


@pytest.mark.parametrize("stars", [1, 2, 5])
def test_score_that_is_typed_is_no_place_in_the_list_of_scores(dialogue: Dialogue, shop: StubShop, stars: int) -> None:
    chat = dialogue.conversation()
    chat.say("我要评价一下", "rate_service")
    chat.say(str(stars), "inform", entities={"rating": str(stars)})

    assert [command["stars"] for command in chat.commands if command["type"] == "rate"] == [stars]


@pytest.mark.parametrize(("text", "said"), [("服务太差了", "没让您满意"), ("客服态度真好", "谢谢您的肯定")])
def test_praise_and_blame_without_a_score_are_answered(dialogue: Dialogue, shop: StubShop, text: str, said: str) -> None:
    chat = dialogue.conversation()

    assert said in chat.say(text, "rate_service")
    assert chat.last["active_form"] is None
    assert chat.commands == []


def test_suggestion_is_taken_down_at_once(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "谢谢" in chat.say("建议你们出个小号", "give_suggestion")
    assert [(c["kind"], c["detail"]) for c in chat.commands] == [("suggestion", "建议你们出个小号")]


@pytest.mark.parametrize(
    ("text", "intent"), [("出点新颜色吧", "check_stock"), ("希望包装环保一点", "give_suggestion"), ("夜里也该有客服", "nlu_fallback")]
)
def test_suggestion_without_detail_is_asked_for_it(dialogue: Dialogue, shop: StubShop, text: str, intent: str) -> None:
    chat = dialogue.conversation()

    assert "建议" in chat.say("我有个建议", "give_suggestion")
    assert chat.commands == []
    chat.say(text, intent)
    assert [(c["kind"], c["detail"]) for c in chat.commands] == [("suggestion", text)]


def test_suggestion_can_be_left(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("我有个建议", "give_suggestion")

    chat.say("算了", "stop")
    assert (chat.commands, chat.last["active_form"]) == ([], None)


@pytest.mark.parametrize(
    ("text", "intent", "number"),
    [
        ("工单T2026112100001怎么样了", "query_ticket", "T2026112100001"),
        ("t2026112100001", "inform", "T2026112100001"),
        ("我的投诉处理到哪了", "query_ticket", None),
    ],
)
def test_progress_is_asked_by_number_or_for_the_latest(
    dialogue: Dialogue, shop: StubShop, text: str, intent: str, number: str | None
) -> None:
    chat = dialogue.conversation()
    chat.say(text, intent)

    assert [(command["type"], command["ticket_no"]) for command in chat.commands] == [("ticket_status", number)]


def test_score_with_its_reason_said_in_anger_is_a_rating(dialogue: Dialogue) -> None:
    chat = dialogue.conversation()

    chat.say("一分 太慢 听不懂人话", "insult", entities={"rating": "1"})
    assert chat.commands == [{"type": "rate", "stars": 1, "text": "一分 太慢 听不懂人话"}]
