"""A message that goes on from the list of orders that was shown last: 那第一个呢."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.flows import FORM_OF
from actions.goods import GoodsTalk
from actions.places import place_in
from actions.turn import Turn


def from_list(turn: Turn) -> list[EventType] | None:
    """Open the want of the list for the order in that place; None when no list of orders is meant."""
    listed, place = turn.slot("listed") or {}, place_in(turn.text)
    other_list = GoodsTalk.of(turn).just_now(turn) or any((m["custom"] or {}).get("type") == "suggestions" for m in turn.said_before)
    bare = turn.text.strip().isdigit() and not any((m["custom"] or {}).get("type") == "order_list" for m in turn.said_before)
    if bare or turn.active_form or turn.source != "text" or other_list or not listed or not place or place > len(listed["orders"]):
        return None
    form, number = FORM_OF[listed["want"]], listed["orders"][place - 1]
    return [SlotSet("offered", {"form": form, "slots": {"order_id": number}}), FollowupAction(form)]
