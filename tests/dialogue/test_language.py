"""The shopper's language, in every word that is ours; what is the shop's own (names of goods, articles) stays as it is."""

from __future__ import annotations

import re

import pytest

from tests.dialogue.conftest import Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, SHIPPED, StubShop

_HAN = re.compile(r"[\u4e00-\u9fff]")
_OF_THE_SHOP = re.compile(r"云杉\S+?(?=[\s\"]|$)|[黑白]色/[SML]|中通|【杭州市】快件已到达杭州转运中心|满99减20新人券|待审核|个人")
ARTICLE = [{"id": "return.fee", "title": "退货运费谁承担", "answer": "运费由您承担", "score": 0.9, "offers": ["request_return"]}]


@pytest.mark.parametrize(
    "turns",
    [
        [("track my parcel", "track_package", {}), (SHIPPED, "inform", {"order_id": SHIPPED})],
        [(f"order {PAID}", "inform", {"order_id": PAID})],
        [(f"return {DELIVERED}", "request_return", {"order_id": DELIVERED}), ("too small", "inform", {}), ("yes", "affirm", {})],
        [(f"it came broken {DELIVERED}", "report_damaged", {"order_id": DELIVERED}), ("return", "request_return", {})],
        [("you sent me something else", "report_wrong_or_missing", {}), ("send it back", "request_return", {})],
        [(f"swap {DELIVERED}", "request_exchange", {"order_id": DELIVERED}), ("L", "inform", {"sku_option": "L"}), ("no", "deny", {})],
        [(f"please repair it {DELIVERED}, dead", "request_repair", {"order_id": DELIVERED})],
        [("cancel it", "cancel_order", {}), ("yes", "affirm", {})],
        [(f"invoice {DELIVERED}", "request_invoice", {"order_id": DELIVERED}), ("personal", "inform", {}), ("yes", "affirm", {})],
        [(f"return {DELIVERED}", "request_return", {"order_id": DELIVERED}), ("too small", "inform", {}), ("that's wrong", "deny", {})],
        [(f"swap {DELIVERED}, broken", "request_exchange", {"order_id": DELIVERED}), ("a new one", "inform", {}), ("yes", "affirm", {})],
        [(f"special VAT invoice {DELIVERED}", "request_invoice", {"order_id": DELIVERED}), ("personal", "inform", {})],
        [("add a note", "modify_order", {}), ("leave it at the door", "inform", {}), ("yes", "affirm", {})],
        [("ship it already", "urge_shipment", {})],
        [("my coupons", "claim_coupon", {})],
        [("my refund", "query_refund", {})],
        [("one star", "rate_service", {"rating": "1"}), ("slow", "inform", {})],
        [("bad service", "rate_service", {})],
        [("gibberish", "nlu_fallback", {}), ("gobbledygook", "nlu_fallback", {})],
        [("it is slow", "urge_delivery", {})],
        [("payment failed", "payment_problem", {})],
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_word_of_ours_is_in_a_language_the_shopper_reads(
    dialogue: Dialogue, shop: StubShop, language: str, turns: list[tuple[str, str, dict[str, str]]]
) -> None:
    chat = dialogue.conversation(language=language)
    for text, intent, entities in turns:
        chat.say(text, intent, entities=entities)

        assert [words for words in chat.words if _HAN.search(_OF_THE_SHOP.sub("", words))] == []


def test_late_order_and_two_wants_in_english(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[PAID]["promised_ship_by"] = "2026-11-20T18:00:00+08:00"
    shop.orders[PAID]["items"].append({**shop.orders[PAID]["items"][0], "sku": "10202"})
    chat = dialogue.conversation(language="en")

    said = chat.say("why is it not shipped", "urge_shipment")
    assert "and 1 more" in said
    assert chat.buttons == ["Accept", "Not now"]
    chat.say("between two", "stop")
    chat.say("do something", "nlu_fallback", ranking=[("request_return", 0.3), ("request_exchange", 0.3)])
    assert chat.buttons == ["Return goods", "Exchange goods", "None of these"]


@pytest.mark.parametrize(
    ("language", "announced"), [("zh", None), ("en", "in Chinese only"), ("es", "en chino"), ("ja", "中国語"), ("ko", "중국어")]
)
def test_answer_that_exists_in_chinese_only_is_announced(dialogue: Dialogue, shop: StubShop, language: str, announced: str | None) -> None:
    chat = dialogue.conversation(language=language)

    chat.say("who pays", "ask_knowledge", band="answer", hits=ARTICLE)
    said = [m["text"] for m in chat.last["messages"] if m.get("text")]
    assert said[-1] == "运费由您承担"
    assert len(said) == (1 if announced is None else 2)
    assert announced is None or announced in said[0]
    chat.say("who pays for it", "ask_knowledge", band="suggest", hits=ARTICLE)
    assert len([m for m in chat.last["messages"] if m.get("text")]) == (1 if announced is None else 2)


@pytest.mark.parametrize(("language", "name"), [("zh", "晨光书店"), ("en", "Morning Books"), ("ko", "Morning Books")])
def test_shop_is_called_what_the_settings_call_it(dialogue: Dialogue, shop: StubShop, language: str, name: str) -> None:
    assert name in dialogue.conversation(language=language).say("are you a bot", "bot_challenge")
