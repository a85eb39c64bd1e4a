"""Answers from the knowledge base. The hits came with the message; nothing is encoded or searched again, nothing is made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.attributes import tell_attribute
from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form, want_button
from actions.charges import after_charge, asks_if_paid, tell_paid
from actions.fallback import Hit, misunderstood, other_language, suggest, suggestions
from actions.freight import tell_freight
from actions.moved_pickup import move_pickup
from actions.pickup_time import about_pickup
from actions.places import place_in
from actions.safety import after_alarm
from actions.shop_api import Shop
from actions.sizing import size_question
from actions.turn import Turn
from bot.core.bands import ANSWER
from bot.core.errors import NotFound
from bot.core.ladder import WANTS

_PAYING = "pay."
"""The articles on paying."""
_FREIGHT = ("ship.fee", "return.fee", "return.pickup", "return.insurance", "refund.shipping_fee")
"""Those on who pays for a parcel."""


class AnswerKnowledge(TurnAction):
    def name(self) -> str:
        return "action_answer_knowledge"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if (told := after_alarm(turn, say)) is not None:
            return [SlotSet("fallback_step", 0), *told, *back_to_form(turn)]
        moved = await move_pickup(turn, shop) if turn.band != ANSWER or about_pickup(turn) else None
        if moved is not None:
            return [SlotSet("fallback_step", 0), *moved]
        sized = await size_question(turn, say, shop)
        if sized is not None:
            return [SlotSet("fallback_step", 0), *sized, *back_to_form(turn)]
        freight = await _told_freight(turn, say, shop)
        if freight and not _answers_more(turn):
            return [SlotSet("fallback_step", 0), *back_to_form(turn)]
        if turn.hits and turn.band == ANSWER:
            if not await _told_paid(turn, say, shop):
                for hit in _answers(turn):
                    answer(turn, say, hit)
        elif (told := await tell_attribute(turn, say, shop)) is not None:
            return [SlotSet("fallback_step", 0), *told, *back_to_form(turn)]
        elif (told := await after_charge(turn, say, shop)) is not None:
            return [SlotSet("fallback_step", 0), *told]
        elif found := suggestions(turn):
            return [*suggest(say, "utter_suggest", found), *back_to_form(turn)]
        else:
            return misunderstood(turn, say, "utter_no_answer")
        return [SlotSet("fallback_step", 0), *back_to_form(turn)]


async def _told_paid(turn: Turn, say: Say, shop: Shop) -> bool:
    """Whether to pay once more, of an order that the talk is about, is answered from its facts."""
    about = turn.focus if turn.hits[0]["id"].startswith(_PAYING) and asks_if_paid(turn) and turn.shopper_id else None
    try:
        return about is not None and tell_paid(say, await shop.order(about))
    except NotFound:
        return False


async def _told_freight(turn: Turn, say: Say, shop: Shop) -> bool:
    try:
        return await tell_freight(turn, say, shop)
    except NotFound:
        return False


def _answers_more(turn: Turn) -> bool:
    """Whether an article answers what was asked besides the freight."""
    return turn.band == ANSWER and bool(turn.hits) and turn.hits[0]["id"] not in _FREIGHT


def _answers(turn: Turn) -> Sequence[Hit]:
    """The best hit, or one for each of several questions that were asked at once."""
    return [hit for hit in turn.hits if hit.get("of_several")] or turn.hits[:1]


def suggested_by_place(turn: Turn) -> Hit | None:
    """The article of the titles just shown that the message names by its place: 第一个."""
    shown = turn.slot("suggested") or []
    just_now = any((said["custom"] or {}).get("type") == "suggestions" for said in turn.said_before)
    place = place_in(turn.text) if just_now and turn.source == "text" else None
    return shown[place - 1] if place and place <= len(shown) else None


def answer(turn: Turn, say: Say, hit: Mapping[str, Any], *, human: bool = False) -> None:
    """The article's answer, its source, and what can be done next (never inside a form, which asks its own question next)."""
    offers = [o for o in hit.get("offers") or [] if o in WANTS] if not turn.active_form else []
    buttons = [want_button(o) for o in offers[:2]]
    if human and not turn.active_form:
        buttons.append(HUMAN_BUTTON)
    if other_language(say, hit["answer"]):
        say.response("utter_answer_in_chinese")
    if any(said["text"] == hit["answer"] for said in turn.said_before):
        say.response("utter_again", said=hit["answer"], buttons=buttons or None)
    else:
        say.text(hit["answer"], buttons=buttons or None)
    say.card({"type": "knowledge", "article": hit["id"], "title": hit["title"], "score": hit["score"], "band": turn.band})
