"""Wording: which variant of a response the shopper reads.

Rasa picks variants at random and knows no language. Here: the variants in the shopper's language (`metadata: {language: en}`; without
it a variant is Chinese), else the Chinese ones; of these the next one in turn that is not what was just said.
"""

from __future__ import annotations

import copy
from typing import Any

from rasa.core.nlg import interpolator
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

DEFAULT_LANGUAGE = "zh"


class Wording(TemplatedNaturalLanguageGenerator):
    """A templated generator to Rasa, which therefore gives it the responses of each model it loads (`self.responses`)."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any) -> dict[str, Any] | None:
        variants = _in_language(self.responses.get(utter_action, []), tracker.get_slot("language") or DEFAULT_LANGUAGE)
        if not variants:
            return None
        values = {**tracker.current_slot_values(), **kwargs}
        before = [event for event in tracker.events if isinstance(event, BotUttered)]
        filled = [_fill(variant, values) for variant in variants]
        just_said = before[-1].text if before else None
        first = sum(1 for event in before if event.metadata.get("utter_action") == utter_action) % len(filled)
        ordered = filled[first:] + filled[:first]
        return next((one for one in ordered if one.get("text") != just_said), ordered[0])


def _in_language(variants: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    def of(wanted: str) -> list[dict[str, Any]]:
        return [v for v in variants if (v.get("metadata") or {}).get("language", DEFAULT_LANGUAGE) == wanted]

    return of(language) or of(DEFAULT_LANGUAGE)


def _fill(variant: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    filled = copy.deepcopy(variant)
    if "text" in filled:  # payloads of buttons hold braces of their own
        filled["text"] = interpolator.interpolate_text(filled["text"], values)
    return filled
