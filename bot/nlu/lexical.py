"""Bag of character n-grams, words and sounds: what a shopper literally wrote, beside the encoder's idea of what it means.

Three families, each tf-idf weighted and of length 1: characters 1–4 (with the edges of the text), jieba words 1–2, and toneless pinyin
2–3, which is what is left of a word after a typing mistake (退获 and 退货 sound the same).
"""

from __future__ import annotations

import copy
import functools
import logging
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from marisa_trie import Trie  # type: ignore[import-not-found]
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
"""In the order of their columns; every gram begins with the letter of its family."""


@dataclass(frozen=True)
class SparseRow:
    """Column indices (int32, unique) and values (float32) of one text."""

    indices: Ints
    values: Floats


class NgramVectoriser:
    """Fitted vocabulary and idf. `fit` is deterministic; `row` takes normalised text (bot/nlu/normalise.py).

    The vocabulary is a trie a family (MARISA), which numbers its grams: 760,000 of them take two megabytes, in a dictionary 160.
    """

    def __init__(self, tries: Sequence[Trie], idf: Floats) -> None:
        """`tries`: one for each of `FAMILIES`; `idf` of every gram, family by family in the order of the tries' numbers."""
        self.idf = idf
        self._tries = dict(zip(FAMILIES, tries, strict=True))
        self.family_bounds = [0, *(int(bound) for bound in np.cumsum([len(trie) for trie in tries]))]
        """Columns of characters, sounds and words."""
        self._starts = dict(zip(FAMILIES, self.family_bounds, strict=False))

    @classmethod
    def fit(cls, texts: Sequence[str], *, min_count: int = 2) -> NgramVectoriser:
        tries, idfs = [], []
        for family in FAMILIES:
            counts = Counter(gram for text in texts for gram in set(grams(text, family)))
            trie = Trie(sorted(gram for gram, count in counts.items() if count >= min_count))
            df = np.array([counts[trie.restore_key(number)] for number in range(len(trie))], dtype=np.float32)
            tries.append(trie)
            idfs.append(np.log((1 + len(texts)) / (1 + df)).astype(np.float32) + 1)
        return cls(tries, np.concatenate(idfs))

    @property
    def size(self) -> int:
        """How many columns a row may have."""
        return len(self.idf)

    def save(self, stem: Path) -> None:
        """`<stem>_<family>.marisa` (vocabulary) and `<stem>.safetensors` (idf)."""
        for family, trie in self._tries.items():
            trie.save(str(stem.with_name(f"{stem.name}_{family}.marisa")))
        save_file({"idf": self.idf}, str(stem.with_suffix(".safetensors")))

    @classmethod
    def load(cls, stem: Path) -> NgramVectoriser:
        tries = [Trie().load(str(stem.with_name(f"{stem.name}_{family}.marisa"))) for family in FAMILIES]
        return cls(tries, load_file(str(stem.with_suffix(".safetensors")))["idf"])

    def idf_of(self, gram: str) -> float | None:
        """Inverse document frequency of some characters; None when the vocabulary lacks them."""
        number = self._tries["char"].get(f"c{gram}")
        return None if number is None else float(self.idf[self._starts["char"] + number])

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
        return sparse.csr_matrix((data, indices, lengths), shape=(len(rows), self.size))

    def _family(self, text: str, family: str) -> SparseRow:
        trie, start = self._tries[family], self._starts[family]
        counts = Counter(number for gram in grams(text, family) if (number := trie.get(gram)) is not None)
        indices = np.fromiter(counts, dtype=np.int32, count=len(counts)) + np.int32(start)
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


def ideographs() -> list[str]:
    """All that have a sound."""
    return [chr(code) for code in _pinyin()]


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
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # a dictionary of 40 MB that single characters do not need
    from pypinyin import Style
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.style import convert

    @functools.cache
    def merged(reading: str) -> str:
        return _merge(convert(reading, Style.NORMAL, strict=False))

    return {code: merged(readings.split(",")[0]) for code, readings in PINYIN_DICT.items()}


def _merge(syllable: str) -> str:
    """Accents that input methods forgive: zh=z, ch=c, sh=s, ng=n at the end, l=n at the start."""
    syllable = re.sub(r"^([zcs])h", r"\1", syllable)
    syllable = re.sub(r"([aei])ng$", r"\1n", syllable)
    return re.sub(r"^n(?=[aeiouv])", "l", syllable)
