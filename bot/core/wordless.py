"""Messages without a letter or a digit: marks and emoji. Pure rules."""

from __future__ import annotations

import unicodedata

_SAID_BY_EMOJI = frozenset({"affirm", "deny", "thank", "greet", "goodbye", "repeat", "chitchat", "insult"})
_SAID_BY_MARKS = frozenset({"repeat"})


def is_wordless(text: str) -> bool:
    return not any(char.isalnum() for char in text)


def can_be_said_without_words(text: str, intent: str) -> bool:
    """Whether a wordless text can mean an intent: emoji a dialogue act (👍), marks alone only that something was not understood (？？)."""
    emoji = any(unicodedata.category(char) == "So" for char in text)
    return intent in (_SAID_BY_EMOJI if emoji else _SAID_BY_MARKS)
