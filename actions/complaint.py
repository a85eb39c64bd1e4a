"""Complaints and tickets. The server makes the ticket in the transaction that stores the reply: a number told is one that exists."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.amends import declines_offer
from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form, end_of_form, want_button
from actions.checked import after_check, named_ticket
from actions.filling import ENDED, NOT_NEEDED
from actions.places import place_in
from actions.shop_api import Shop
from actions.submit import Submit
from actions.turn import Turn
from bot.core.feedback import LOW_SCORE

_NOTED = re.compile(
    r"打(个|一个)?电话|(给|跟)我(打|来|回)(个)?(电话|电)|回电|电话(通知|联系|告诉|回)|(call|phone|ring) me|give me a call"
    r"|合并|并成一|加急|催|[快早]点|(等|拖).{0,3}太久|hurry|merge",
    re.IGNORECASE,
)
_LAST = re.compile(r"最后一?[个单件]|\bthe last (one|case)\b", re.IGNORECASE)
_REFERS = re.compile(
    r"[那这]个[呢吧怎啥]?$|单子?号?|工单|登记|投诉|最后|[回答]复|处理|进[度展]|合并|\b(that|other) one\b|\bcase|ticket", re.IGNORECASE
)
_ANSWER_LATE = re.compile(
    r"([回答]复|处理|投诉|工单|单子).{0,8}(超时|超过|逾期|过了|没到时)|(超时|逾期|过了).{0,6}([回答]复|处理)|(answer|reply).{0,12}\blate",
    re.IGNORECASE,
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
    """How the ticket stands that is named, or meant by its place or by what is said of it, or the latest one; a wish to be called, or
    that it goes faster, is noted there."""
    note = {"note": turn.text.strip()[:200]} if _NOTED.search(turn.text) else {}
    place = -1 if _LAST.search(turn.text) else place_in(turn.text)
    words = {"words": turn.text.strip()[:200]} if turn.source == "text" else {}
    say.command("ticket_status", ticket_no=named_ticket(turn), **({"place": place} if place else {}), **words, **note)


def after_ticket(turn: Turn, say: Say) -> list[EventType] | None:
    """Which of the tickets is meant that were told just now (第二个呢, 验证码那个), or what is wished of them; None for anything else."""
    if turn.active_form or not turn.told_ticket or turn.source != "text" or not (place_in(turn.text) or _REFERS.search(turn.text)):
        return None
    tell_ticket(turn, say)
    return []


def answered_late(turn: Turn, say: Say) -> list[EventType] | None:
    """A wish for compensation because a ticket is not answered in time: of no order, and nothing is fixed for it."""
    if turn.source != "text" or not _ANSWER_LATE.search(turn.text):
        return None
    say.response("utter_answered_late")
    say.command("ticket_status", ticket_no=named_ticket(turn), words=turn.text.strip()[:200], note=turn.text.strip()[:200])
    return []


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
