"""Late shipping is made good without being asked (requirement R086): the flow of a compensation, opened by the assistant, once an order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.turn import Turn
from bot.core.delivery import shipped_late

LATE = "没有按承诺的时间发货"
_FORM = "compensation_form"
_TURNS_DOWN = re.compile(
    r"不(想?要|接受|需要|稀罕|同意)(?!吗|么)|谁(要|稀罕)|(don'?t|do not) (want|need|accept)|no,? thank|keep (it|your|the)|reject",
    re.IGNORECASE,
)
_ASKS = re.compile(r"[?？吗么呢]|还是|什么|[再多更另]|\b(is|are|or|what|how|which|can|will|another|more|cash)\b", re.IGNORECASE)


def make_amends(turn: Turn, order: Mapping[str, Any]) -> list[EventType]:
    """Open the compensation flow for an order that is late; nothing for one that had its offer, or while another want waits.

    What the shop's rules allow is worked out and shown there, and nothing is given without a yes.
    """
    number = str(order["order_id"])
    if turn.shopper_id is None or turn.slot("next_wants") or number in had_offer(turn) or not shipped_late(order, turn.now):
        return []
    offer = {"form": _FORM, "slots": {"order_id": number, "detail": LATE}}
    return [remember(turn, number), SlotSet("offered", offer), FollowupAction(_FORM)]


def remember(turn: Turn, number: str) -> EventType:
    """No other compensation is offered for this order."""
    return SlotSet("amends", list(dict.fromkeys([*had_offer(turn), number])))


def had_offer(turn: Turn) -> list[str]:
    return list(turn.slot("amends") or [])


def is_offer(turn: Turn) -> bool:
    """Whether the open form is the assistant's offer and no want of the shopper's: passed over, it is not asked again."""
    return turn.active_form == _FORM and turn.slot("detail") == LATE


def is_offered(turn: Turn) -> bool:
    """Whether a typed message answers the offer of a compensation."""
    return turn.active_form == _FORM and turn.requested_slot == "confirm" and turn.source == "text"


def declines_offer(turn: Turn) -> bool:
    """Whether a message turns the offered compensation down, whatever else it says: 不要5块 我的投诉呢."""
    return is_offered(turn) and bool(_TURNS_DOWN.search(turn.text))


def talks_of_offer(turn: Turn) -> bool:
    """A word on coupons where one is offered is about that one."""
    return is_offered(turn) and turn.intent == "claim_coupon"


def takes_offer(turn: Turn) -> bool:
    """Whether it is taken by other words than a yes: 券给我. Neither a question nor a wish for more."""
    return talks_of_offer(turn) and not _ASKS.search(turn.text) and not declines_offer(turn)


def offered_slots(turn: Turn, form: str) -> dict[str, Any]:
    """What a form starts with when the assistant opened it."""
    offered = turn.slot("offered") or {}
    return dict(offered["slots"]) if offered.get("form") == form else {}
