"""Several wants in one message: cut at clear boundaries, classify the pieces, join what belongs together again."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

MAX_PIECES = 8
_HARD = re.compile(r"[。！？!?;；\n]+")
_SOFT = re.compile(r"[,，、~～ ]+")
_CONNECTOR = re.compile(
    r"另外|还有|顺便|对了|再问(?:一下|个)?|还想(?:问|要|再)|再帮我|然后再|同时|以及|此外|再就是|顺带"
    r"|and also|also|by the way|además|あと|それと|그리고"
)
_WEAK = frozenset({"greet", "thank", "goodbye", "affirm", "deny", "inform", "chitchat", "insult", "repeat", "bot_challenge"})
"""Said on the way to a want; alone they are the want."""
_MIN_LETTERS = 3


@dataclass(frozen=True)
class Piece:
    """Half-open span of normalised text."""

    start: int
    end: int


@dataclass(frozen=True)
class Want:
    start: int
    end: int
    intent: str
    confidence: float


def pieces(text: str) -> list[Piece]:
    """Spans between sentence ends and before connectors; at most `MAX_PIECES`, later text belongs to the last."""
    cuts = {0, len(text)}
    cuts.update(m.end() for m in _HARD.finditer(text))
    cuts.update(m.start() for m in _CONNECTOR.finditer(text) if m.start() and _is_boundary(text, m.start()))
    ordered = sorted(cuts)
    spans = [Piece(a, b) for a, b in zip(ordered, ordered[1:], strict=False) if _letters(text[a:b])]
    if len(spans) > MAX_PIECES:
        spans = [*spans[: MAX_PIECES - 1], Piece(spans[MAX_PIECES - 1].start, spans[-1].end)]
    return spans


def wants(
    text: str, whole: tuple[str, float], classify: Callable[[Sequence[str]], Sequence[tuple[str, float]]], *, sure: float
) -> list[Want]:
    """One item per want. `whole` is intent and confidence of the whole text; `classify` gives the same for pieces.

    A piece counts when its own want is at least `sure` and it is not small talk; pieces of one intent are joined. When fewer than two
    different wants are left, the whole text is the one want.
    """
    spans = pieces(text)
    if len(spans) < 2:
        return [Want(0, len(text), *whole)]
    found = classify([text[s.start : s.end] for s in spans])
    kept: list[Want] = []
    for span, (intent, confidence) in zip(spans, found, strict=True):
        if intent in _WEAK or confidence < sure or len(_letters(text[span.start : span.end])) < _MIN_LETTERS:
            continue
        if kept and kept[-1].intent == intent:
            kept[-1] = Want(kept[-1].start, span.end, intent, max(kept[-1].confidence, confidence))
        else:
            kept.append(Want(span.start, span.end, intent, confidence))
    if len({want.intent for want in kept}) < 2:
        return [Want(0, len(text), *whole)]
    return [_trimmed(text, want) for want in kept]


def _is_boundary(text: str, at: int) -> bool:
    """A connector cuts after punctuation or a blank, or when enough was said before it."""
    return text[at - 1] in " ,，。!！?？;；\n" or len(_letters(text[:at])) >= 6


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalnum())


def _trimmed(text: str, want: Want) -> Want:
    start, end = want.start, want.end
    while start < end and not text[start].isalnum():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Want(start, end, want.intent, want.confidence)
