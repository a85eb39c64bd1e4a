"""Complaints and tickets. The server makes the ticket in the transaction that stores the reply: a number told is one that exists."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.amends import declines_offer
from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form, end_of_form, want_button
from actions.checked import after_check, named_ticket
from actions.filling import ENDED, NOT_NEEDED
from actions.shop_api import Shop
from actions.submit import Submit
from actions.turn import Turn
from bot.core.feedback import LOW_SCORE

_CALL = re.compile(
    r"打(个|一个)?电话|(给|跟)我(打|来|回)(个)?(电话|电)|回电|电话(通知|联系|告诉|回)|(call|phone|ring) me|give me a call", re.IGNORECASE
)
_COMPLAINT = re.compile(r"投诉|complain", re.IGNORECASE)


class SubmitComplaint(Submit):
    def name(self) -> str:
        return "action_submit_complain_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.slot("confirm") == "no":
            say.response("utter_not_submitted")
            tell_kept(say)
        elif turn.slot("confirm") == "yes":
            frozen = turn.slot("frozen") or {}
            say.command(
                "open_ticket",
                kind="complaint",
                **{"class": turn.slot("complaint_class") or "goods_aftersale"},
                detail=frozen.get("detail"),
                order_id=frozen.get("concerns"),
            )
        return end_of_form()


class TicketStatus(TurnAction):
    def name(self) -> str:
        return "action_ticket_status"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if declines_offer(turn):
            say.response("utter_offer_declined")
        told = await after_check(turn, say, shop)
        if told is None:
            tell_ticket(turn, say)
        return [*(told or []), *back_to_form(turn)]


def tell_ticket(turn: Turn, say: Say) -> None:
    """How the named ticket stands, or the latest one; a wish to be called is noted there."""
    note = {"note": turn.text.strip()[:200]} if _CALL.search(turn.text) else {}
    say.command("ticket_status", ticket_no=named_ticket(turn), **note)


def tell_kept(say: Say) -> None:
    """Where a complaint is given up: those that were registered before stay open."""
    say.command("ticket_status", kept=True)


def gives_up_complaint(turn: Turn) -> bool:
    return turn.active_form == "complain_form" or bool(_COMPLAINT.search(turn.text))


class SubmitRating(Submit):
    """The score with its comment; a low score that was not explained has been sent when it was given."""

    def name(self) -> str:
        return "action_submit_rating_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        score, comment = turn.slot("rating"), turn.slot("comment")
        if turn.slot("confirm") == ENDED or not score:
            return end_of_form()
        text = None if comment == NOT_NEEDED else comment
        low = int(score) <= LOW_SCORE
        if low:
            say.response("utter_rate_sorry", buttons=[want_button("complain"), HUMAN_BUTTON])
        elif text:
            say.response("utter_praise")
        if text or not low:
            say.command("rate", stars=int(score), text=text)
        return end_of_form()


class SubmitSuggestion(Submit):
    """A suggestion is registered, so that the answer within 48 hours (fact service.feedback) has a number."""

    def name(self) -> str:
        return "action_submit_suggestion_form"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.slot("detail"):
            say.response("utter_give_suggestion")
            say.command("open_ticket", kind="suggestion", **{"class": None}, detail=turn.slot("detail"), order_id=None)
        return end_of_form()
