"""A message that means something only after what was said last: a danger, a parcel or a charge that is looked into, a pick-up, a list,
goods.
"""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.base import Say
from actions.charges import after_charge
from actions.checked import after_check
from actions.complaint import after_ticket
from actions.flows import FORM_OF
from actions.goods import GoodsTalk
from actions.goods_talk import follow_up
from actions.moved_pickup import move_pickup
from actions.places import place_in
from actions.safety import after_alarm
from actions.shop_api import Shop
from actions.turn import Turn


async def go_on(turn: Turn, say: Say, shop: Shop) -> list[EventType] | None:
    """What follows, with the ladder of fallbacks back at its foot; None when the message goes on from nothing."""
    told = after_alarm(turn, say)
    if told is None:
        told = await after_check(turn, say, shop)
    if told is None:
        told = await after_charge(turn, say, shop)
    if told is None:
        told = after_ticket(turn, say)
    if told is None:
        told = await move_pickup(turn, shop) or _from_list(turn) or await follow_up(turn, say, shop)
    return None if told is None else [SlotSet("fallback_step", 0), *told]


def _from_list(turn: Turn) -> list[EventType] | None:
    """Open the want of the list of orders for the one in that place, 那第一个呢; None when no list of orders is meant."""
    listed, place = turn.slot("listed") or {}, place_in(turn.text)
    other_list = GoodsTalk.of(turn).just_now(turn) or any((m["custom"] or {}).get("type") == "suggestions" for m in turn.said_before)
    bare = turn.text.strip().isdigit() and not any((m["custom"] or {}).get("type") == "order_list" for m in turn.said_before)
    if bare or turn.active_form or turn.source != "text" or other_list or not listed or not place or place > len(listed["orders"]):
        return None
    form, number = FORM_OF[listed["want"]], listed["orders"][place - 1]
    return [SlotSet("offered", {"form": form, "slots": {"order_id": number}}), FollowupAction(form)]
