"""The sentence encoder as it runs: ONNX Runtime on a folder that bot/nlu/export.py made of a sentence-transformers model.

One pass gives the vector that all heads and the index share. Texts pass one at a time: a quantised model scales what passes together
together, so a vector would depend on its neighbours; and a batch of short texts saves little.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from bot.nlu.lexical import without_codes

MODEL, TOKENIZER, ABOUT = "model.onnx", "tokenizer.json", "about.json"
Vectors = npt.NDArray[np.float32]
_TOGETHER = 64
"""Texts that one thread encodes before another may take over."""


class EncoderError(Exception):
    """The encoder cannot be loaded; the message says which and what to do."""


class TextEncoder(Protocol):
    """What heads and index need of an encoder."""

    name: str
    dimension: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, rows of length 1; empty input gives shape (0, dimension)."""
        ...


class SentenceEncoder:
    """Safe for concurrent use."""

    def __init__(self, folder: Path, *, threads: int = 1) -> None:
        """`folder` was written by `export_encoder`; `threads` encode many texts side by side. Raises `EncoderError`."""
        import onnxruntime  # type: ignore[import-untyped]
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            about = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
            self._session = onnxruntime.InferenceSession(str(folder / MODEL), options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._tokenizer.enable_truncation(about["max_tokens"])
            self.name, self.dimension = str(about["name"]), int(about["dimension"])
        except Exception as exc:  # both libraries raise many kinds; the reader needs one sentence
            raise EncoderError(
                f"the encoder in {folder} cannot be loaded ({type(exc).__name__}: {exc}): run `python -m bot.nlu.train`"
            ) from exc
        self._tokenizer.no_padding()
        self._types = "token_type_ids" in {given.name for given in self._session.get_inputs()}
        self._threads = threads

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32 rows of length 1, order numbers left out (`without_codes`)."""
        if len(texts) <= _TOGETHER or self._threads == 1:
            rows = self._vectors(texts)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                parts = pool.map(self._vectors, [texts[i : i + _TOGETHER] for i in range(0, len(texts), _TOGETHER)])
                rows = [row for part in parts for row in part]
        return np.concatenate(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def _vectors(self, texts: Sequence[str]) -> list[Vectors]:
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(without_codes(text)).ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        if self._types:
            given["token_type_ids"] = np.zeros_like(ids)
        vector = self._session.run(None, given)[0]
        return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12), dtype=np.float32)


class CachedEncoder:
    """Encodes every text once: training asks for the same texts again and again."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._known: dict[str, npt.NDArray[np.float32]] = {}
        self.name, self.dimension = encoder.name, encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        new = sorted({text for text in texts if text not in self._known})
        self._known.update(zip(new, self._encoder.encode(new), strict=True))
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([self._known[text] for text in texts])
