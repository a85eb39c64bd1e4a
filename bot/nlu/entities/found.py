"""What an extractor finds, and how overlapping finds are settled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """A span of normalised text, half-open; `value` as the contract wants it; `confidence` 0–1; `sku` for products we sell."""

    entity: str
    start: int
    end: int
    value: str
    extractor: str
    confidence: float = 1.0
    sku: tuple[str, ...] = ()

    def overlaps(self, other: Found) -> bool:
        return self.start < other.end and other.start < self.end


def settle(candidates: Iterable[Found]) -> list[Found]:
    """Candidates in order of precedence, kept when they overlap nothing kept before; returned in order of the text."""
    kept: list[Found] = []
    for found in candidates:
        if found.end > found.start and not any(found.overlaps(other) for other in kept):
            kept.append(found)
    return sorted(kept, key=lambda f: f.start)
