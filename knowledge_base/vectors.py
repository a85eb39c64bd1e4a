"""The vectors of all texts in FAISS: compared one by one while they are few, by inverted lists (IVF) when they are many."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
EXACT_UP_TO = 50_000
"""Texts that are all compared with a question; that many take a few milliseconds."""
CELLS_PER_ROOT, CELLS_READ = 4, 64
"""Inverted lists: 4 × the root of the number of texts (as FAISS's guidelines have it), of which a question reads the nearest 64."""
_TRAINED_ON = 40
"""Texts per cell that the cells are found with."""
NEAREST = 1000
"""Texts that a question is told of when not all are compared."""


class VectorIndex:
    """`build` or `load` one; safe for concurrent reading. Vectors have length 1, so products are cosines."""

    def __init__(self, index: Any) -> None:
        """`index`: a faiss index of inner products over at least one dimension."""
        self.faiss = index
        self._all: Floats | None = index.reconstruct_n(0, index.ntotal) if _is_exact(index) and index.ntotal else None

    @classmethod
    def build(cls, vectors: Floats, *, exact_up_to: int = EXACT_UP_TO) -> VectorIndex:
        """Index `vectors` (n, dimension). Deterministic."""
        import faiss

        count, dimension = len(vectors), max(vectors.shape[1], 1)
        index: Any = faiss.IndexFlatIP(dimension)
        if count > exact_up_to:
            cells = int(CELLS_PER_ROOT * np.sqrt(count))
            index = faiss.IndexIVFScalarQuantizer(index, dimension, cells, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
            index.cp.max_points_per_centroid = _TRAINED_ON
            index.train(vectors)
            index.nprobe = CELLS_READ
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    def save(self, file: Path) -> None:
        import faiss

        faiss.write_index(self.faiss, str(file))

    @classmethod
    def load(cls, file: Path) -> VectorIndex:
        """Raises `RuntimeError` when the file is no index."""
        import faiss

        return cls(faiss.read_index(str(file)))

    def all(self) -> Floats:
        """(n, dimension): every vector, as exact as the index holds it."""
        if self._all is not None:
            return self._all
        if self.faiss.ntotal and not _is_exact(self.faiss):
            self.faiss.make_direct_map()
        return np.asarray(self.faiss.reconstruct_n(0, self.faiss.ntotal), dtype=np.float32).reshape(-1, self.faiss.d)

    def scores(self, vector: Floats) -> Floats:
        """(n,) cosines with `vector` (dimension,); with many texts those of the nearest, and for the rest that of the last of these."""
        if self._all is not None:
            return np.asarray(self._all @ vector, dtype=np.float32)
        likeness, places = self.nearest(vector[None], NEAREST)
        found = np.full(self.faiss.ntotal, likeness[0][places[0] >= 0].min(initial=1.0), dtype=np.float32)
        found[places[0][places[0] >= 0]] = likeness[0][places[0] >= 0]
        return found

    def nearest(self, vectors: Floats, count: int) -> tuple[Floats, npt.NDArray[np.int64]]:
        """Cosines and rows (questions, count) of the nearest texts, best first; row −1 where there are fewer."""
        if not self.faiss.ntotal:
            return np.zeros((len(vectors), 0), np.float32), np.zeros((len(vectors), 0), np.int64)
        likeness, places = self.faiss.search(np.ascontiguousarray(vectors, dtype=np.float32), count)
        return likeness, places


def _is_exact(index: Any) -> bool:
    import faiss

    return isinstance(index, faiss.IndexFlat)
