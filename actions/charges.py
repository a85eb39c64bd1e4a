"""What was charged: whether an order is paid, and when money comes back that was taken twice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from actions.base import Say
from actions.cards import about
from actions.orders import named_order
from actions.turn import Turn
from actions.words import moment
from bot.core.intents import AFTERSALE, ORDERS

_TWICE = re.compile(r"重复|两次|两遍|两笔|二次|多扣|又扣|双份|twice|double", re.IGNORECASE)
_TAKEN = re.compile(r"扣|付|刷|收(?!到)|charge|billed|paid|took", re.IGNORECASE)
_ABOUT_PAYING = re.compile(
    r"付(款)?(成功|上|掉|了?没|过去)|(再|重新|又|多)付|支付成功|扣款成功|is (it|that|this) paid|pay again|payment (go|went|gone) through",
    re.IGNORECASE,
)
_TOPICS = frozenset({*ORDERS, *AFTERSALE, "complain", "request_compensation"} - {"query_refund", "query_order"})


def taken_twice(text: str) -> bool:
    """Whether a message about a payment says that it was taken more than once."""
    return bool(_TWICE.search(text))


def about_a_charge(turn: Turn) -> bool:
    """Whether a question for a refund is about money that was taken twice or for nothing: it says so, or the talk was about it."""
    if turn.values("product") or named_order(turn):
        return False
    topic = next((said.intent for said in reversed(turn.earlier) if said.intent in _TOPICS), None)
    return (taken_twice(turn.text) and bool(_TAKEN.search(turn.text))) or topic == "payment_problem"


def asks_if_paid(turn: Turn) -> bool:
    return bool(_ABOUT_PAYING.search(turn.text))


def tell_charge(turn: Turn, say: Say) -> None:
    """When the money comes back that was taken twice (fact pay.duplicate), and the check that was registered."""
    say.response("utter_payment_back")
    say.command("ticket_status", ticket_no=None)


def tell_paid(say: Say, order: Mapping[str, Any]) -> bool:
    """That an order is paid, how much and when, from its facts; False where it is not."""
    if not order.get("paid_at"):
        return False
    say.response("utter_paid", about=about(order), amount=order["amount"], paid=moment(datetime.fromisoformat(order["paid_at"])))
    return True
