"""Hurrying things up: not shipped yet, slow or stuck on the way, never received. What only people can find out is registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.amends import make_amends
from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form, button, want_button
from actions.cards import about, order_card, order_list, parcel_card, shown_in, still_for
from actions.checked import check, send_again, under_check
from actions.orders import named_order, not_bought, with_product
from actions.shop_api import Shop
from actions.submit import SubmitRead
from actions.turn import Turn
from actions.words import Word, moment, on_day
from bot.core.delivery import STUCK_AFTER, expected, shipped_late, signed_by
from bot.core.errors import NotFound
from bot.core.orders import fits

_THEMSELVES = "本人"


class SubmitUrge(SubmitRead):
    """Not shipped yet: until when it will be; once that is past, the delay is registered and made good (facts ship.when, ship.late)."""

    form = "urge_form"

    async def tell(self, turn: Turn, say: Say, shop: Shop, number: str) -> list[EventType]:
        order = await shop.order(number)
        if order["status"] == "shipped":
            say.response("utter_urge_has_left", about=about(order))
            return await tell_delivery(turn, say, shop, number)
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
    """Signed for and not there, or never came: what the courier says, and a check with a number (fact ship.not_received)."""

    form = "lost_form"

    async def tell(self, turn: Turn, say: Say, shop: Shop, number: str) -> list[EventType]:
        if turn.value("remedy") == "reship":
            return send_again(turn, say, number)
        parcels = await shop.parcels(number)
        moving = [p for p in parcels if p["status"] in ("collected", "in_transit", "out_for_delivery")]
        checked: list[EventType] = []
        if any(p["status"] == "lost" for p in parcels):
            checked = _lost(turn, say, number)
        elif any(p["status"] == "stuck" for p in parcels):
            checked = _stuck(turn, say, number)
        elif moving and all(still_for(p, turn.now) < STUCK_AFTER for p in moving):
            say.response("utter_lost_on_its_way")
        else:
            checked = _not_there(turn, say, number, next(filter(None, map(signed_by, parcels)), None))
        for parcel in parcels[:1]:
            say.card(parcel_card(parcel, number))
        return checked


def _not_there(turn: Turn, say: Say, number: str, signer: str | None) -> list[EventType]:
    if under_check(turn).get("order_id") == number:
        say.response("utter_lost_again")
    elif signer and signer != _THEMSELVES:
        say.response("utter_lost_check_signed", signer=signer)
    else:
        say.response("utter_lost_check")
    return check(turn, say, number, f"未收到货：{turn.text[:200]}")


def _stuck(turn: Turn, say: Say, number: str) -> list[EventType]:
    say.response("utter_urge_delivery_stuck")
    return check(turn, say, number, f"物流停滞：{turn.text[:200]}")


def _lost(turn: Turn, say: Say, number: str) -> list[EventType]:
    again = button(Word("resend"), "report_not_received", order_id=number, remedy="reship")
    say.response("utter_lost_lost", buttons=[button(Word("money_back"), "request_refund", order_id=number), again])
    return check(turn, say, number, f"丢件，补发或退款：{turn.text[:200]}", lost=True)


class UrgeDelivery(TurnAction):
    """Slow or stuck: how the parcel stands; one that is stuck is registered, so that the promise has a number (fact ship.stuck)."""

    def name(self) -> str:
        return "action_urge_delivery"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        orders = await shop.orders() if turn.shopper_id else []
        if orders and not named_order(turn) and (word := not_bought(turn, orders)):
            say.response("utter_not_bought", product=word)
            say.card(order_list(orders, Word("choose_order"), intent="track_package"))
            return [SlotSet("listed", shown_in("track_package", orders)), *back_to_form(turn)]
        number = self._order(turn, orders) if turn.shopper_id else None
        return [*await tell_delivery(turn, say, shop, number), *back_to_form(turn)]

    def _order(self, turn: Turn, orders: Sequence[Mapping[str, Any]]) -> str | None:
        """The named order, the one whose product is named, the one the talk is about, or the only one under way."""
        under_way = [order for order in orders if order["status"] == "shipped"]
        named = with_product(turn, [order for order in orders if fits(order, "track_package", turn.now)])
        only = next((str(found[0]["order_id"]) for found in (named, [] if named else under_way) if len(found) == 1), None)
        return named_order(turn) or (only if named else None) or turn.slot("focus_order") or only


async def tell_delivery(turn: Turn, say: Say, shop: Shop, number: str | None) -> list[EventType]:
    """How the parcel of an order that is on its way gets on; None where no order is known."""
    try:
        parcels = await shop.parcels(number) if number else []
    except NotFound:
        parcels = []
    if not number or not parcels:
        say.response("utter_urge_delivery_unknown", buttons=[want_button("track_package"), HUMAN_BUTTON])
        return []
    checked = _how_it_moves(turn, say, number, parcels)
    say.card(parcel_card(parcels[0], number))
    return [*checked, SlotSet("focus_order", number), SlotSet("focus_page", turn.page_order)]


def _how_it_moves(turn: Turn, say: Say, number: str, parcels: Sequence[Mapping[str, Any]]) -> list[EventType]:
    moving = [parcel for parcel in parcels if parcel["status"] != "delivered"]
    days = [day for parcel in moving if (day := expected(parcel))]
    if any(parcel["status"] == "lost" for parcel in moving):
        return _lost(turn, say, number)
    if any(still_for(parcel, turn.now) >= STUCK_AFTER for parcel in moving):
        return _stuck(turn, say, number)
    if days and max(days) < turn.now.date():
        late = (turn.now.date() - max(days)).days
        say.response("utter_urge_delivery_late", eta=on_day(max(days)), days=late)
        return check(turn, say, number, f"晚了 {late} 天未送到：{turn.text[:200]}")
    if days:
        say.response("utter_urge_delivery_eta", eta=on_day(max(days)), buttons=[HUMAN_BUTTON])
    else:
        say.response("utter_urge_delivery" if moving else "utter_urge_delivery_signed", buttons=[HUMAN_BUTTON])
    return []
