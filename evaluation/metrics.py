"""Figures of merit, from plain arrays: no model, no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

Floats = npt.NDArray[np.float64]
Span = tuple[int, int, str]
_BINS = 15


@dataclass(frozen=True)
class Bin:
    """One bar of a reliability diagram: `share` of all items, their mean confidence and how many of them were right (0–1)."""

    share: float
    confidence: float
    accuracy: float


def macro_f1(truth: Sequence[str], predicted: Sequence[str]) -> float:
    """Mean F1 (0–1) over the labels that occur in `truth`."""
    return float(f1_score(truth, predicted, labels=sorted(set(truth)), average="macro", zero_division=0))


def reliability(confidence: Floats, right: npt.NDArray[np.bool_]) -> list[Bin]:
    """Equal-width bins of confidence that hold an item."""
    place = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    chosen = [place == i for i in range(_BINS)]
    return [Bin(float(c.mean()), float(confidence[c].mean()), float(right[c].mean())) for c in chosen if c.any()]


def calibration_error(confidence: Floats, right: npt.NDArray[np.bool_]) -> float:
    """Expected calibration error (Naeini et al. 2015), 15 equal-width bins, 0–1."""
    return sum(b.share * abs(b.confidence - b.accuracy) for b in reliability(confidence, right))


def scope_curve(in_scope_score: Floats, outside: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Share of in-scope messages accepted and of out-of-scope messages caught, threshold by threshold, acceptance falling."""
    thresholds = np.unique(in_scope_score)
    accepted = np.array([(in_scope_score[~outside] >= t).mean() for t in thresholds])
    caught = np.array([(in_scope_score[outside] < t).mean() for t in thresholds])
    return accepted, caught


def caught_at(accepted: Floats, caught: Floats, least: float) -> float:
    """Share of out-of-scope messages caught where at least `least` of the others are accepted."""
    allowed = caught[accepted >= least]
    return float(allowed.max()) if len(allowed) else 0.0


def span_f1(truth: Sequence[set[Span]], found: Sequence[set[Span]]) -> tuple[float, float, float]:
    """Micro precision, recall and F1 (0–1) of exact spans with their entity."""
    right = sum(len(t & f) for t, f in zip(truth, found, strict=True))
    precision = right / max(sum(map(len, found)), 1)
    recall = right / max(sum(map(len, truth)), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-12)


def risk_coverage(score: Floats, right: npt.NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Coverage (share answered, rising) and risk (share of the answered that is wrong) as the threshold falls."""
    order = np.argsort(-score, kind="stable")
    counted = np.arange(1, len(order) + 1)
    return counted / len(order), np.cumsum(~right[order]) / counted
