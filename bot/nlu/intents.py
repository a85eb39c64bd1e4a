"""Intents: a head over vector and n-grams, and what the dialogue is waiting for as a prior."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.nlu.encoder import Vectors
from bot.nlu.heads import Floats, LinearHead, softmax
from bot.nlu.lexical import SparseRow

_CODE = re.compile(r"^[\s\-a-z]{0,6}(?:[0-9][\s\-.]?){4,20}[a-z]{0,2}[\s.。!]*$")
_CHOICE = re.compile(r"^(?:第?[一二三四五六七八九十\d]{1,2}[个件单条号]?(?:吧|的)?|就?这个|上面那个|前一个|后一个|最后一个)$")


@dataclass(frozen=True)
class Ranked:
    intent: str
    confidence: float


class IntentClassifier:
    def __init__(self, head: LinearHead) -> None:
        self._head = head

    @property
    def labels(self) -> tuple[str, ...]:
        return self._head.labels

    def rank(self, text: str, vector: Floats, row: SparseRow, *, requested_slot: str | None = None) -> list[Ranked]:
        """Every label with its calibrated probability, best first; `text` is normalised, `requested_slot` what a form asks for."""
        scores = np.log(self._head.probabilities(vector, row) + 1e-9)
        for label, amount in slot_priors(text, requested_slot).items():
            if label in self._head.labels:
                scores[self._head.labels.index(label)] += amount
        shares = softmax(scores[None])[0]
        order = np.argsort(-shares)
        return [Ranked(self._head.labels[i], float(shares[i])) for i in order]

    def rank_many(self, vectors: Vectors, rows: Sequence[SparseRow]) -> list[tuple[str, float]]:
        """Best intent and confidence of several texts, without a prior."""
        best = []
        for vector, row in zip(vectors, rows, strict=True):
            shares = self._head.probabilities(vector, row)
            best.append((self._head.labels[int(np.argmax(shares))], float(shares.max())))
        return best


def slot_priors(text: str, requested_slot: str | None) -> dict[str, float]:
    """Additions to log probabilities. A bare number is information whoever asked; a form makes bare values and yes or no likelier.

    Real other wants stay ahead: nothing is taken from them, and a clear want beats a prior of this size.
    """
    if _CODE.match(text) or (requested_slot and _CHOICE.match(text)):
        return {"inform": 6.0}
    if not requested_slot:
        return {}
    if "confirm" in requested_slot:
        return {"affirm": 1.5, "deny": 1.5, "stop": 0.7, "inform": -1.0}
    if any(word in requested_slot for word in ("reason", "detail", "address", "title", "option", "person", "name")):
        return {"inform": 2.2 if len(text) <= 12 else 1.6 if len(text) <= 30 else 0.8, "stop": 0.3}
    return {"inform": 1.2, "stop": 0.3}
