"""Cross-validation folds and the calibration part. Near-duplicates stay together: a model is never tested on a sentence it half knows."""

from __future__ import annotations

import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from bot.nlu.normalise import key

NEAR = 0.5
"""Jaccard similarity of character 3-grams (2-grams for short texts) from which two texts count as near-duplicates."""
CALIBRATION_ONE_IN = 10


def grouped_folds(texts: Sequence[str], labels: Sequence[str], *, folds: int = 5, seed: int = 42) -> list[int]:
    """The fold (0 … folds-1) of every text: clusters stay whole, labels are spread as evenly as clusters allow."""
    clusters = cluster(texts)
    members: dict[int, list[int]] = defaultdict(list)
    for i, group in enumerate(clusters):
        members[group].append(i)
    order = list(members.values())
    random.Random(seed).shuffle(order)
    order.sort(key=len, reverse=True)
    sizes = [0] * folds
    per_label: dict[str, list[int]] = defaultdict(lambda: [0] * folds)
    fold_of = [0] * len(texts)
    for group_members in order:
        label = Counter(labels[i] for i in group_members).most_common(1)[0][0]
        fold = min(range(folds), key=lambda f: (per_label[label][f], sizes[f]))
        for i in group_members:
            fold_of[i] = fold
            per_label[labels[i]][fold] += 1
        sizes[fold] += len(group_members)
    return fold_of


def calibration_part(texts: Sequence[str]) -> npt.NDArray[np.bool_]:
    """(n,) true for about one text in ten, whole clusters, chosen by the texts alone: never shown to an encoder with their labels
    (bot/nlu/pretrain), so that confidence is calibrated on texts that are new to every part."""
    clusters = cluster(texts)
    first: dict[int, str] = {}
    for text, group in zip(texts, clusters, strict=True):
        first[group] = min(key(text), first.get(group, key(text)))
    return np.array([zlib.crc32(first[group].encode()) % CALIBRATION_ONE_IN == 0 for group in clusters], dtype=bool)


def cluster(texts: Sequence[str], *, near: float = NEAR) -> list[int]:
    """A cluster number for every text (single linkage over `near_pairs`)."""
    parent = list(range(len(texts)))
    for i, j in near_pairs(texts, near=near):
        parent[_root(parent, i)] = _root(parent, j)
    return [_root(parent, i) for i in range(len(texts))]


def near_pairs(texts: Sequence[str], *, near: float = NEAR) -> Iterator[tuple[int, int]]:
    """Places (i, j), j < i, of texts whose Jaccard similarity is at least `near`."""
    return ((i, j) for i, j in near_between(texts, texts, near=near) if j < i)


def near_between(texts: Sequence[str], others: Sequence[str], *, near: float = NEAR) -> Iterator[tuple[int, int]]:
    """Places (i, j) of a text and one of the others whose Jaccard similarity is at least `near`."""
    columns: dict[str, int] = {}
    left = _bags(texts, columns)
    right = left if others is texts else _bags(others, columns)
    left.resize(len(texts), len(columns))
    sizes, theirs = left.getnnz(axis=1), right.getnnz(axis=1)
    turned = right.T.tocsr()
    for start in range(0, len(texts), _TOGETHER):
        shared = (left[start : start + _TOGETHER] @ turned).tocoo()
        rows = shared.row + start
        found = shared.data >= near * (sizes[rows] + theirs[shared.col] - shared.data)
        yield from zip(rows[found].tolist(), shared.col[found].tolist(), strict=True)


_TOGETHER = 1000
"""Texts whose common shingles with all others are counted at once: some hundred megabytes."""


def _bags(texts: Sequence[str], columns: dict[str, int]) -> Any:
    """(texts, columns) scipy CSR of 1 where a text has a shingle; new shingles get a column."""
    rows = [[columns.setdefault(gram, len(columns)) for gram in _shingles(text)] for text in texts]
    starts = np.cumsum([0, *map(len, rows)])
    places = np.fromiter(chain.from_iterable(rows), dtype=np.int32, count=int(starts[-1]))
    return sparse.csr_matrix((np.ones(len(places), np.int16), places, starts), shape=(len(texts), len(columns)))


def _shingles(text: str) -> frozenset[str]:
    letters = key(text)
    size = 3 if len(letters) >= 6 else 2
    if len(letters) <= size:
        return frozenset({letters})
    return frozenset(letters[i : i + size] for i in range(len(letters) - size + 1))


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i
