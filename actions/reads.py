"""Answers read from the shop: where a parcel is, how an order stands, where a refund is."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.amends import make_amends
from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form, button, end_of_form, want_button
from actions.flows import FORM_OF
from actions.goods_talk import follow_up
from actions.knowledge import answer
from actions.orders import MOST_SHOWN, about, aftersale_status, fitting_orders, named_order, order_card, refund_card, status_word
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import Word, in_language, moment, word
from bot.core.bands import ANSWER
from bot.core.delivery import STUCK_AFTER, shipped_late
from bot.core.errors import NotFound


class Submit(TurnAction, ABC):
    """The last step of a form: when it cannot be done, the form is over all the same. Another want of the message that opened the form
    comes next."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        events = await super().run(dispatcher, tracker, domain)
        want = tracker.slots.get("next_want")
        if want not in FORM_OF:
            return events
        Say(dispatcher, Turn.of(tracker).language).response("utter_next_want", want=Word(f"want.{want}"))
        return [*events, FollowupAction(FORM_OF[want])]

    def given_up(self, turn: Turn) -> list[EventType]:
        return end_of_form()


class SubmitTrack(Submit):
    def name(self) -> str:
        return "action_submit_track_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        number = turn.slot("order_id")
        if turn.slot("confirm") == "ended" or not number:
            return end_of_form()
        order = await shop.order(number)
        parcels = await shop.parcels(number)
        if not parcels:
            _tell_order(turn, say, order, "utter_not_shipped" if order["status"] == "paid" else "utter_order_status")
        for parcel in parcels:
            _tell(say, parcel, number, turn.now)
        return [*end_of_form(number), *make_amends(turn, order)]


def _tell_order(turn: Turn, say: Say, order: Mapping[str, Any], response: str) -> None:
    """How an order stands; one that should have left already is told so, with what comes of itself (fact ship.late_compensation)."""
    late = order["status"] == "paid" and shipped_late(order, turn.now)
    say.response("utter_late" if late else response, about=about(order), status=status_word(order))
    say.card(order_card(order))


def _tell(say: Say, parcel: Mapping[str, Any], number: str, now: datetime) -> None:
    latest = parcel["scans"][0]["text"] if parcel["scans"] else Word("no_scans")
    say.response("utter_parcel", status=parcel_status(parcel), courier=parcel["courier"], latest=latest)
    say.card(parcel_card(parcel, number))
    if parcel["status"] != "delivered" and still_for(parcel, now) >= STUCK_AFTER:
        say.response("utter_parcel_stuck", buttons=[button(Word("register_check"), "urge_delivery"), HUMAN_BUTTON])


def parcel_status(parcel: Mapping[str, Any]) -> Word | str:
    return word("parcel_status", parcel["status"], str(parcel["status"]))


def parcel_card(parcel: Mapping[str, Any], number: str) -> dict[str, Any]:
    return {
        "type": "parcel_card",
        "order_id": number,
        "courier": parcel["courier"],
        "tracking_no": parcel["tracking_no"],
        "status": parcel["status"],
        "status_text": parcel_status(parcel),
        "eta": parcel.get("eta"),
        "scans": [{"time": s["time"], "text": s["text"]} for s in parcel["scans"][:5]],
    }


def still_for(parcel: Mapping[str, Any], now: datetime) -> timedelta:
    """Time since the last scan; none when there is no scan."""
    scans = parcel["scans"]
    return now - datetime.fromisoformat(scans[0]["time"]) if scans else timedelta()


class SubmitOrder(Submit):
    def name(self) -> str:
        return "action_submit_order_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        number = turn.slot("order_id")
        if turn.slot("confirm") == "ended" or not number:
            return end_of_form()
        order = await shop.order(number)
        _tell_order(turn, say, order, "utter_order_status")
        return [*end_of_form(number), *make_amends(turn, order)]


class SubmitRefundStatus(Submit):
    def name(self) -> str:
        return "action_submit_refund_status_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        number = turn.slot("order_id")
        if turn.slot("confirm") == "ended" or not number:
            return end_of_form()
        found = await shop.aftersales(number)
        if not found:
            say.response("utter_no_aftersale", order_id=number)
            return end_of_form(number)
        latest = found[0]
        say.response("utter_refund_status", status=aftersale_status(latest), amount=latest["amount"])
        say.card(refund_card(latest))
        return end_of_form(number)


class SubmitUrge(Submit):
    """Not shipped yet: until when it will be; once that is past, the delay is registered and made good (facts ship.when, ship.late)."""

    def name(self) -> str:
        return "action_submit_urge_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        number = turn.slot("order_id")
        if turn.slot("confirm") == "ended" or not number:
            return end_of_form()
        order = await shop.order(number)
        promised = order.get("promised_ship_by")
        due = datetime.fromisoformat(promised) if promised else None
        if shipped_late(order, turn.now):
            say.response("utter_urge_late", about=about(order))
            say.open_check("logistics", f"超时未发货：{turn.text[:200]}", number)
        else:
            say.response("utter_urge_in_time", about=about(order), due=moment(due) if due else Word("within_48_hours"))
        say.card(order_card(order))
        return [*end_of_form(number), *make_amends(turn, order)]


class SubmitLost(Submit):
    """Said to be there and is not, or never came: what the courier says, and a check with a number (fact ship.not_received)."""

    def name(self) -> str:
        return "action_submit_lost_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        number = turn.slot("order_id")
        if turn.slot("confirm") == "ended" or not number:
            return end_of_form()
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
        return end_of_form(number)


class ShowCoupons(TurnAction):
    """The shopper's usable coupons; how to get more when nobody is signed in or a question is asked that an article answers."""

    def name(self) -> str:
        return "action_show_coupons"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        told = await follow_up(turn, say, shop)  # 便宜点的, after goods were shown, is no bargaining
        if told is not None:
            return told
        if turn.hits and turn.band == ANSWER:
            answer(turn, say, turn.hits[0])
            return back_to_form(turn)
        usable = [c for c in await shop.coupons() if c["status"] == "usable"] if turn.shopper_id else []
        if usable:
            lines = [in_language(_coupon_line(coupon), say.language) for coupon in usable[:MOST_SHOWN]]
            say.response("utter_coupons", count=len(usable), lines="\n".join(lines))
        else:
            say.response("utter_policy_claim_coupon", buttons=[HUMAN_BUTTON])
        return back_to_form(turn)


def _stuck(turn: Turn, say: Say, number: str) -> None:
    say.response("utter_urge_delivery_stuck")
    say.open_check("logistics", f"物流停滞：{turn.text[:200]}", number)


def _lost(turn: Turn, say: Say, number: str) -> None:
    say.response("utter_lost_lost")
    say.open_check("logistics", f"丢件，补发或退款：{turn.text[:200]}", number)


def _coupon_line(coupon: Mapping[str, Any]) -> Word:
    return Word("coupon_line", {"title": coupon["title"], "until": moment(datetime.fromisoformat(coupon["valid_until"]))})


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
