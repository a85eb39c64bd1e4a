"""The sentence encoder: any sentence-transformers model, from a folder or by hub name. One pass gives the vector all heads share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from bot.nlu.lexical import without_codes

Vectors = npt.NDArray[np.float32]


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
    """sentence-transformers without its per-call bookkeeping."""

    def __init__(self, name: str, *, threads: int = 1) -> None:
        """Raises `EncoderError` when there is no usable model under `name`."""
        import torch  # seconds to import: only where a model is really loaded
        from sentence_transformers import SentenceTransformer

        torch.set_num_threads(threads)
        self._torch = torch
        try:
            self._model: Any = SentenceTransformer(name, device="cpu")
        except Exception as exc:  # the library raises many kinds; the reader needs one sentence
            raise EncoderError(
                f"the encoder {name!r} cannot be loaded ({type(exc).__name__}: {exc}); see nlu.encoder in config.yml"
            ) from exc
        self._model.eval()
        self.name = name
        self._prepare: Any = getattr(self._model, "preprocess", None) or self._model.tokenize
        self.dimension = int(self.encode(["好"]).shape[1])

    def encode(self, texts: Sequence[str], *, batch_size: int = 64) -> Vectors:
        """(n, dimension) float32 rows of length 1, order numbers left out (`without_codes`). Texts of similar length share a batch."""
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        texts = [without_codes(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows: list[Vectors] = []
        with self._torch.inference_mode():
            for start in range(0, len(order), batch_size):
                batch = self._prepare([texts[i] for i in order[start : start + batch_size]])
                rows.append(self._model(batch)["sentence_embedding"].float().numpy())
        stacked = np.concatenate(rows)
        result = np.empty_like(stacked)
        result[order] = stacked
        norms = np.maximum(np.linalg.norm(result, axis=1, keepdims=True), 1e-12)
        return np.asarray(result / norms, dtype=np.float32)
