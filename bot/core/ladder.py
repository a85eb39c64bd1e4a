"""What follows a message that was not understood: clarify, suggest, search, a person. Pure rules; the dialogue takes the steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.intents import ACCOUNT, AFTERSALE, ORDERS

CLARIFY, SUGGEST, SEARCH, REPHRASE, PERSON = "clarify", "suggest", "search", "rephrase", "person"
STEPS = (CLARIFY, SUGGEST, SEARCH, REPHRASE, PERSON)
"""Two likely wants to tap; articles to tap; a search by key words; inside a form its question once more; a person."""

WANTS = frozenset({*ORDERS, *AFTERSALE, *ACCOUNT, "recommend_product", "check_stock"} - {"account_security"})
"""What a button can offer. Account safety is never a choice among others: it goes first (requirement R089)."""
_ONE_FLOW = frozenset({"report_damaged", "report_wrong_or_missing", "report_quality"})
_LIKELY = 0.15
_TORN_BELOW, _TORN_GAP = 0.55, 0.2


@dataclass(frozen=True)
class Rung:
    """The step to take, and what to remember as `reached` for the next message."""

    step: str
    reached: int


def next_rung(reached: int, *, clarifies: bool, suggests: bool, after_fallbacks: int) -> Rung:
    """The next step up. `reached` is 0 after a message that was understood.

    `clarifies` and `suggests` say whether there are wants or articles to offer. A person is called at the message number
    `after_fallbacks` (≥ 1) for which there was nothing to offer; searching may show articles once more than that.
    """
    if reached < 1 and clarifies:
        return Rung(CLARIFY, 1)
    if reached < 2 and suggests:
        return Rung(SUGGEST, 2)
    searched, allowed = max(reached - 2, 0), after_fallbacks - 1
    if searched < allowed or (suggests and searched == allowed):
        return Rung(SEARCH, 3 + searched)
    return Rung(PERSON, 0)


def likely_wants(ranking: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """The two wants that a message may mean, from the classifier's ranking (`name`, `confidence` 0–1, best first); () without two.

    On the validation set one of the two is meant in 61 % of the unclear messages; a single one would be right in 23 %.
    """
    likely = [str(item["name"]) for item in ranking[:3] if item["name"] in WANTS and item["confidence"] >= _LIKELY][:2]
    return tuple(likely) if len(likely) == 2 and not set(likely) <= _ONE_FLOW else ()


def is_torn(ranking: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the first two of a ranking are wants so close that asking is better than acting.

    On the validation set the first is meant in 39 % of such messages, one of the two in 88 %.
    """
    if len(ranking) < 2 or likely_wants(ranking) != tuple(str(item["name"]) for item in ranking[:2]):
        return False
    first, second = (float(item["confidence"]) for item in ranking[:2])
    return first < _TORN_BELOW and first - second < _TORN_GAP
