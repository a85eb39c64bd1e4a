"""Turns features of candidates into probabilities: one softmax over all candidates and "none of them".

So a score is the probability that this article is what was asked for, and weak or split evidence stays low. Fitted by `fit_ranker` on
questions whose own phrasing was taken out of the index, and on questions that nothing answers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """One training question: `candidates` (n, features), `context` (none-features), `truth` row or -1 for none."""

    candidates: Floats
    context: Floats
    truth: int
    weight: float = 1.0


@dataclass(frozen=True)
class Ranker:
    """Weights over standardised features; `none_weights` has the bias last."""

    weights: Floats
    scale: Floats
    none_weights: Floats
    none_mean: Floats
    none_scale: Floats

    def probabilities(self, candidates: Floats, context: Floats) -> Floats:
        """(n,) probabilities of the candidates; what is missing to 1 is the probability of none."""
        logits = (candidates / self.scale) @ self.weights
        none = float(np.append((context - self.none_mean) / self.none_scale, 1.0) @ self.none_weights)
        top = max(none, float(logits.max(initial=none)))
        odds = np.exp(logits - top)
        return np.asarray(odds / (odds.sum() + np.exp(none - top)))

    def save(self, file: Path) -> None:
        data = {name: getattr(self, name).tolist() for name in self.__dataclass_fields__}
        file.write_text(json.dumps(data, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, file: Path) -> Ranker:
        data = json.loads(file.read_text(encoding="utf-8"))
        return cls(**{name: np.asarray(values, dtype=np.float64) for name, values in data.items()})


def fit_ranker(cases: Sequence[Case], *, penalty: float = 0.01) -> Ranker:
    """Conditional logistic regression with a none option, by L-BFGS; deterministic."""
    from scipy.optimize import minimize

    stacked = np.concatenate([case.candidates for case in cases])
    scale = np.maximum(stacked.std(axis=0), 1e-6)
    contexts = np.stack([case.context for case in cases])
    mean, spread = contexts.mean(axis=0), np.maximum(contexts.std(axis=0), 1e-6)
    scaled = stacked / scale
    none_x = np.hstack([(contexts - mean) / spread, np.ones((len(cases), 1))])
    starts = np.cumsum([0] + [len(case.candidates) for case in cases])
    owner = np.repeat(np.arange(len(cases)), np.diff(starts))
    truth = np.array([starts[i] + case.truth if case.truth >= 0 else -1 for i, case in enumerate(cases)])
    weight = np.array([case.weight for case in cases])
    size = scaled.shape[1]

    def loss(theta: Floats) -> tuple[float, Floats]:
        logits, none = scaled @ theta[:size], none_x @ theta[size:]
        top = np.maximum(np.maximum.reduceat(logits, starts[:-1]), none)
        odds, none_odds = np.exp(logits - top[owner]), np.exp(none - top)
        total = np.add.reduceat(odds, starts[:-1]) + none_odds
        chosen = np.where(truth >= 0, logits[np.maximum(truth, 0)], none)
        value = float((weight * (np.log(total) + top - chosen)).sum() / weight.sum())
        pull = odds / total[owner] * weight[owner]
        np.subtract.at(pull, truth[truth >= 0], weight[truth >= 0])
        none_pull = (none_odds / total - (truth < 0)) * weight
        gradient = np.concatenate([scaled.T @ pull, none_x.T @ none_pull]) / weight.sum()
        return value + penalty * float(theta @ theta) / 2, gradient + penalty * theta

    found = minimize(loss, np.zeros(size + none_x.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return Ranker(found.x[:size], scale, found.x[size:], mean, spread)
