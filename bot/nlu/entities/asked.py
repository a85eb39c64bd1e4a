"""What a form asked for, when the message gives it bare: a size, a reason, an address."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.nlu.entities.found import Found
from bot.nlu.entities.lexicon import Lexicon
from bot.nlu.entities.numbers import quantities
from bot.nlu.entities.people import looks_like_a_name, rooms
from bot.nlu.entities.shapes import places, sizes

_OTHER_WISHES = frozenset(
    {
        "greet", "goodbye", "thank", "affirm", "deny", "stop", "repeat", "bot_challenge", "chitchat", "insult", "request_human",
        "ask_knowledge", "account_security", "complain", "out_of_scope", "cancel_aftersale", "query_ticket", "rate_service",
    }
)  # fmt: skip
_LONGEST_FREE_ANSWER = 80
_EDGE = " ,，。.!！?？、;；:："


def values_asked_for(text: str, slot: str, lexicon: Lexicon) -> Iterator[Found]:
    """Short values that only mean something because they were asked for."""
    if any(word in slot for word in ("option", "size", "colour", "color", "spec")):
        yield from sizes(text)
        yield from (f for f in lexicon.matches(text) if f.entity == "sku_option")
    if "quantity" in slot:
        yield from quantities(text)
    if "address" in slot:
        yield from rooms(text)


def free_answer(text: str, slot: str, intent: str, found: Sequence[Found]) -> Found | None:
    """The whole message as the reason, address, title or name that was asked for; None when it says something else.

    Forms must not swallow wishes: a message with another intent is left alone.
    """
    kind = next((e for word, e in _SLOTS if word in slot), None)
    if kind is None or intent in _OTHER_WISHES or any(f.entity == kind for f in found):
        return None
    if kind == "reason":
        return _whole(text, kind) if not any(f.entity in ("order_id", "phone", "tracking_no") for f in found) else None
    if kind == "address":
        return _whole(text, kind) if places(text) and not found else None
    stripped = text.strip(_EDGE)
    return _whole(text, kind) if looks_like_a_name(stripped) and not found else None


_SLOTS = (("reason", "reason"), ("address", "address"), ("title", "invoice_title"), ("person", "person"), ("receiver", "person"))


def _whole(text: str, entity: str) -> Found | None:
    start, end = len(text) - len(text.lstrip(_EDGE)), len(text.rstrip(_EDGE))
    if not 1 < end - start <= _LONGEST_FREE_ANSWER:
        return None
    return Found(entity, start, end, text[start:end], "asked", 0.6)
