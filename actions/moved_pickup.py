"""A pick-up that was booked, or a request that has none yet, and a message that wants the courier at another time."""

from __future__ import annotations

from rasa_sdk.events import EventType, FollowupAction, SlotSet

from actions.base import end_of_form
from actions.flows import FORM_OF, PICKUP_FORM
from actions.orders import with_product
from actions.pickup_time import about_pickup, changes_time, names_time
from actions.shop_api import Shop
from actions.turn import Turn

_MISTAKEN_FOR = frozenset(
    {"modify_order", "cancel_order", "cancel_aftersale", "change_address", "query_order", "query_refund", "track_package"}
    | {"urge_shipment", "report_not_received"}
)
"""What "at another time" sounds like."""
_TO_PICK_UP = ("requested", "approved", "pickup_scheduled")


async def other_pickup(turn: Turn, shop: Shop) -> str | None:
    """The return or exchange that is to be picked up at a time which the message gives or asks for; None when it is about something
    else. The time alone will do where a pick-up was just booked, or a change is asked for after one was."""
    if turn.source != "text" or turn.shopper_id is None or (turn.intent in FORM_OF and turn.intent not in _MISTAKEN_FOR):
        return None
    booked = turn.slot("pickup_talk") or {}
    just_now = booked.get("said") == turn.previous_id and turn.intent not in (*FORM_OF, "affirm", "thank") and names_time(turn)
    if not (about_pickup(turn) or (booked and (just_now or changes_time(turn)))):
        return None
    return booked.get("aftersale_id") or await _only_request(turn, shop)


async def _only_request(turn: Turn, shop: Shop) -> str | None:
    """The one request whose goods are still to be picked up, of the product that is named."""
    orders = await shop.orders()
    requests = [
        str(request["aftersale_id"])
        for order in with_product(turn, orders) or orders
        for request in order.get("aftersales") or ()
        if request["status"] in _TO_PICK_UP and request["kind"] != "refund"
    ]
    return requests[0] if len(requests) == 1 else None


async def move_pickup(turn: Turn, shop: Shop) -> list[EventType] | None:
    """Leave what was open, and ask for the time of the pick-up that the message is about; None when it is about none."""
    number = await other_pickup(turn, shop) if turn.active_form != PICKUP_FORM else None
    return [*end_of_form(), SlotSet("aftersale_id", number), FollowupAction(PICKUP_FORM)] if number else None
