"""Late shipping is made good without being asked (requirement R086): the flow of a compensation, opened by the assistant, once an order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.turn import Turn
from bot.core.delivery import shipped_late

LATE = "没有按承诺的时间发货"
_FORM = "compensation_form"


def make_amends(turn: Turn, order: Mapping[str, Any]) -> list[EventType]:
    """Open the compensation flow for an order that is late; nothing for one that had its offer, or while another want waits.

    What the shop's rules allow is worked out and shown there, and nothing is given without a yes.
    """
    number = str(order["order_id"])
    if turn.shopper_id is None or turn.slot("next_want") or number in had_offer(turn) or not shipped_late(order, turn.now):
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


def offered_slots(turn: Turn, form: str) -> dict[str, str]:
    """What a form starts with when the assistant opened it."""
    offered = turn.slot("offered") or {}
    return dict(offered["slots"]) if offered.get("form") == form else {}
