"""Any sentence-transformers folder becomes what the service runs, with the same vectors."""

from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from bot.nlu.encoder import ABOUT, EncoderError, SentenceEncoder
from bot.nlu.export import export_encoder

ROOT = Path(__file__).resolve().parents[2]
_TEXTS = ["我要退货", "这个什么时候发货呀亲", "Where is my order?", "好", "配送はいつですか" * 40]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("encoder")
    export_encoder(str(ROOT / "models/encoder"), out)
    return out


def test_vectors_are_those_of_the_library(folder: Path) -> None:
    ours = SentenceEncoder(folder).encode(_TEXTS)
    theirs = SentenceTransformer(str(ROOT / "models/encoder"), device="cpu").encode(_TEXTS, normalize_embeddings=True)

    assert ours.dtype == np.float32
    assert (ours * theirs).sum(axis=1).min() > 0.99
    np.testing.assert_allclose(np.linalg.norm(ours, axis=1), 1.0, atol=1e-5)


def test_a_vector_does_not_depend_on_its_neighbours_or_on_threads(folder: Path) -> None:
    many = [f"{text}{i}" for i in range(20) for text in _TEXTS]
    together = SentenceEncoder(folder, threads=4).encode(many)

    alone = SentenceEncoder(folder)
    np.testing.assert_array_equal(together, np.concatenate([alone.encode([text]) for text in many]))
    assert alone.encode([]).shape == (0, alone.dimension)


def test_order_numbers_change_nothing(folder: Path) -> None:
    encoder = SentenceEncoder(folder)
    np.testing.assert_array_equal(encoder.encode(["订单20260718003344要退货"]), encoder.encode(["订单20260101000001要退货"]))


@pytest.mark.parametrize("name", ["no/such/model", "tests/nlu"])
def test_what_is_no_model_is_refused_with_a_sentence(name: str, tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=r"cannot be used .*nlu\.encoder in config\.yml"):
        export_encoder(str(ROOT / name), tmp_path / "out")


def test_a_broken_folder_says_what_to_do(folder: Path, tmp_path: Path) -> None:
    (tmp_path / ABOUT).write_bytes((folder / ABOUT).read_bytes())
    with pytest.raises(EncoderError, match=r"bot\.nlu\.train"):
        SentenceEncoder(tmp_path)
