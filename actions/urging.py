"""Hurrying things up: not shipped yet, slow or stuck on the way, never received. What only people can find out is registered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rasa_sdk.events import EventType

from actions.amends import make_amends
from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form, want_button
from actions.cards import about, order_card, parcel_card, still_for
from actions.orders import fitting_orders, named_order
from actions.shop_api import Shop
from actions.submit import SubmitRead
from actions.turn import Turn
from actions.words import Word, moment
from bot.core.delivery import STUCK_AFTER, shipped_late
from bot.core.errors import NotFound


class SubmitUrge(SubmitRead):
    """Not shipped yet: until when it will be; once that is past, the delay is registered and made good (facts ship.when, ship.late)."""

    form = "urge_form"

    async def tell(self, turn: Turn, say: Say, shop: Shop, number: str) -> list[EventType]:
        order = await shop.order(number)
        promised = order.get("promised_ship_by")
        due = datetime.fromisoformat(promised) if promised else None
        if shipped_late(order, turn.now):
            say.response("utter_urge_late", about=about(order))
            say.open_check("logistics", f"超时未发货：{turn.text[:200]}", number)
        else:
            say.response("utter_urge_in_time", about=about(order), due=moment(due) if due else Word("within_48_hours"))
        say.card(order_card(order))
        return make_amends(turn, order)


class SubmitLost(SubmitRead):
    """Said to be there and is not, or never came: what the courier says, and a check with a number (fact ship.not_received)."""

    form = "lost_form"

    async def tell(self, turn: Turn, say: Say, shop: Shop, number: str) -> list[EventType]:
        parcels = await shop.parcels(number)
        moving = [p for p in parcels if p["status"] in ("collected", "in_transit", "out_for_delivery")]
        if any(p["status"] == "lost" for p in parcels):
            _lost(turn, say, number)
        elif any(p["status"] == "stuck" for p in parcels):
            _stuck(turn, say, number)
        elif moving and all(still_for(p, turn.now) < STUCK_AFTER for p in moving):
            say.response("utter_lost_on_its_way")
        else:
            say.response("utter_lost_check")
            say.open_check("logistics", f"未收到货：{turn.text[:200]}", number)
        for parcel in parcels[:1]:
            say.card(parcel_card(parcel, number))
        return []


def _stuck(turn: Turn, say: Say, number: str) -> None:
    say.response("utter_urge_delivery_stuck")
    say.open_check("logistics", f"物流停滞：{turn.text[:200]}", number)


def _lost(turn: Turn, say: Say, number: str) -> None:
    say.response("utter_lost_lost")
    say.open_check("logistics", f"丢件，补发或退款：{turn.text[:200]}", number)


class UrgeDelivery(TurnAction):
    """Slow or stuck: how the parcel stands; one that is stuck is registered, so that the promise has a number (fact ship.stuck)."""

    def name(self) -> str:
        return "action_urge_delivery"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        number = await self._order(turn, shop) if turn.shopper_id else None
        parcels = await self._parcels(shop, number) if number else []
        moving = [parcel for parcel in parcels if parcel["status"] != "delivered"]
        if any(parcel["status"] == "lost" for parcel in moving):
            _lost(turn, say, str(number))
        elif any(still_for(parcel, turn.now) >= STUCK_AFTER for parcel in moving):
            _stuck(turn, say, str(number))
        elif parcels:
            say.response("utter_urge_delivery" if moving else "utter_urge_delivery_signed", buttons=[HUMAN_BUTTON])
        else:
            say.response("utter_urge_delivery_unknown", buttons=[want_button("track_package"), HUMAN_BUTTON])
        if parcels:
            say.card(parcel_card(parcels[0], str(number)))
        return back_to_form(turn)

    async def _order(self, turn: Turn, shop: Shop) -> str | None:
        """The named order, the one the talk is about, or the only one under way."""
        under_way = [o for o in await fitting_orders(turn, shop, "track_package") if o["status"] == "shipped"]
        only = str(under_way[0]["order_id"]) if len(under_way) == 1 else None
        return named_order(turn) or turn.slot("focus_order") or only

    async def _parcels(self, shop: Shop, number: str) -> list[dict[str, Any]]:
        try:
            return await shop.parcels(number)
        except NotFound:
            return []
