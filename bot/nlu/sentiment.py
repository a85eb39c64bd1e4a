"""Mood of a message: the trained head, corrected by what is written in capitals: exclamation marks, abuse, thanks."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from bot.nlu.heads import Floats, LinearHead
from bot.nlu.lexical import SparseRow

_SHOUTING = re.compile(r"[!！?？]{2,}|[!！].*[!！]")
_ABUSE = re.compile(
    r"傻[逼子bx]|sb|垃圾|骗子|滚|妈的|他妈|tmd|脑残|有病吧|去死|废物|黑店|恶心|不要脸|王八蛋|气死|12315|曝光|起诉|fuck|shit"
)
_THANKS = re.compile(r"谢谢|感谢|太好了|真棒|点赞|喜欢|满意|贴心|好评|不错|爱了|辛苦|thank|gracias|ありがとう|감사")


@dataclass(frozen=True)
class Mood:
    label: str
    score: float


class SentimentModel:
    def __init__(self, head: LinearHead) -> None:
        self._head = head

    def predict(self, text: str, vector: Floats, row: SparseRow) -> Mood:
        """One of `bot.core.intents.SENTIMENTS` with its probability; `text` is normalised."""
        nudged = np.log(self._head.probabilities(vector, row) + 1e-9)
        for label, amount in _nudges(text).items():
            if label in self._head.labels:
                nudged[self._head.labels.index(label)] += amount
        shares = np.exp(nudged - nudged.max())
        shares /= shares.sum()
        best = int(np.argmax(shares))
        return Mood(self._head.labels[best], float(shares[best]))


def _nudges(text: str) -> dict[str, float]:
    """Additions to log probabilities, small enough that clear text wins over one sign."""
    nudges: dict[str, float] = {}
    if _ABUSE.search(text):
        nudges["angry"] = 1.0
    if _SHOUTING.search(text):
        nudges["angry"] = nudges.get("angry", 0.0) + 0.4
        nudges["annoyed"] = 0.3
    if _THANKS.search(text) and "angry" not in nudges:
        nudges["pleased"] = 0.5
    return nudges
