"""The third step of a return (requirements R083, R084): when the courier comes, or that the shopper sends it. Nobody is held up by it: any
other message is answered, and the question stands until it is answered or left. A pick-up that is booked can be moved."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.base import HUMAN_BUTTON, AskAction, Say, button, end_of_form
from actions.cards import refund_card
from actions.digression import is_digression
from actions.filling import Filling
from actions.flows import FLOWS, PICKUP_FORM
from actions.pickup_time import about_pickup, names_time, sends_it_themselves, windows_meant
from actions.shop_api import Refused, Shop
from actions.submit import Submit
from actions.turn import Turn
from actions.words import Word
from bot.core.errors import NotFound
from bot.core.keys import idempotency_key

SELF_SENT = "-"
MOST_WINDOWS = 6


async def pickup_slot(f: Filling) -> None:
    number = f.now("aftersale_id")
    if not number:
        f.ended = True
    elif f.asked("pickup_slot") or (f.opening and f.turn.source == "text" and not f.turn.slot("pickup_slot")):
        pickup = (await f.shop.aftersale(number))["pickup"]
        meant = windows_meant(f.turn, pickup["slots"], booked=pickup["booked"])
        leaves = f.turn.value("pickup") == SELF_SENT or sends_it_themselves(f.turn) or f.turn.intent == "deny"
        if len(meant) == 1:
            f.changed["pickup_slot"] = meant[0]
        elif leaves and not f.opening and not meant:
            f.changed["pickup_slot"] = SELF_SENT
        elif meant or f.turn.intent == "affirm":
            f.changed["pickup_slot"] = None
        elif f.turn.value("pickup") or (names_time(f.turn) and (not f.opening or about_pickup(f.turn) or pickup["booked"])):
            f.tell("utter_pickup_not_then")


class AskPickupSlot(AskAction):
    """The free windows, those of the day that was named first; sending it oneself is always one of the answers, and where a pick-up is
    booked already, that it stays."""

    def name(self) -> str:
        return "action_ask_pickup_slot"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.requested_slot == "pickup_slot" and is_digression(turn, FLOWS[PICKUP_FORM]):
            return []
        pickup = (await shop.aftersale(str(turn.slot("aftersale_id"))))["pickup"]
        slots, booked = pickup["slots"], pickup["booked"]
        meant = windows_meant(turn, slots, booked=booked)
        shown = (meant if len(meant) > 1 else slots)[:MOST_WINDOWS]  # a single one would have been booked, if it could be
        buttons = [button(slot, "inform", pickup=slot) for slot in shown]
        leave = button(Word("keep_pickup" if booked else "send_myself"), "inform", pickup=SELF_SENT)
        asked = "utter_ask_pickup_move" if booked else "utter_ask_pickup_slot"
        say.response(asked, buttons=[*buttons, leave], **({"slot": booked} if booked else {}))
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
            before = await shop.aftersale(number)
            booked = before if slot == SELF_SENT else await shop.write("PUT", path, key, {"slot": slot})
        except (Refused, NotFound) as refusal:
            say.response("utter_refused", why=str(refusal), buttons=[HUMAN_BUTTON])
            gone = isinstance(refusal, Refused) and refusal.reason == "slot_gone"
            return [*end_of_form(), *(_again(number, slot) if gone else [])]
        _tell(booked, say, before=before["pickup"]["booked"])
        return [*end_of_form(booked["order_id"]), SlotSet("pickup_talk", {"aftersale_id": number, "said": turn.message_id})]


def _again(number: str, gone: str) -> list[EventType]:
    """With the request the form opens once more, with the window that is gone it does not take the same message again."""
    return [SlotSet("aftersale_id", number), SlotSet("pickup_slot", gone)]


def _tell(booked: dict[str, Any], say: Say, *, before: str | None) -> None:
    slot, number = booked["pickup"]["booked"], booked["aftersale_id"]
    if slot is None:
        say.response("utter_pickup_self_sent", aftersale_id=number)
    elif slot == before:
        say.response("utter_pickup_stays", slot=slot, buttons=[HUMAN_BUTTON])
    elif before:
        say.response("utter_pickup_moved", aftersale_id=number, slot=slot, before=before)
    else:
        say.response("utter_done_pickup_form", aftersale_id=number, slot=slot)
    say.card(refund_card(booked))
