"""Calibration: on texts nobody saw when there are enough, by cross-validation when there are not."""

from collections.abc import Sequence

import numpy as np
import pytest

from bot.nlu.data import DataError
from bot.nlu.encoder import CachedEncoder, Vectors
from bot.nlu.heads import HeadOptions
from bot.nlu.labelled import ENOUGH, Reader, fit_labelled
from bot.nlu.lexical import NgramVectoriser

_VERBS = ("退掉", "寄到", "开出", "修好")
_LABELS = ("request_return", "track_package", "request_invoice", "request_repair")


class _Letters:
    """A stand-in of a few dimensions: what is encoded does not matter here."""

    name, dimension = "letters", 16

    def encode(self, texts: Sequence[str]) -> Vectors:
        rows = [np.bincount([ord(char) % 16 for char in text], minlength=16) for text in texts]
        vectors = np.array(rows, dtype=np.float32).reshape(len(texts), 16)
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9), dtype=np.float32)


def _data(count: int) -> tuple[list[str], list[str], Reader]:
    rng = np.random.default_rng(3)
    places = rng.integers(4, size=count)
    noise = ["".join(chr(0x4E00 + int(c)) for c in rng.integers(3000, size=5)) for _ in range(count)]
    texts = [f"{a}{_VERBS[p] if rng.random() < 0.8 else ''}{a[::-1]}" for a, p in zip(noise, places, strict=True)]
    return texts, [_LABELS[p] for p in places], Reader(CachedEncoder(_Letters()), NgramVectoriser.fit(texts))


def test_few_examples_are_judged_by_cross_validation() -> None:
    texts, labels, reader = _data(60)
    fitted = fit_labelled(texts, labels, reader, HeadOptions(), seed=1, unseen=np.zeros(60, dtype=bool))

    assert fitted.judged.all()
    assert fitted.metrics["accuracy"] > 0.5


def test_enough_unseen_examples_alone_are_judged() -> None:
    count = ENOUGH * 5
    texts, labels, reader = _data(count)
    unseen = np.arange(count) % 5 == 0
    fitted = fit_labelled(texts, labels, reader, HeadOptions(), seed=1, unseen=unseen)

    np.testing.assert_array_equal(fitted.judged, unseen)
    right = np.array(fitted.labels)[fitted.held_out[unseen].argmax(1)] == np.array(labels)[unseen]
    assert fitted.metrics["accuracy"] == pytest.approx(right.mean())
    assert abs(fitted.metrics["mean_confidence"] - right.mean()) < 0.05  # calibrated on the very same texts


def test_one_label_is_refused_with_a_sentence() -> None:
    texts, _, reader = _data(20)
    with pytest.raises(DataError, match=r"nothing to tell apart.*'greet'"):
        fit_labelled(texts, ["greet"] * 20, reader, HeadOptions(), seed=1)
