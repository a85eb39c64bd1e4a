"""The bag of n-grams."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.lexical import FAMILIES, NgramVectoriser

TEXTS = ["退货运费谁出", "退货怎么退", "运费多少钱", "where is my order", "where is the parcel", "怎么退货", "运费险怎么买"]


def test_a_saved_vocabulary_reads_as_before(tmp_path: Path) -> None:
    fitted = NgramVectoriser.fit(TEXTS)
    fitted.save(tmp_path / "ngrams")
    loaded = NgramVectoriser.load(tmp_path / "ngrams")
    assert loaded.family_bounds == fitted.family_bounds
    assert loaded.size == fitted.size
    for text in (*TEXTS, "退获的运费", "没见过的"):
        before, after = fitted.row(text), loaded.row(text)
        assert before.indices.tolist() == after.indices.tolist()
        np.testing.assert_array_equal(before.values, after.values)


def test_each_family_has_columns_of_its_own_and_length_one() -> None:
    vectoriser = NgramVectoriser.fit(TEXTS)
    row = vectoriser.row("退货运费")
    for low, high in zip(vectoriser.family_bounds, vectoriser.family_bounds[1:], strict=False):
        own = row.values[(row.indices >= low) & (row.indices < high)]
        assert own.size
        assert np.linalg.norm(own) == pytest.approx(1.0)
    assert len(vectoriser.family_bounds) == len(FAMILIES) + 1
    assert vectoriser.family_bounds[-1] == vectoriser.size


def test_what_the_training_texts_never_have_twice_has_no_column() -> None:
    vectoriser = NgramVectoriser.fit(TEXTS)
    assert vectoriser.idf_of("退货") is not None
    assert vectoriser.idf_of("险怎") is None
    assert vectoriser.idf_of("运费") == pytest.approx(np.log((1 + len(TEXTS)) / 4) + 1)
