"""Answers read from the shop: where a parcel is, how an order stands, where a refund is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rasa_sdk.events import EventType

from actions.amends import make_amends
from actions.base import HUMAN_BUTTON, Say, button
from actions.cards import about, order_card, parcel_card, parcel_status, status_word, still_for, tell_aftersale
from actions.charges import asks_if_paid, tell_paid
from actions.checked import tell_what_follows, under_check
from actions.offers import ways_on
from actions.shop_api import Shop
from actions.submit import SubmitRead
from actions.turn import Turn
from actions.words import Word, on_day
from bot.core.delivery import STUCK_AFTER, asks_day, expected, shipped_late


class SubmitTrack(SubmitRead):
    form = "track_form"

    async def tell(self, turn: Turn, say: Say, shop: Shop, number: str) -> list[EventType]:
        order = await shop.order(number)
        parcels = await shop.parcels(number)
        if not parcels:
            _tell_order(turn, say, order, "utter_not_shipped" if order["status"] == "paid" else "utter_order_status")
        for parcel in parcels:
            _tell_parcel(turn, say, parcel, number)
        return make_amends(turn, order)


def _tell_order(turn: Turn, say: Say, order: Mapping[str, Any], response: str) -> None:
    """How an order stands; one that should have left already is told so, with what comes of itself (fact ship.late_compensation)."""
    late = order["status"] == "paid" and shipped_late(order, turn.now)
    say.response("utter_late" if late else response, about=about(order), status=status_word(order))
    say.card(order_card(order))


def _tell_parcel(turn: Turn, say: Say, parcel: Mapping[str, Any], number: str) -> None:
    latest = parcel["scans"][0]["text"] if parcel["scans"] else Word("no_scans")
    about_it = {"status": parcel_status(parcel), "courier": parcel["courier"], "latest": latest}
    day, asked = expected(parcel), asks_day(turn.text)
    if day is None:
        say.response("utter_eta_unknown" if asked and parcel["status"] != "delivered" else "utter_parcel", **about_it)
    elif day < turn.now.date():
        say.response("utter_parcel_late", eta=on_day(day), days=(turn.now.date() - day).days, **about_it)
    else:
        say.response("utter_eta" if asked else "utter_parcel_eta", eta=on_day(day), **about_it)
    say.card(parcel_card(parcel, number))
    if parcel["status"] != "delivered" and still_for(parcel, turn.now) >= STUCK_AFTER:
        say.response("utter_parcel_stuck", buttons=[button(Word("register_check"), "urge_delivery"), HUMAN_BUTTON])


class SubmitOrder(SubmitRead):
    form = "order_form"

    async def tell(self, turn: Turn, say: Say, shop: Shop, number: str) -> list[EventType]:
        order = await shop.order(number)
        if asks_if_paid(turn) and tell_paid(say, order):
            say.card(order_card(order))
            return []
        _tell_order(turn, say, order, "utter_order_status")
        return make_amends(turn, order)


class SubmitRefundStatus(SubmitRead):
    form = "refund_status_form"

    async def tell(self, turn: Turn, say: Say, shop: Shop, number: str) -> list[EventType]:
        found = await shop.aftersales(number)
        if not found and under_check(turn).get("order_id") == number:
            return await tell_what_follows(turn, say, shop, number)
        if found:
            tell_aftersale(say, found[0])
        else:
            say.response("utter_no_aftersale", order_id=number, buttons=ways_on(None))
        return []
