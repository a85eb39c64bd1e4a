"""A linear head over the encoder's vector and the n-gram bag: calibrated probabilities over labels. Intents, sentiment and complaint
classes are three of them. Saved as safetensors and JSON; nothing is pickled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors.numpy import load_file, save_file

from bot.nlu.encoder import Vectors
from bot.nlu.lexical import NgramVectoriser, SparseRow

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class HeadOptions:
    """`dense_weight`: length of the encoder's vector beside the bag (of length 1.7); `inverse_penalty`: C of the machine."""

    dense_weight: float = 1.0
    inverse_penalty: float = 0.3
    balanced: float = 0.5
    """0: examples count as they come; 1: every label counts the same; between: the root."""


class LinearHead:
    """softmax((dense · V + sparse · U + b) / temperature)."""

    def __init__(self, labels: Sequence[str], dense: Floats, lexical: Floats, bias: Floats, temperature: float = 1.0) -> None:
        """`dense` (dimension, labels), `lexical` (vocabulary, labels), `bias` (labels), float32; temperature > 0."""
        self.labels = tuple(labels)
        self.dense, self.lexical, self.bias = dense, lexical, bias
        self.temperature = temperature

    def logits(self, vector: Floats, row: SparseRow) -> Floats:
        """(labels,) for one text, before the temperature."""
        return np.asarray(self.bias + vector @ self.dense + row.values @ self.lexical[row.indices], dtype=np.float32)

    def probabilities(self, vector: Floats, row: SparseRow) -> Floats:
        """(labels,) float32 that sum to 1."""
        return np.asarray(softmax(self.logits(vector, row)[None] / self.temperature)[0], dtype=np.float32)

    def batch_logits(self, vectors: Vectors, matrix: Any) -> Floats:
        """(n, labels) for many texts; `matrix` is scipy CSR."""
        return np.asarray(vectors @ self.dense + matrix @ self.lexical + self.bias, dtype=np.float32)

    def save(self, folder: Path, name: str) -> None:
        save_file({"dense": self.dense, "lexical": self.lexical, "bias": self.bias}, str(folder / f"{name}.safetensors"))
        about = {"labels": list(self.labels), "temperature": self.temperature}
        (folder / f"{name}.json").write_text(json.dumps(about, ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, name: str) -> LinearHead:
        tensors = load_file(str(folder / f"{name}.safetensors"))
        about = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        return cls(about["labels"], tensors["dense"], tensors["lexical"], tensors["bias"], about["temperature"])


def fit_head(vectors: Vectors, matrix: Any, labels: Sequence[str], *, options: HeadOptions, weights: Floats | None = None) -> LinearHead:
    """One linear support vector machine a label (liblinear, deterministic); `weights` multiplies the weight of each example.

    Better than multinomial logistic regression on these bags and ten times as fast; the margins become probabilities by the temperature.
    """
    from scipy import sparse
    from sklearn.svm import LinearSVC

    names, truth = np.unique(np.array(labels), return_inverse=True)
    features = sparse.hstack([sparse.csr_matrix(vectors * options.dense_weight), matrix], format="csr")
    model = LinearSVC(C=options.inverse_penalty, random_state=0)
    model.fit(features, truth, sample_weight=_weights(truth, options.balanced, weights))
    table, cut = np.asarray(model.coef_.T, dtype=np.float32), vectors.shape[1]
    dense = np.ascontiguousarray(table[:cut] * options.dense_weight, dtype=np.float32)
    bias = np.asarray(model.intercept_, dtype=np.float32)
    return LinearHead([str(name) for name in names], dense, np.ascontiguousarray(table[cut:]), bias)


def fit_temperature(logits: Floats, truth: npt.NDArray[np.int64]) -> float:
    """The temperature of least negative log likelihood on held-out logits (Guo et al. 2017); a grid is exact enough."""
    grid = np.exp(np.linspace(np.log(0.02), np.log(5.0), 161))
    losses = [-np.log(softmax(logits / t)[np.arange(len(truth)), truth] + 1e-12).mean() for t in grid]
    return float(grid[int(np.argmin(losses))])


def softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)


def vectorise(texts: Sequence[str], *, min_count: int = 2) -> tuple[NgramVectoriser, Any]:
    vectoriser = NgramVectoriser.fit(texts, min_count=min_count)
    return vectoriser, vectoriser.matrix(texts)


def _weights(truth: npt.NDArray[np.int64], balanced: float, weights: Floats | None) -> Floats:
    counts = np.bincount(truth)
    own = (len(truth) / len(counts) / counts[truth]) ** balanced
    return np.asarray(own if weights is None else own * weights, dtype=np.float32)
