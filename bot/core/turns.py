"""What the server hands to the dialogue for one message: the classifier's intent, or a better-founded one. Pure rules.

The parse is kept as it was measured; only the intent that Rasa sees is chosen here (DESIGN: Not understood).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.bands import ANSWER, REFUSE
from bot.core.intents import ESCALATE, NLU_FALLBACK
from bot.core.ladder import is_torn
from bot.core.wordless import can_be_said_without_words, is_wordless

_ANSWERS = frozenset({"affirm", "deny", "inform", "stop", "ask_knowledge"})
_ALWAYS_HEARD = frozenset({"request_human", "account_security"})


@dataclass(frozen=True)
class TurnRules:
    """From `nlu:` and `handoff:` in config.yml. `intent_threshold` 0–1; `angry_turns` ≥ 1, 0 switches the rule off."""

    intent_threshold: float
    angry_turns: int = 2


@dataclass(frozen=True)
class Handed:
    """The intent for Rasa, and for `escalate` the reason of the contract's list."""

    intent: str
    confidence: float
    reason: str | None = None


def intent_for_dialogue(
    parse: Mapping[str, Any], *, earlier_moods: Sequence[str], rules: TurnRules, asked_slot: str | None = None
) -> Handed:
    """Choose the intent that the dialogue sees.

    `earlier_moods` are the sentiment labels of the shopper's earlier messages since the last change of owner, oldest first.
    `asked_slot` is what a form is waiting for: then a bare value need not be a clear intent; a yes, a no or another want must be.
    """
    intent, confidence = parse["intent"]["name"], float(parse["intent"]["confidence"])
    text = str(parse["text"])
    if is_wordless(text) and not can_be_said_without_words(text, intent):
        return Handed(NLU_FALLBACK, 1.0)
    if intent in _ALWAYS_HEARD and confidence >= rules.intent_threshold:
        return Handed(intent, confidence)
    # Who tells the complaint or the remedy that was asked for, or answers a form, may be angry: that is being served.
    answering = (asked_slot in ("detail", "comment") and intent != "insult") or (asked_slot is not None and intent in _ANSWERS)
    answering = answering or (asked_slot in ("reason", "remedy") and intent.startswith(("request_", "report_")))
    if not answering and _sustained_anger(parse, earlier_moods, rules.angry_turns):
        return Handed(ESCALATE, 1.0, "angry")
    clear = confidence >= rules.intent_threshold
    if clear and asked_slot is None and _between_two(parse):
        return Handed(NLU_FALLBACK, 1.0 - confidence)
    if clear or (asked_slot and intent == "inform"):
        return Handed(intent, confidence)
    hits = parse.get("retrieval") or []
    if hits and parse.get("answer_band", REFUSE) == ANSWER:
        return Handed("ask_knowledge", float(hits[0]["score"]))
    return Handed(NLU_FALLBACK, 1.0 - confidence)


def _between_two(parse: Mapping[str, Any]) -> bool:
    """Two wants are as likely, and it is not that the message holds both of them."""
    said = {segment["intent"] for segment in parse.get("segments") or []}
    return len(said) < 2 and is_torn(parse.get("intent_ranking") or [])


def _sustained_anger(parse: Mapping[str, Any], earlier_moods: Sequence[str], angry_turns: int) -> bool:
    if angry_turns < 1 or (parse.get("sentiment") or {}).get("label") != "angry":
        return False
    needed = angry_turns - 1
    return needed == 0 or (len(earlier_moods) >= needed and all(m == "angry" for m in earlier_moods[-needed:]))
