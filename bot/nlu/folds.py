"""Cross-validation folds and the calibration part. Near-duplicates stay together: a model is never tested on a sentence it half knows."""

from __future__ import annotations

import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

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
    shingles = [_shingles(text) for text in texts]
    by_gram: dict[str, list[int]] = defaultdict(list)
    for i, grams in enumerate(shingles):
        shared = Counter(j for gram in grams for j in by_gram[gram])
        for j, common in shared.items():
            if common / (len(grams) + len(shingles[j]) - common) >= near:
                yield i, j
        for gram in grams:
            by_gram[gram].append(i)


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
