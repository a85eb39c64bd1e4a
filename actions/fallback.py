"""Not understood: the ladder of `bot/core/ladder.py`, one step a message while understanding keeps failing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.base import HUMAN_BUTTON, Say, TurnAction, back_to_form, button, end_of_form, want_button
from actions.going_on import go_on
from actions.handoff import after_fallbacks, hand_over
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import CHINESE, Word
from bot.core.bands import SUGGEST as SUGGEST_BAND
from bot.core.intents import NLU_FALLBACK
from bot.core.ladder import CLARIFY, PERSON, REPHRASE, SEARCH, SUGGEST, likely_wants, next_rung
from bot.core.wordless import is_wordless

NONE_OF_THESE = button(Word("none_of_these"), NLU_FALLBACK)
Hit = Mapping[str, Any]
"""A knowledge hit as it came with a message."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CARRIED = ("order_id", "product", "sku_option", "reason", "address", "invoice_title", "tax_no", "tracking_no", "amount")
"""What was said with an unclear want and still holds when the want is tapped."""


class Fallback(TurnAction):
    def name(self) -> str:
        return "action_fallback"

    async def act(self, turn: Turn, say: Say, shop: Shop) -> list[EventType]:
        if turn.source == "text" and is_wordless(turn.text):
            say.response("utter_wordless")
            return back_to_form(turn)
        told = await go_on(turn, say, shop)
        return misunderstood(turn, say, "utter_not_understood") if told is None else told


def misunderstood(turn: Turn, say: Say, response: str) -> list[EventType]:
    """The next step of the ladder. `response` is said when there is nothing to offer but a search by key words."""
    inside = turn.active_form and not turn.slot("refused_order")  # a form that only offers other orders is left
    wants = () if turn.active_form else likely_wants(turn.ranking)
    found = turn.slot("spare_suggestions") or [] if turn.source == "button" else suggestions(turn)
    reached = int(turn.slot("fallback_step") or 0)
    rung = next_rung(reached, clarifies=bool(wants), suggests=bool(found), after_fallbacks=after_fallbacks())
    step = REPHRASE if inside and rung.step == SEARCH and not found else rung.step
    say.command("fallback", step=step)
    if step == PERSON:
        hand_over(say, turn, "not_understood")
        return [SlotSet("fallback_step", 0), *end_of_form()]
    shown: list[EventType] = []
    if step == CLARIFY:
        clarify(turn, say, wants)
    elif found:
        shown = suggest(say, "utter_suggest" if step == SUGGEST else "utter_search_found", found)
    elif step == SEARCH:
        say.response(response, buttons=[HUMAN_BUTTON])
    else:
        say.response("utter_not_understood_in_form")
    spare = found if step == CLARIFY else None
    return [SlotSet("fallback_step", rung.reached), SlotSet("spare_suggestions", spare), *shown, *back_to_form(turn)]


def clarify(turn: Turn, say: Say, wants: Sequence[str]) -> None:
    """The likely wants to tap, each with what the message said."""
    said = {name: value for name in _CARRIED if (value := turn.value(name))}
    say.response("utter_clarify", buttons=[*(want_button(want, **said) for want in wants), NONE_OF_THESE])


def suggestions(turn: Turn) -> list[Hit]:
    """Up to three articles that may answer; a hit below the band is never shown."""
    return list(turn.hits[:3]) if turn.band == SUGGEST_BAND else []


def other_language(say: Say, text: str) -> bool:
    """Whether a text of the shop is in Chinese and the shopper is not: that is said before it is given."""
    return say.language != CHINESE and bool(_HAN.search(text))


def suggest(say: Say, response: str, found: Sequence[Hit]) -> list[EventType]:
    """Show the titles; they are remembered, so that one can be named by its place."""
    if any(other_language(say, one["title"]) for one in found):
        say.response("utter_titles_in_chinese")
    say.response(response, buttons=[NONE_OF_THESE])
    items = [button(one["title"], "ask_knowledge", article=one["id"]) for one in found]
    say.card({"type": "suggestions", "items": items})
    return [SlotSet("suggested", [dict(one) for one in found])]
