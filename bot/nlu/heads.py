"""A linear head over the encoder's vector and the n-gram bag: calibrated probabilities over labels. Intents, sentiment and complaint
classes are three of them. Saved as safetensors, NumPy and JSON; nothing is pickled.

The two inputs are fitted apart and mixed by weights found on texts that neither has seen: fitted together, the vectors of an encoder
that knows the training texts would explain them all, and the bag would learn nothing.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

from bot.nlu.encoder import Vectors
from bot.nlu.lexical import SparseRow

Floats = npt.NDArray[np.float32]
Halves = npt.NDArray[np.float16]
Columns = npt.NDArray[np.int32]
_ENOUGH = 0.1
"""Tolerance of the machines: a quarter less time than the library's default, the same accuracy on unseen examples (0.781)."""
_VECTOR_LENGTH = 8.0
"""Vectors of length 1 are stretched before the regression, so that its penalty is of the size of its weights."""


@dataclass(frozen=True)
class HeadOptions:
    """`decay`: penalty of the regression on vectors, per example; `inverse_penalty`: C of the machines on the bag."""

    decay: float = 3e-4
    inverse_penalty: float = 0.3
    balanced: float = 0.5
    """0: examples count as they come; 1: every label counts the same; between: the root."""
    iterations: int = 200
    """At most, of the regression."""


@dataclass(frozen=True)
class Scales:
    """Weights of the two inputs' logits in the mix, 0 or more."""

    dense: float
    lexical: float


class LinearHead:
    """softmax(dense · V + sparse · U + b), where U has a row for each column of the vocabulary that the fit has seen."""

    def __init__(self, labels: Sequence[str], dense: Floats, columns: Columns, lexical: Halves, bias: Floats) -> None:
        """`dense` (dimension, labels), `lexical` (columns, labels) for the `columns` (rising) of the vocabulary, `bias` (labels)."""
        self.labels = tuple(labels)
        self.dense, self.bias = dense, bias
        self.columns, self.lexical = columns, lexical

    def logits(self, vector: Floats, row: SparseRow) -> Floats:
        """(labels,) for one text."""
        places = np.minimum(np.searchsorted(self.columns, row.indices), len(self.columns) - 1)
        seen = self.columns[places] == row.indices
        of_bag = row.values[seen] @ self.lexical[places[seen]].astype(np.float32)
        return np.asarray(self.bias + vector @ self.dense + of_bag, dtype=np.float32)

    def probabilities(self, vector: Floats, row: SparseRow) -> Floats:
        """(labels,) float32 that sum to 1."""
        return np.asarray(softmax(self.logits(vector, row)[None])[0], dtype=np.float32)

    def save(self, folder: Path, name: str) -> None:
        save_file({"dense": self.dense, "bias": self.bias, "columns": self.columns}, str(folder / f"{name}.safetensors"))
        np.save(folder / f"{name}_lexical.npy", self.lexical)
        (folder / f"{name}.json").write_text(json.dumps(list(self.labels), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> LinearHead:
        tensors = load_file(str(folder / f"{name}.safetensors"))
        labels = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        # Hundreds of thousands of rows, of which a message reads two hundred: they stay on disk until they are asked for.
        lexical = np.load(folder / f"{name}_lexical.npy", mmap_mode="r", allow_pickle=False)
        return cls(labels, tensors["dense"], tensors["columns"], lexical, tensors["bias"])


@dataclass(frozen=True)
class HeadParts:
    """The two fits before they are mixed; arrays as in `LinearHead`, a bias for each."""

    labels: tuple[str, ...]
    dense: Floats
    dense_bias: Floats
    lexical: Floats
    lexical_bias: Floats

    def logits(self, vectors: Vectors, matrix: Any) -> tuple[Floats, Floats]:
        """(n, labels) of the vectors and of the bags; `matrix` is scipy CSR."""
        by_vector = vectors @ self.dense + self.dense_bias
        return np.asarray(by_vector, dtype=np.float32), np.asarray(matrix @ self.lexical + self.lexical_bias, dtype=np.float32)

    def without(self, labels: Collection[str]) -> HeadParts:
        """The same for a choice that lacks some labels; the shares of the others grow."""
        kept = [i for i, label in enumerate(self.labels) if label not in labels]
        named = tuple(self.labels[i] for i in kept)
        return HeadParts(named, self.dense[:, kept], self.dense_bias[kept], self.lexical[:, kept], self.lexical_bias[kept])

    def mixed(self, scales: Scales) -> LinearHead:
        bias = scales.dense * self.dense_bias + scales.lexical * self.lexical_bias
        columns = np.flatnonzero(self.lexical.any(axis=1)).astype(np.int32)
        columns = columns if len(columns) else np.zeros(1, np.int32)
        lexical = (self.lexical[columns] * np.float32(scales.lexical)).astype(np.float16)
        return LinearHead(self.labels, self.dense * np.float32(scales.dense), columns, lexical, _float32(bias))


def fit_parts(vectors: Vectors, matrix: Any, labels: Sequence[str], *, options: HeadOptions, weights: Floats | None = None) -> HeadParts:
    """Multinomial regression on the vectors and one linear support vector machine a label on the bags (better than regression on
    these bags, and ten times as fast). `weights` multiplies the weight of each example. Deterministic.

    `vectors` may be those of the first texts alone: copies with other words in them teach the bags, not the regression.
    """
    names, truth = np.unique(np.array(labels), return_inverse=True)
    own = _weights(truth, options.balanced, weights)
    dense, dense_bias = _regression(vectors, truth[: len(vectors)], own[: len(vectors)], options)
    lexical, lexical_bias = _machines(matrix, truth, own, options.inverse_penalty)
    return HeadParts(tuple(str(name) for name in names), dense, dense_bias, lexical, lexical_bias)


def fit_scales(by_vector: Floats, by_bag: Floats, truth: npt.NDArray[np.int64]) -> Scales:
    """The mix of least negative log likelihood on held-out logits: temperature scaling (Guo et al. 2017) with one for each input."""
    from scipy.optimize import minimize

    rows = np.arange(len(truth))

    def loss(logs: npt.NDArray[np.float64]) -> float:
        dense, lexical = np.exp(logs)
        shares = softmax(np.asarray(dense * by_vector + lexical * by_bag, dtype=np.float32))
        return float(-np.log(shares[rows, truth] + 1e-12).mean())

    found = minimize(loss, np.log([0.5, 3.0]), method="Nelder-Mead", options={"xatol": 0.01, "fatol": 1e-5}).x
    dense, lexical = np.exp(np.clip(found, -6.0, 4.0))
    return Scales(float(dense), float(lexical))


def softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)


def _regression(vectors: Vectors, truth: npt.NDArray[np.int64], weights: Floats, options: HeadOptions) -> tuple[Floats, Floats]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1 / (2 * options.decay * float(weights.sum())), max_iter=options.iterations, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # fewer iterations than a full fit are meant
        model.fit(vectors * _VECTOR_LENGTH, truth, sample_weight=weights)
    return _both_sides(model, _VECTOR_LENGTH)


def _machines(matrix: Any, truth: npt.NDArray[np.int64], weights: Floats, inverse_penalty: float) -> tuple[Floats, Floats]:
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=inverse_penalty, random_state=0, tol=_ENOUGH)
    model.fit(matrix, truth, sample_weight=weights)
    return _both_sides(model, 1.0)


def _both_sides(model: Any, scale: float) -> tuple[Floats, Floats]:
    """(features, labels) and (labels,): scikit-learn keeps one column for two labels."""
    table, bias = np.asarray(model.coef_) * scale, np.asarray(model.intercept_)
    if len(table) == 1:
        table, bias = np.concatenate([-table, table]), np.concatenate([-bias, bias])
    return np.ascontiguousarray(table.T, dtype=np.float32), _float32(bias)


def _float32(values: npt.ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float32)


def _weights(truth: npt.NDArray[np.int64], balanced: float, weights: Floats | None) -> Floats:
    counts = np.bincount(truth)
    own = (len(truth) / len(counts) / counts[truth]) ** balanced
    return _float32(own if weights is None else own * weights)
