"""Heads on made-up vectors and bags: what is fitted, how it is mixed, what is written."""

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from bot.nlu.heads import HeadOptions, LinearHead, Scales, fit_parts, fit_scales, softmax
from bot.nlu.lexical import SparseRow

_LABELS = ["card", "parcel", "refund"]


def _data(seed: int, labels: list[str], rows: int = 300) -> tuple[np.ndarray, sparse.csr_matrix, list[str]]:
    """Vectors that point roughly at their label, bags with a word of it."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(len(labels), size=rows)
    vectors = np.eye(8)[truth] + 0.5 * rng.normal(size=(rows, 8))
    bags = np.eye(6)[truth] * (rng.random((rows, 1)) < 0.7) + 0.3 * (rng.random((rows, 6)) < 0.2)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), sparse.csr_matrix(bags.astype(np.float32)), [labels[i] for i in truth]


@pytest.mark.parametrize("labels", [_LABELS, _LABELS[:2]])
def test_both_inputs_say_something_and_the_mix_says_more(labels: list[str]) -> None:
    parts = fit_parts(*_data(1, labels), options=HeadOptions())
    vectors, bags, truth = _data(2, labels)
    by_vector, by_bag = parts.logits(vectors, bags)
    places = np.array([parts.labels.index(label) for label in truth])
    scales = fit_scales(by_vector, by_bag, places)

    def loss(dense: float, lexical: float) -> float:
        shares = softmax((dense * by_vector + lexical * by_bag).astype(np.float32))
        return float(-np.log(shares[np.arange(len(places)), places]).mean())

    best = loss(scales.dense, scales.lexical)
    assert best <= min(loss(scales.dense, 0), loss(0, scales.lexical), loss(1, 1))
    assert ((scales.dense * by_vector + scales.lexical * by_bag).argmax(1) == places).mean() > 0.8


def test_a_mixed_head_gives_one_text_what_the_parts_give_many(tmp_path: Path) -> None:
    parts = fit_parts(*_data(1, _LABELS), options=HeadOptions())
    vectors, bags, _ = _data(2, _LABELS, rows=5)
    by_vector, by_bag = parts.logits(vectors, bags)
    parts.mixed(Scales(0.5, 2.0)).save(tmp_path, "intents")
    head = LinearHead.load(tmp_path, "intents")

    assert head.labels == tuple(_LABELS)
    assert np.array_equal(head.lexical, parts.mixed(Scales(0.5, 2.0)).lexical)
    unseen = SparseRow(np.array([99], np.int32), np.array([1.0], np.float32))
    np.testing.assert_allclose(head.logits(vectors[0], unseen), head.bias + vectors[0] @ head.dense, atol=1e-5)
    for i, vector in enumerate(vectors):
        row = SparseRow(bags[i].indices, bags[i].data)
        np.testing.assert_allclose(head.logits(vector, row), 0.5 * by_vector[i] + 2.0 * by_bag[i], atol=5e-3)  # half precision on disk
        assert head.probabilities(vector, row).sum() == pytest.approx(1.0, abs=1e-5)


def test_weights_count_as_copies() -> None:
    vectors, bags, labels = _data(1, _LABELS, rows=60)
    twice = fit_parts(np.vstack([vectors, vectors]), sparse.vstack([bags, bags]).tocsr(), [*labels, *labels], options=HeadOptions())
    heavy = fit_parts(vectors, bags, labels, options=HeadOptions(), weights=np.full(60, 2.0, np.float32))
    for ours, theirs in zip(twice.logits(vectors, bags), heavy.logits(vectors, bags), strict=True):
        np.testing.assert_allclose(softmax(ours), softmax(theirs), atol=0.02)
