"""Answer bands: scores of knowledge hits in, one of answer / suggest / refuse out."""

from __future__ import annotations

from dataclasses import dataclass

ANSWER, SUGGEST, REFUSE = "answer", "suggest", "refuse"


@dataclass(frozen=True)
class BandThresholds:
    """Chosen on validation data by `python -m evaluation knowledge --tune` (0 ≤ suggest ≤ answer ≤ 1)."""

    answer: float
    suggest: float

    def __post_init__(self) -> None:
        if not 0 <= self.suggest <= self.answer <= 1:
            raise ValueError(f"bands must satisfy 0 <= suggest <= answer <= 1, got {self.suggest} and {self.answer}")


def band_of(best_score: float | None, thresholds: BandThresholds) -> str:
    """The band of a list of hits from the score of its best one (0–1, None when there is no hit).

    Thresholds are hard: a hit below `suggest` is never shown (requirement: USER_ASKS 18).
    """
    if best_score is None or best_score < thresholds.suggest:
        return REFUSE
    return ANSWER if best_score >= thresholds.answer else SUGGEST
