"""The third step of a return (requirements R083, R084): when the courier comes, or that the shopper sends it. Nobody is held up by it: any
other message is answered, and the question stands until it is answered or left."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.base import HUMAN_BUTTON, AskAction, Say, button, end_of_form
from actions.cards import refund_card
from actions.digression import is_digression
from actions.filling import Filling
from actions.flows import FLOWS, PICKUP_FORM
from actions.pickup_time import names_time, sends_it_themselves, windows_meant
from actions.shop_api import Refused, Shop
from actions.submit import Submit
from actions.turn import Turn
from actions.words import Word
from bot.core.errors import NotFound
from bot.core.keys import idempotency_key

SELF_SENT = "-"


async def pickup_slot(f: Filling) -> None:
    number = f.now("aftersale_id")
    if not number:
        f.ended = True
    elif f.asked("pickup_slot"):
        slots = (await f.shop.aftersale(number))["pickup"]["slots"]
        meant = windows_meant(f.turn, slots)
        if f.turn.value("pickup") == SELF_SENT or sends_it_themselves(f.turn) or f.turn.intent == "deny":
            f.changed["pickup_slot"] = SELF_SENT
        elif len(meant) == 1:
            f.changed["pickup_slot"] = meant[0]
        elif meant or f.turn.intent == "affirm":
            f.changed["pickup_slot"] = None
        elif f.turn.value("pickup") or names_time(f.turn):
            f.tell("utter_pickup_not_then")


class AskPickupSlot(AskAction):
    """The free windows, those of the day that was named first; sending it oneself is always one of the answers."""

    def name(self) -> str:
        return "action_ask_pickup_slot"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.requested_slot == "pickup_slot" and is_digression(turn, FLOWS[PICKUP_FORM]):
            return []
        slots = (await shop.aftersale(str(turn.slot("aftersale_id"))))["pickup"]["slots"]
        shown = (windows_meant(turn, slots) if turn.requested_slot == "pickup_slot" else []) or slots
        buttons = [button(slot, "inform", pickup=slot) for slot in shown]
        say.response("utter_ask_pickup_slot", buttons=[*buttons, button(Word("send_myself"), "inform", pickup=SELF_SENT)])
        return []


class SubmitPickup(Submit):
    """Books the window, and shows the return's number with what happens next."""

    writes = True

    def name(self) -> str:
        return "action_submit_pickup_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        number, slot = turn.slot("aftersale_id"), turn.slot("pickup_slot")
        if not number or not slot:
            return end_of_form()
        path = f"/aftersales/{number}/pickup"
        key = idempotency_key(turn.conversation, str(turn.slot("form_instance")), path, slot)
        try:
            booked = await (shop.aftersale(number) if slot == SELF_SENT else shop.write("PUT", path, key, {"slot": slot}))
        except (Refused, NotFound) as refusal:
            say.response("utter_refused", why=str(refusal), buttons=[HUMAN_BUTTON])
            gone = isinstance(refusal, Refused) and refusal.reason == "slot_gone"
            return [*end_of_form(), *([SlotSet("aftersale_id", number)] if gone else [])]  # with it, the next time is asked for
        _tell(booked, say)
        return end_of_form(booked["order_id"])


def _tell(booked: dict[str, Any], say: Say) -> None:
    slot = booked["pickup"]["booked"]
    if slot:
        say.response("utter_done_pickup_form", aftersale_id=booked["aftersale_id"], slot=slot)
    else:
        say.response("utter_pickup_self_sent", aftersale_id=booked["aftersale_id"])
    say.card(refund_card(booked))
