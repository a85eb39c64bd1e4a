"""Wording: which variant of a response the shopper reads.

Rasa picks variants at random and knows no language. Here: the variants in the shopper's language (`metadata: {language: en}`; without
it a variant is Chinese), else the English ones, else the Chinese ones; of these the next one in turn that was not just said; what has to be
said twice running is led in by other words the second time.
"""

from __future__ import annotations

import copy
import itertools
from typing import Any

from rasa.core.nlg import interpolator
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

DEFAULT_LANGUAGE = "zh"
COMMON_LANGUAGE = "en"
"""What a shopper reads whose own language has no wording yet."""

_AGAIN = ("utter_again_ask", "utter_again")
"""How a question, or something else, is said that was said just before and has no other variant."""
_QUESTIONS = ("utter_ask_", "utter_confirm_")
_TURNS_COMPARED = 2


class Wording(TemplatedNaturalLanguageGenerator):
    """A templated generator to Rasa, which therefore gives it the responses of each model it loads (`self.responses`)."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        """`shop` and `shop_en` of the endpoint are the shop's name, {shop} in a response."""
        super().__init__(domain.responses)
        names = endpoint_config.kwargs
        self._shop, self._shop_en = names["shop"], names["shop_en"]

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any) -> dict[str, Any] | None:
        language = tracker.get_slot("language") or DEFAULT_LANGUAGE
        variants = _in_language(self.responses.get(utter_action, []), language)
        if not variants:
            return None
        shop = self._shop if language == DEFAULT_LANGUAGE else self._shop_en
        values = {**tracker.current_slot_values(), "shop": shop, **kwargs}
        before = [event for event in tracker.events if isinstance(event, BotUttered)]
        filled = [_fill(variant, values) for variant in variants]
        just_said = _just_said(tracker)
        first = sum(1 for event in before if event.metadata.get("utter_action") == utter_action) % len(filled)
        ordered = filled[first:] + filled[:first]
        fresh = next((one for one in ordered if one.get("text") not in just_said), None)
        if fresh is not None or utter_action in _AGAIN:
            return fresh or ordered[0]
        again = _AGAIN[0] if utter_action.startswith(_QUESTIONS) else _AGAIN[1]
        said = ordered[0]["text"]
        other = await self.generate(again, tracker, output_channel, said=said)
        return {**ordered[0], "text": other["text"] if other else said}


def _just_said(tracker: DialogueStateTracker) -> set[str | None]:
    """What the bot said in the turn before and so far in this one."""
    asked = itertools.accumulate((isinstance(event, UserUttered) for event in reversed(tracker.events)), initial=0)
    recent = (event for event, turns in zip(reversed(tracker.events), asked) if turns < _TURNS_COMPARED)
    return {event.text for event in recent if isinstance(event, BotUttered)}


def _in_language(variants: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    def of(wanted: str) -> list[dict[str, Any]]:
        return [v for v in variants if (v.get("metadata") or {}).get("language", DEFAULT_LANGUAGE) == wanted]

    return of(language) or of(COMMON_LANGUAGE) or of(DEFAULT_LANGUAGE)


def _fill(variant: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    filled = copy.deepcopy(variant)
    if "text" in filled:  # payloads of buttons hold braces of their own
        filled["text"] = interpolator.interpolate_text(filled["text"], values)
    return filled
