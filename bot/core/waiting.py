"""What a shopper who waits for a person says about the waiting itself (requirement R100). Pure rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.core.clauses import Clause

LEAVES = frozenset({"stop", "deny"})
"""Intents that may give up the waiting."""
_POLITE = frozenset({"affirm", "thank", "greet"})
_THE_WAITING = re.compile(
    r"等|排队|人工|真人|客服|转接|不用|不需要|不必|wait|queue|line|human|person|agent|colleague|no need|never ?mind", re.IGNORECASE
)


def left_to_answer(text: str, understood: Sequence[tuple[Clause, str]]) -> str | None:
    """What remains of a message that gives up the waiting ("" for nothing); None for one that does not.

    `understood` are its first clauses with their intents. A stop or a no gives it up when it speaks of the waiting or the people; a
    stop also when nothing else is said: "不是这个" is meant for who will answer.
    """
    end, named, stopped = 0, False, False
    for clause, intent in understood:
        if intent in LEAVES:
            end, stopped = clause.end, stopped or intent == "stop"
            named = named or bool(_THE_WAITING.search(clause.text))
        elif intent not in _POLITE:
            break
    rest = text[end:].strip()
    return rest if end and (named or (stopped and not rest)) else None
