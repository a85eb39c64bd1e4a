"""What was charged: whether an order is paid, and money that was taken twice, which comes back by itself (fact pay.duplicate) and is
never the refund of an order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.base import Say
from actions.cards import about
from actions.offers import ways_on
from actions.orders import named_order, with_product
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import moment
from bot.core.errors import NotFound
from bot.core.intents import AFTERSALE, ORDERS

_TWICE = re.compile(r"重复|两次|两遍|两笔|二次|多扣|又扣|双份|twice|double", re.IGNORECASE)
_TAKE = r"(扣|付|支付|(卡|钱|支付宝|微信|花呗).{0,4}[刷划]|[刷划](?=[^退，。]{0,4}[卡款钱走]))"
"""Goods are brushed and scratched as well: 刷 and 划 take money only beside a card or the money."""
_TAKEN_TWICE = re.compile(
    rf"{_TAKE}.{{0,4}}([两俩二2](次|遍|回|笔|份|个 ?[\d一二三四五六七八九十])|双份)|(重复|多){_TAKE}|又扣|又{_TAKE}了"
    r"|(扣|付)(款|钱)?[多重]了|重复收[款费]|收.{0,4}(两|双)份的?(钱|款)"
    r"|(charged?|billed|paid|took|taken).{0,20}(twice|two times|double)|double.{0,4}(charge|bill|paid|payment)",
    re.IGNORECASE,
)
_FAILED = re.compile(r"失败|[付扣刷]不[了成上出]|付(款)?没成|没(付款?)?成功|试|\bfail|\b(try|tried)\b", re.IGNORECASE)
_DEBITED = re.compile(r"扣(了|我|走|掉|两|2|钱)|重复扣|多扣|charged|billed", re.IGNORECASE)
"""Money was taken, although the payment failed."""
_NOT_ALL_OF_IT = re.compile(r"(?<![不没别])退货|寄回|(?<!没)不(想)?(要|买)了|[都全]部?退|整单|return it|don'?t want", re.IGNORECASE)
"""With one of these the goods are given up as well."""
_MONEY = re.compile(r"退|钱|款|登记|核对|refund|money|back", re.IGNORECASE)
_ABOUT_PAYING = re.compile(
    r"付(款)?(成功|上|掉|了?没|过去)|(再|重新|又|多)付|支付成功|扣款成功|is (it|that|this) paid|pay again|payment (go|went|gone) through",
    re.IGNORECASE,
)
_MATTER = "重复扣款"
"""How the ticket begins, and is found again among others."""
_LASTS = timedelta(days=7)
"""By then the money has come back: what is told later is another charge."""
_TOPICS = frozenset({*ORDERS, *AFTERSALE, "complain", "request_compensation"} - {"query_refund", "query_order"})


def taken_twice(text: str) -> bool:
    """Whether a message about a payment says that it was taken more than once, and not only tried."""
    return bool(_TWICE.search(text) or _TAKEN_TWICE.search(text)) and not _only_tried(text)


def wants_extra_back(turn: Turn) -> bool:
    """Whether a message is about money that was taken twice, and not about giving the goods back too, whatever is wanted for it."""
    return turn.source == "text" and _says_taken_twice(turn.text) and not _NOT_ALL_OF_IT.search(turn.text)


def about_a_charge(turn: Turn) -> bool:
    """Whether a question for a refund is about money that was taken twice or for nothing: it says so, or the talk was about it."""
    if wants_extra_back(turn):
        return True
    if turn.values("product") or named_order(turn):
        return False
    topic = next((said for said in reversed(turn.earlier) if said.intent in _TOPICS or _says_taken_twice(said.text)), None)
    return topic is not None and (topic.intent == "payment_problem" or _says_taken_twice(topic.text))


async def settle_charge(turn: Turn, say: Say, shop: Shop) -> dict[str, Any]:
    """Tell when money that was taken twice comes back, and have people look into it, once; returns the slots that change."""
    named, checked = await _order_named(turn, shop), _under_check(turn)
    number = named or turn.slot("order_id") or (turn.focus if turn.shopper_id else None)
    known = checked and (number is None or checked["order_id"] == number or (checked["order_id"] is None and not named))
    if known or not taken_twice(turn.text):
        say.response("utter_payment_back")
        say.command("ticket_status", ticket_no=None, words=_MATTER)
        return {}
    if number and turn.shopper_id:
        try:
            say.response("utter_payment_twice_order", about=about(await shop.order(number)))
        except NotFound:
            say.response("utter_order_not_found", order_id=number, buttons=ways_on(None))
            return {}
    else:
        say.response("utter_payment_twice")
    say.open_check("system", f"{_MATTER}：{turn.text[:200]}", number)
    return {
        "charge_check": {"order_id": number, "at": turn.now.isoformat()},
        **({"focus_order": number, "focus_page": turn.page_order} if number else {}),
    }


async def after_charge(turn: Turn, say: Say, shop: Shop) -> list[EventType] | None:
    """What follows of money that was taken twice when the talk is about it; None when it is about something else."""
    goes_on = _under_check(turn) and about_a_charge(turn) and _MONEY.search(turn.text)
    if turn.active_form or not (wants_extra_back(turn) or goes_on):
        return None
    return [SlotSet(name, value) for name, value in (await settle_charge(turn, say, shop)).items()]


def _says_taken_twice(text: str) -> bool:
    return bool(_TAKEN_TWICE.search(text)) and not _only_tried(text)


def _only_tried(text: str) -> bool:
    """Whether a payment failed, however often, and no money is said to be gone."""
    return bool(_FAILED.search(text)) and not _DEBITED.search(text)


def _under_check(turn: Turn) -> Mapping[str, Any]:
    """The check of a charge, while it lasts: its `order_id`, if known, and since when; empty for none."""
    checked = turn.slot("charge_check") or {}
    return checked if "at" in checked and turn.now <= datetime.fromisoformat(checked["at"]) + _LASTS else {}


async def _order_named(turn: Turn, shop: Shop) -> str | None:
    """The order that the message names, or the only one of that product or amount."""
    named = named_order(turn)
    if named or turn.shopper_id is None:
        return named
    orders = await shop.orders()
    meant = with_product(turn, orders) or [order for order in orders if order["amount"] in turn.values("amount")]
    return str(meant[0]["order_id"]) if len(meant) == 1 else None


def asks_if_paid(turn: Turn) -> bool:
    return bool(_ABOUT_PAYING.search(turn.text))


def tell_paid(say: Say, order: Mapping[str, Any]) -> bool:
    """That an order is paid, how much and when, from its facts; False where it is not."""
    if not order.get("paid_at"):
        return False
    say.response("utter_paid", about=about(order), amount=order["amount"], paid=moment(datetime.fromisoformat(order["paid_at"])))
    return True
