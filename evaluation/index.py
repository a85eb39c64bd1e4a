"""Section `index`: the vector index that a large knowledge base gets, on a million real sentences, beside exact search."""

from __future__ import annotations

import gzip
import hashlib
import os
import random
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]
from tqdm import tqdm  # type: ignore[import-untyped]

from bot.nlu.encoder import SentenceEncoder
from bot.nlu.normalise import plain
from bot.nlu.release import ENCODER, FOLDER
from evaluation.report import KEPT, Section, Table
from evaluation.understanding import validation_set
from knowledge_base.vectors import CELLS_READ, EXACT_UP_TO, VectorIndex

Floats = npt.NDArray[np.float32]
_TOP = 10
_ASKED, _SEED = 1000, 7
_ENCODED_TOGETHER = 20_000


def measure(data: Path, count: int) -> Section:
    """`count` sentences of the public data sets as texts, validation messages as questions. The vectors are kept for the next run."""
    questions = random.Random(_SEED).sample([plain(example.text) for example in validation_set()], _ASKED)
    encoder = SentenceEncoder(FOLDER / ENCODER, threads=os.cpu_count() or 1)
    asked, vectors = encoder.encode(questions), _encoded(data, count, encoder)
    truth = _exact(vectors, asked)
    began = time.perf_counter()
    index = VectorIndex.build(vectors)
    build_s = time.perf_counter() - began
    figures = {
        "sentences": float(len(vectors)),
        "recall@10": _recall(index, asked, truth),
        **_latency(index, asked),
        "exact p95, ms": float(np.percentile(_exact_ms(vectors, asked[:50]), 95)),
        "build, s": build_s,
        "on disk, MB": _megabytes(index),
        "exact on disk, MB": vectors.nbytes / 1e6,
    }
    rows = tuple((name, f"{value:.3f}" if name.startswith("recall") else f"{value:,.1f}") for name, value in figures.items())
    kind = f"{type(index.faiss).__name__}, {CELLS_READ} cells read" if len(vectors) > EXACT_UP_TO else "exact"
    note = f"{kind}, {vectors.shape[1]} dimensions, one thread a question, one question at a time; {len(questions)} questions."
    return Section("The vector index on a large knowledge base", (Table(("figure", "value"), rows, note),), figures)


def _encoded(data: Path, count: int, encoder: SentenceEncoder) -> Floats:
    """(count, dimension): kept as half precision under the hash of the encoder's file."""
    version = hashlib.sha256((FOLDER / ENCODER / "model.onnx").read_bytes()).hexdigest()[:12]
    file = KEPT / f"vectors-{version}-{count}.npy"
    if file.exists():
        return np.asarray(np.load(file, allow_pickle=False), dtype=np.float32)
    lines = list(islice(dict.fromkeys(_lines(data)), count))
    parts = [
        encoder.encode(lines[i : i + _ENCODED_TOGETHER]).astype(np.float16)
        for i in tqdm(range(0, len(lines), _ENCODED_TOGETHER), desc="sentences", unit=f"{_ENCODED_TOGETHER}")
    ]
    vectors = np.concatenate(parts)
    KEPT.mkdir(parents=True, exist_ok=True)
    np.save(file, vectors)
    return np.asarray(vectors, dtype=np.float32)


def _lines(data: Path) -> Iterator[str]:
    for path in sorted((data / "pretrain" / "lines").glob("*.txt.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from (text for line in lines if (text := plain(line)))


def _exact(vectors: Floats, asked: Floats) -> npt.NDArray[np.int64]:
    """(questions, 10) rows of the true neighbours."""
    best = [np.argpartition(-(vectors @ question), _TOP)[:_TOP] for question in asked]
    return np.stack(best)


def _recall(index: VectorIndex, asked: Floats, truth: npt.NDArray[np.int64]) -> float:
    _, places = index.nearest(asked, _TOP)
    return float(np.mean([len(set(a) & set(b)) / _TOP for a, b in zip(places.tolist(), truth.tolist(), strict=True)]))


def _latency(index: VectorIndex, asked: Floats) -> dict[str, float]:
    taken = []
    with threadpool_limits(1):
        for question in asked:
            began = time.perf_counter()
            index.nearest(question[None], _TOP)
            taken.append((time.perf_counter() - began) * 1000)
    return {"p50, ms": float(np.percentile(taken, 50)), "p95, ms": float(np.percentile(taken, 95))}


def _exact_ms(vectors: Floats, asked: Floats) -> list[float]:
    taken = []
    with threadpool_limits(1):
        for question in asked:
            began = time.perf_counter()
            np.argpartition(-(vectors @ question), _TOP)[:_TOP]
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def _megabytes(index: VectorIndex) -> float:
    with TemporaryDirectory() as folder:
        index.save(Path(folder) / "index.faiss")
        return (Path(folder) / "index.faiss").stat().st_size / 1e6
