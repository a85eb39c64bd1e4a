"""Lessons from a teacher: texts whose neighbourhood an English sentence encoder knows, in English and, through translations, elsewhere.

A batch of texts is learned by likeness alone (relational distillation, after Park et al. 2019): the student's similarities between the
texts of a batch, as a softmax over each row, shall be those of the teacher. A translation takes the place of its English sentence, so
that what the teacher knows of English reaches the other languages (after Reimers & Gurevych 2020).
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.functional import kl_div, log_softmax, softmax

from bot.nlu.data import load_examples
from bot.nlu.pretrain.pairs import benchmark_sentences
from bot.nlu.pretrain.sources import is_open_pair_source, line_files

SHARE = 0.15
"""Of all steps of the stage."""
_SHARPNESS = 15.0
_MAX_CHARS = 160
_ENGLISH = "en"
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Taught:
    """`texts` (n) with the teacher's vector of what each says in English: rows `places` (n,) of `vectors`, of length 1."""

    texts: list[str]
    places: npt.NDArray[np.int64]
    vectors: Floats


@dataclass(frozen=True)
class Lesson:
    """The texts of one step and the teacher's vectors for them, float32 [texts, teacher's dimension]."""

    texts: list[str]
    vectors: Floats


def read_taught(teacher: Path, data: Path, examples: Path | None, *, sources: str, cache: Path | None = None) -> Taught:
    """English sentences of the run, and sentences of other languages with an English translation; `teacher` is a folder. No sentence of
    a benchmark is among them: what the teacher finds alike would be an answer to it."""
    kept_out = benchmark_sentences(data)
    english = sorted(set(_english_lines(data, examples, sources)) - kept_out)
    said = [pair for pair in translations(data, sources=sources) if not kept_out & set(pair)]
    sentences = sorted({*english, *(meaning for _, meaning in said)})
    place = {sentence: i for i, sentence in enumerate(sentences)}
    pairs = [*((sentence, sentence) for sentence in english), *said]
    vectors = _encoded(teacher, sentences, cache)
    return Taught([text for text, _ in pairs], np.array([place[meaning] for _, meaning in pairs]), vectors)


def draw_lessons(taught: Taught, size: int) -> Callable[[np.random.Generator], Lesson]:
    """A function that draws `size` texts of all languages."""

    def draw(rng: np.random.Generator) -> Lesson:
        chosen = rng.choice(len(taught.texts), min(size, len(taught.texts)), replace=False)
        return Lesson([taught.texts[i] for i in chosen], taught.vectors[taught.places[chosen]])

    return draw


def lesson_loss(vectors: torch.Tensor, taught: torch.Tensor) -> torch.Tensor:
    """How far the student's neighbourhoods are from the teacher's: mean KL divergence; both [texts, …], rows of length 1."""
    itself = torch.eye(len(vectors), dtype=torch.bool, device=vectors.device)
    ours = (_SHARPNESS * vectors @ vectors.T).masked_fill(itself, -1e4)
    theirs = (_SHARPNESS * taught @ taught.T).masked_fill(itself, -1e4)
    return kl_div(log_softmax(ours, dim=1), softmax(theirs, dim=1), reduction="batchmean")


def translations(data: Path, *, sources: str) -> list[tuple[str, str]]:
    """(sentence, the same in English), by the files of sentence pairs: Chinese at once, other languages by way of the Chinese."""
    by_language: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for chinese, other, source in _cross_lingual(data / "pretrain" / "pairs" / "cross_lingual.tsv.gz"):
        if sources == "open" and not is_open_pair_source(source):
            continue
        by_language[source.rpartition("-")[2]].append((chinese, other))
    in_english = dict(by_language.pop(_ENGLISH, []))
    found = list(in_english.items())
    for pairs in by_language.values():
        found += [(other, in_english[chinese]) for chinese, other in pairs if chinese in in_english]
    return sorted({(text, meaning) for text, meaning in found if max(len(text), len(meaning)) <= _MAX_CHARS})


def _cross_lingual(path: Path) -> Iterator[tuple[str, str, str]]:
    if not path.exists():
        return
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            if len(row) == 4 and row[3] != "source" and row[0] and row[1]:
                yield row[0], row[1], row[3]


def _english_lines(data: Path, examples: Path | None, sources: str) -> Iterator[str]:
    for path in line_files(data, sources):
        if path.name.startswith(f"{_ENGLISH}_"):
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                yield from (text for line in lines if 2 < len(text := line.strip()) <= _MAX_CHARS)
    if examples:
        yield from (example.text for example in load_examples(examples) if example.language == _ENGLISH)


def _encoded(teacher: Path, sentences: list[str], cache: Path | None) -> Floats:
    """The teacher's vectors in half precision, kept beside the teacher's name and the sentences they belong to."""
    if cache is not None and cache.exists():
        with np.load(cache) as kept:
            if str(kept["teacher"]) == str(teacher) and kept["sentences"].tolist() == sentences:
                return np.asarray(kept["vectors"], dtype=np.float32)
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(teacher), device="cuda" if torch.cuda.is_available() else "cpu")
    made = model.encode(sentences, batch_size=64, normalize_embeddings=True, show_progress_bar=True, convert_to_numpy=True)
    vectors = made.astype(np.float16)
    if cache is not None:
        np.savez(cache, teacher=str(teacher), sentences=np.array(sentences), vectors=vectors)
    return np.asarray(vectors, dtype=np.float32)
