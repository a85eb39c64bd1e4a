"""Answer bands: scores of knowledge hits in, one of answer / suggest / refuse out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ANSWER, SUGGEST, REFUSE = "answer", "suggest", "refuse"


@dataclass(frozen=True)
class BandThresholds:
    """0 ≤ suggest ≤ answer ≤ 1."""

    answer: float
    suggest: float

    def __post_init__(self) -> None:
        if not 0 <= self.suggest <= self.answer <= 1:
            raise ValueError(f"bands must satisfy 0 <= suggest <= answer <= 1, got {self.suggest} and {self.answer}")


@dataclass(frozen=True)
class Rates:
    """Shares (0–1) of questions without an answer that may get one all the same (`wrong`), and that may get suggestions or one."""

    wrong: float
    suggested: float


def thresholds(unanswerable_scores: Sequence[float], rates: Rates) -> BandThresholds:
    """The lowest thresholds that keep to `rates` on best scores (0–1) of held-out questions that nothing answers.

    Without such scores nothing is known of wrong answers: only an exact phrasing (score 1) is answered.
    """
    scores = sorted(unanswerable_scores, reverse=True)
    if not scores:
        return BandThresholds(1.0, 1.0)
    answer, suggest = (_just_above(scores[min(int(len(scores) * rate), len(scores) - 1)]) for rate in (rates.wrong, rates.suggested))
    return BandThresholds(answer, min(suggest, answer))


def _just_above(score: float) -> float:
    return min(score + 1e-4, 1.0)


def band_of(best_score: float | None, limits: BandThresholds) -> str:
    """The band of a list of hits from the score of its best one (0–1, None when there is no hit).

    Thresholds are hard: a hit below `suggest` is never shown (requirement: USER_ASKS 18).
    """
    if best_score is None or best_score < limits.suggest:
        return REFUSE
    return ANSWER if best_score >= limits.answer else SUGGEST
