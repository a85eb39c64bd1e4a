"""Bag of character n-grams, words and sounds: what a shopper literally wrote, beside the encoder's idea of what it means.

Three families, each tf-idf weighted and of length 1: characters 1–4 (with the edges of the text), jieba words 1–2, and toneless pinyin
2–3, which is what is left of a word after a typing mistake (退获 and 退货 sound the same).
"""

from __future__ import annotations

import bisect
import copy
import functools
import json
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file
from scipy import sparse

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]

_LONG_CODE = re.compile(r"[a-z]{0,3}\d{6,}[a-z0-9]*")
_CODE = "№"
_A_WANT_CHARS = 2
_MIDDLE_NUMBER = re.compile(r"\d{4,5}")
_LATIN = re.compile(r"[a-zà-öø-ÿ0-9]+")
FAMILIES = ("char", "sound", "word")
"""In the order of their columns: the vocabulary is sorted and every gram begins with the letter of its family."""


@dataclass(frozen=True)
class SparseRow:
    """Column indices (int32, unique) and values (float32) of one text."""

    indices: Ints
    values: Floats


class NgramVectoriser:
    """Fitted vocabulary and idf. `fit` is deterministic; `row` takes normalised text (bot/nlu/normalise.py)."""

    def __init__(self, vocabulary: Sequence[str], idf: Floats) -> None:
        self.vocabulary = list(vocabulary)
        self.idf = idf
        self._index = {gram: i for i, gram in enumerate(self.vocabulary)}
        self.family_bounds = [bisect.bisect_left(self.vocabulary, letter) for letter in ("c", "s", "w")] + [len(self.vocabulary)]
        """Columns of characters, sounds and words."""

    @classmethod
    def fit(cls, texts: Sequence[str], *, min_count: int = 2) -> NgramVectoriser:
        counts: Counter[str] = Counter()
        for text in texts:
            counts.update({gram for family in FAMILIES for gram in grams(text, family)})
        kept = sorted(gram for gram, count in counts.items() if count >= min_count)
        df = np.array([counts[gram] for gram in kept], dtype=np.float32)
        return cls(kept, np.log((1 + len(texts)) / (1 + df)).astype(np.float32) + 1)

    def save(self, stem: Path) -> None:
        """`<stem>.json` (vocabulary) and `<stem>.safetensors` (idf)."""
        stem.with_suffix(".json").write_text(json.dumps(self.vocabulary, ensure_ascii=False), encoding="utf-8")
        save_file({"idf": self.idf}, str(stem.with_suffix(".safetensors")))

    @classmethod
    def load(cls, stem: Path) -> NgramVectoriser:
        vocabulary = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
        return cls(vocabulary, load_file(str(stem.with_suffix(".safetensors")))["idf"])

    def idf_of(self, gram: str) -> float | None:
        """Its inverse document frequency; None when the vocabulary lacks the gram (with its family's letter)."""
        place = self._index.get(gram)
        return None if place is None else float(self.idf[place])

    def row(self, text: str) -> SparseRow:
        parts = [self._family(text, family) for family in FAMILIES]
        return SparseRow(np.concatenate([p.indices for p in parts]), np.concatenate([p.values for p in parts]))

    def remembering(self) -> NgramVectoriser:
        """The same, keeping every row that it makes: for a fit that reads the same texts again and again."""
        twin = copy.copy(self)
        twin.row = functools.cache(self.row)  # type: ignore[method-assign]
        return twin

    def matrix(self, texts: Sequence[str]) -> Any:
        """(n, size of the vocabulary) scipy CSR float32."""
        rows = [self.row(text) for text in texts]
        lengths = np.cumsum([0] + [len(r.indices) for r in rows])
        data = np.concatenate([r.values for r in rows]) if rows else np.zeros(0, np.float32)
        indices = np.concatenate([r.indices for r in rows]) if rows else np.zeros(0, np.int32)
        return sparse.csr_matrix((data, indices, lengths), shape=(len(rows), len(self.vocabulary)))

    def _family(self, text: str, family: str) -> SparseRow:
        counts = Counter(self._index[gram] for gram in grams(text, family) if gram in self._index)
        indices = np.fromiter(counts, dtype=np.int32, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * self.idf[indices]
        norm = float(np.linalg.norm(values)) or 1.0
        return SparseRow(indices, (values / norm).astype(np.float32))


def grams(text: str, family: str) -> Iterator[str]:
    """The n-grams of one family, each with the family's letter before it so that families never mix."""
    text = _MIDDLE_NUMBER.sub("0000", without_codes(text))
    if family == "char":
        padded = f"^{text}$"
        for size in (1, 2, 3, 4):
            for i in range(len(padded) - size + 1):
                yield "c" + padded[i : i + size]
    elif family == "word":
        tokens = words(text)
        yield from ("w" + token for token in tokens)
        yield from (f"w{a}_{b}" for a, b in zip(tokens, tokens[1:], strict=False))
    else:
        syllables = sounds(text)
        for size in (2, 3):
            for i in range(len(syllables) - size + 1):
                yield "s" + " ".join(syllables[i : i + size])


def without_codes(text: str) -> str:
    """Order numbers and the like say nothing of the want they stand beside; alone they say that there is a number, not which."""
    rest = " ".join(_LONG_CODE.sub(" ", text).split())
    return rest if sum(char.isalpha() for char in rest) >= _A_WANT_CHARS else _LONG_CODE.sub(_CODE, text)


def words(text: str) -> list[str]:
    """jieba words and Latin words without punctuation."""
    return [word for word in jieba_cut(text) if word[0].isalnum() or word == _CODE]


def sounds(text: str) -> list[str]:
    """Toneless pinyin of ideographs with merged zh/z, n/ng, l/n; Latin words as they are."""
    table = _pinyin()
    out: list[str] = []
    for piece in re.findall(r"[a-zà-öø-ÿ0-9]+|[^\W]", text):
        out.append(table.get(ord(piece), piece) if len(piece) == 1 else piece)
    return out


def syllable(char: str) -> str:
    """The merged sound of an ideograph, any other character as it is."""
    return _pinyin().get(ord(char), char)


def is_word(text: str) -> bool:
    """Whether jieba's dictionary holds it."""
    return bool(_jieba().FREQ.get(text))


@functools.lru_cache(maxsize=64)
def jieba_cut(text: str) -> tuple[str, ...]:
    """Words without white space; the last texts are kept, because several parts of one parse cut the same text."""
    return tuple(str(token) for token in _jieba().lcut(text) if token.strip())


@functools.cache
def _jieba() -> Any:
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


@functools.cache
def _pinyin() -> dict[int, str]:
    from pypinyin import Style
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.style import convert

    table = {}
    for code, readings in PINYIN_DICT.items():
        syllable = convert(readings.split(",")[0], Style.NORMAL, strict=False)
        table[code] = _merge(syllable)
    return table


def _merge(syllable: str) -> str:
    """Accents that input methods forgive: zh=z, ch=c, sh=s, ng=n at the end, l=n at the start."""
    syllable = re.sub(r"^([zcs])h", r"\1", syllable)
    syllable = re.sub(r"([aei])ng$", r"\1n", syllable)
    return re.sub(r"^n(?=[aeiouv])", "l", syllable)
