"""Training texts of the tagger: marked spans carried over to normalised text, and variants with other names and numbers."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence

from bot.nlu.data import DataError, Example, Span
from bot.nlu.entities.tagger import Tagged
from bot.nlu.normalise import Normalised, normalise

Pool = Mapping[tuple[str, str], Sequence[str]]
"""How an entity was written, by language and entity type, as often as it was."""
_SWAPPED = ("product", "person", "address", "invoice_title", "courier", "coupon", "sku_option", "quantity", "amount")


def tagged(examples: Sequence[Example]) -> list[Tagged]:
    """Spans in normalised text; raises `DataError` for a span that does not align with it or overlaps another."""
    return [_tagged(example) for example in examples]


def variants(examples: Sequence[Example], *, names: Sequence[str], seed: int) -> list[Tagged]:
    """One more copy of every example with a swappable entity, filled with another text seen for that entity (`names`: Chinese products)."""
    pool = surface_pool(examples)
    pool["zh", "product"] = [*pool.get(("zh", "product"), ()), *names]
    rng = random.Random(seed)
    return [_tagged(refilled(example, pool, rng)) for example in examples if any(s.entity in _SWAPPED for s in example.spans)]


def surface_pool(examples: Sequence[Example]) -> dict[tuple[str, str], list[str]]:
    """A `Pool` of what is marked in `examples`."""
    pool: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example in examples:
        for span in example.spans:
            pool[example.language, span.entity].append(example.text[span.start : span.end])
    return dict(pool)


def refilled(example: Example, pool: Pool, rng: random.Random) -> Example:
    """The example with other texts of its language from `pool` in place of its swappable entities."""
    text, spans, position = "", [], 0
    for span in example.spans:
        text += example.text[position : span.start]
        own = example.text[span.start : span.end]
        filled = rng.choice(pool[example.language, span.entity]) if span.entity in _SWAPPED else own
        spans.append(Span(len(text), len(text) + len(filled), span.entity))
        text, position = text + filled, span.end
    return Example(text + example.text[position:], example.intent, example.language, tuple(spans))


def _tagged(example: Example) -> Tagged:
    message = normalise(example.text)
    spans: list[tuple[int, int, str]] = []
    for span in sorted(example.spans, key=lambda s: s.start):
        inside = _inside(message, span.start, span.end)
        if not inside:
            raise DataError(f"{example.text!r}: the entity {example.text[span.start : span.end]!r} does not align with the text")
        start, end = inside[0], inside[-1] + 1
        if spans and start < spans[-1][1]:
            raise DataError(f"{example.text!r}: two entities overlap at {example.text[span.start : span.end]!r}")
        spans.append((start, end, span.entity))
    return Tagged(message.text, tuple(spans), example.intent)


def _inside(message: Normalised, start: int, end: int) -> list[int]:
    return [i for i in range(len(message.text)) if message.starts[i] >= start and message.ends[i] <= end]
