"""The vector index: exact while small, nearly exact when large, the same after saving."""

from pathlib import Path

import numpy as np
import pytest

from knowledge_base.vectors import VectorIndex


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    """4,000 texts around 200 subjects: with no neighbourhoods at all there would be nothing to find."""
    rng = np.random.default_rng(3)
    subjects = rng.normal(size=(200, 32))
    found = np.repeat(subjects, 20, axis=0) + 0.4 * rng.normal(size=(4000, 32))
    return (found / np.linalg.norm(found, axis=1, keepdims=True)).astype(np.float32)


def test_few_texts_are_all_compared(vectors: np.ndarray, tmp_path: Path) -> None:
    VectorIndex.build(vectors).save(tmp_path / "texts.faiss")
    index = VectorIndex.load(tmp_path / "texts.faiss")
    np.testing.assert_allclose(index.scores(vectors[7]), vectors @ vectors[7], atol=1e-6)
    assert index.nearest(vectors[7:8], 1)[1].tolist() == [[7]]


def test_many_texts_are_looked_for_in_cells_and_nearly_all_neighbours_found(vectors: np.ndarray, tmp_path: Path) -> None:
    VectorIndex.build(vectors, exact_up_to=1000).save(tmp_path / "texts.faiss")
    index = VectorIndex.load(tmp_path / "texts.faiss")
    exact = np.argsort(-(vectors[:100] @ vectors.T), axis=1)[:, :10]
    found = index.nearest(vectors[:100], 10)[1]
    assert np.mean([len(set(a) & set(b)) / 10 for a, b in zip(exact.tolist(), found.tolist(), strict=True)]) > 0.95
    scores = index.scores(vectors[7])
    assert len(scores) == len(vectors)
    near = scores > scores.min()
    assert 10 < near.sum() < 1000
    np.testing.assert_allclose(scores[near], (vectors @ vectors[7])[near], atol=0.03)


def test_an_empty_index_finds_nothing() -> None:
    index = VectorIndex.build(np.zeros((0, 8), np.float32))
    assert index.scores(np.ones(8, np.float32)).shape == (0,)
