"""Mends characters typed for others of the same sound (退获 → 退货), which pinyin keyboards and voice input make, before a message is read.

A character is suspect when it makes no dictionary word with its neighbours and the training texts have never seen it beside them; it is
replaced when one of the same sound would fit in well. On the validation messages with one character in eight replaced this brings back
nearly half of them and touches 4 % of the clean ones. Entities are taken from the text as typed.
"""

from __future__ import annotations

import re
from collections import defaultdict

from bot.nlu.lexical import NgramVectoriser, ideographs, is_word, syllable

_KANA = re.compile(r"[ぁ-ヿ]")
_LONGEST_WORD = 4
_GAIN = 4.0
"""By how much better a replacement has to fit; a natural logarithm of counts."""
_UNSEEN = -1.0


class SlipMender:
    """Built on the n-grams of the training texts; changes nothing else than single ideographs, so offsets hold."""

    def __init__(self, known: NgramVectoriser) -> None:
        self._known = known
        self._rarest = float(known.idf.max(initial=0.0))
        self._same_sound: dict[str, list[str]] = defaultdict(list)
        for char in sorted(ideographs()):
            if known.idf_of(char) is not None and syllable(char) != char:
                self._same_sound[syllable(char)].append(char)

    def mended(self, text: str) -> str:
        """`text` (normalised) with the slips replaced; the same length. Japanese text is left alone."""
        if _KANA.search(text):
            return text
        padded = f"^{text}$"
        for i in range(1, len(padded) - 1):
            if syllable(padded[i]) != padded[i] and (better := self._better(padded, i)):
                padded = padded[:i] + better + padded[i + 1 :]
        return padded[1:-1]

    def _better(self, padded: str, i: int) -> str | None:
        """The character that should stand at place `i`; None when the one there does."""
        before, after, three = self._fit(padded, i, padded[i])
        if three >= 0 or min(before, after) >= 0 or _in_word(padded, i):
            return None
        best, gain = None, before + after + 2 * three + _GAIN
        for other in self._same_sound[syllable(padded[i])]:
            left, right, whole = self._fit(padded, i, other)
            fits = min(left, right) >= 0 and (whole >= 0 or max(before, after) < 0)
            if fits and left + right + 2 * whole > gain:
                best, gain = other, left + right + 2 * whole
        return best

    def _fit(self, padded: str, i: int, char: str) -> tuple[float, float, float]:
        """How often the training texts have `char` at place `i` with the character before, with the one after, and among three."""
        before, after = padded[:i][-2:], padded[i + 1 : i + 3]
        threes = [
            before[-1] + char + after[0],
            *([before + char] if len(before) == 2 else []),
            *([char + after] if len(after) == 2 else []),
        ]
        return self._weight(before[-1] + char), self._weight(char + after[0]), max(map(self._weight, threes))

    def _weight(self, gram: str) -> float:
        """0 for the rarest grams that are known, more by the logarithm of the count; less than 0 for unknown ones."""
        idf = self._known.idf_of(gram)
        return _UNSEEN if idf is None else self._rarest - idf


def _in_word(padded: str, i: int) -> bool:
    """Whether the character makes a word with those beside it."""
    starts = ((j, j + size) for size in range(2, _LONGEST_WORD + 1) for j in range(i - size + 1, i + 1))
    return any(j >= 1 and end < len(padded) and is_word(padded[j:end]) for j, end in starts)
