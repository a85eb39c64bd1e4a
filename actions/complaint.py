"""Complaints and tickets. The server makes the ticket in the transaction that stores the reply: a number told is one that exists."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form, button, end_of_form
from actions.reads import Submit
from actions.shop_api import Shop
from actions.turn import Turn

_BAD = re.compile(r"差|失望|不满意|不行|垃圾|糟|难用|bad|poor|terrible|disappoint", re.IGNORECASE)
_TICKET = re.compile(r"\bT\d{6,}\b", re.I)


class SubmitComplaint(Submit):
    def name(self) -> str:
        return "action_submit_complain_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.slot("confirm") == "no":
            say.response("utter_not_submitted")
        elif turn.slot("confirm") == "yes":
            frozen = turn.slot("frozen") or {}
            say.command(
                "open_ticket",
                kind="complaint",
                **{"class": turn.slot("complaint_class") or "goods_aftersale"},
                detail=frozen.get("detail"),
                order_id=turn.slot("focus_order"),
            )
        return end_of_form()


class TicketStatus(TurnAction):
    def name(self) -> str:
        return "action_ticket_status"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        named = _TICKET.search(turn.text)
        say.command("ticket_status", ticket_no=named.group(0).upper() if named else None)
        return back_to_form(turn)


class RateService(TurnAction):
    """A score in the message is stored; praise without a score is thanked for, blame asked about."""

    def name(self) -> str:
        return "action_rate_service"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        stars = turn.value("rating")
        if stars and stars.isdigit() and 1 <= int(stars) <= 5:
            say.command("rate", stars=int(stars), text=turn.text[:500])
        elif turn.mood in ("angry", "worried") or _BAD.search(turn.text):
            say.response("utter_rate_low", buttons=[button("我要投诉", "complain"), HUMAN_BUTTON])
        else:
            say.response("utter_praise")
        return back_to_form(turn)


class GiveSuggestion(TurnAction):
    """A suggestion is registered, so that the answer within 48 hours (fact service.feedback) has a number."""

    def name(self) -> str:
        return "action_give_suggestion"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        say.response("utter_give_suggestion")
        say.command("open_ticket", kind="suggestion", **{"class": None}, detail=turn.text[:500], order_id=None)
        return back_to_form(turn)
