"""What follows a message that was not understood: one step up at a time, down again as soon as something is understood."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.conftest import Conversation, Dialogue
from tests.dialogue.stub_shop import DELIVERED, StubShop

BETWEEN = [("request_return", 0.38), ("request_exchange", 0.3)]
NEAR = [{"id": f"a.{n}", "title": f"文章{n}", "answer": f"答案{n}", "score": 0.4, "offers": []} for n in range(3)]


def unclear(chat: Conversation, text: str = "那个弄一下", **more: Any) -> str:
    return chat.say(text, "nlu_fallback", **more)


def test_each_step_is_taken_and_reported_once_up_to_a_person(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    unclear(chat, ranking=BETWEEN, band="suggest", hits=NEAR)
    assert (chat.step, chat.buttons) == ("clarify", ["申请退货", "申请换货", "都不是"])
    unclear(chat, ranking=BETWEEN, band="suggest", hits=NEAR)
    assert (chat.step, chat.cards) == ("suggest", ["suggestions"])
    assert "关键词" in unclear(chat, ranking=BETWEEN)
    assert chat.step == "search"
    assert "找" in unclear(chat, "运费", band="suggest", hits=NEAR)
    assert (chat.step, chat.cards) == ("search", ["suggestions"])
    unclear(chat)
    assert (chat.step, [c["reason"] for c in chat.commands]) == ("person", ["not_understood"])


def test_tapped_want_goes_on_with_what_was_said(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    unclear(chat, f"{DELIVERED} 颜色不好看弄一下", ranking=BETWEEN, entities={"order_id": DELIVERED, "reason": "颜色不好看"})

    assert "颜色不好看" in chat.tap("申请退货")
    assert chat.last["requested_slot"] == "confirm"


def test_none_of_these_shows_the_articles_that_were_put_off(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    unclear(chat, ranking=BETWEEN, band="suggest", hits=NEAR)

    chat.tap("都不是")
    assert [item["title"] for m in chat.last["messages"] if "custom" in m for item in m["custom"]["items"]] == ["文章0", "文章1", "文章2"]
    assert "关键词" in chat.tap("都不是")
    unclear(chat)
    assert chat.step == "person"


@pytest.mark.parametrize(
    ("text", "intent", "more"),
    [
        ("谢谢", "thank", {}),
        ("查个订单", "query_order", {}),
        ("运费", "ask_knowledge", {"band": "answer", "hits": [{**NEAR[0], "score": 0.9}]}),
    ],
)
def test_message_that_is_understood_starts_from_the_bottom(
    dialogue: Dialogue, shop: StubShop, text: str, intent: str, more: dict[str, Any]
) -> None:
    chat = dialogue.conversation()
    unclear(chat)
    assert chat.step == "search"

    chat.say(text, intent, **more)
    assert chat.step is None
    if chat.last["active_form"]:
        chat.say("算了", "stop")
    unclear(chat)
    assert chat.step == "search"


def test_hit_below_the_band_is_never_shown(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    unclear(chat, band="refuse", hits=NEAR)
    assert (chat.step, chat.cards) == ("search", [])


def test_question_without_an_answer_climbs_too(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "资料" in chat.say("你们老板姓什么", "ask_knowledge")
    chat.say("老板贵姓", "ask_knowledge")
    assert chat.step == "person"


def test_form_asks_its_own_question_again(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 开发票", "request_invoice", entities={"order_id": DELIVERED})

    assert "抬头" in unclear(chat, ranking=BETWEEN)
    assert (chat.step, chat.last["requested_slot"]) == ("rephrase", "invoice_title")


def test_tapped_recommendation_asks_what_is_looked_for(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    unclear(chat, ranking=[("recommend_product", 0.3), ("check_stock", 0.3)])

    assert "预算" in chat.tap("推荐商品")


def test_title_is_chosen_by_its_place(dialogue: Dialogue) -> None:
    chat = dialogue.conversation(None)
    chat.say("白的 多久发货 能开专票不", "ask_knowledge", band="suggest", hits=NEAR)

    assert "答案1" in chat.say("第二个", "inform")
    assert "knowledge" in chat.cards


def test_place_long_after_the_titles_chooses_none_of_them(dialogue: Dialogue) -> None:
    chat = dialogue.conversation(None)
    chat.say("多久发货", "ask_knowledge", band="suggest", hits=NEAR)
    chat.say("谢谢", "thank")

    assert "答案0" not in chat.say("第一个", "inform")


def test_several_questions_at_once_are_all_answered(dialogue: Dialogue) -> None:
    hits = [near | {"of_several": True} for near in NEAR[1:]]

    answer = dialogue.conversation(None).say("维修要多久 有备用机吗", "ask_knowledge", band="answer", hits=hits)
    assert "答案1" in answer
    assert "答案2" in answer
