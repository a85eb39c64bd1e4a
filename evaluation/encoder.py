"""Section `encoder`: the encoder on pairs of sentences, beside character TF-IDF."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.stats import spearmanr
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import normalize

from bot.nlu.encoder import SentenceEncoder, Vectors
from bot.nlu.pretrain.pairs import read_stsb
from bot.nlu.release import ENCODER, FOLDER
from evaluation.report import Section, Table

Floats = npt.NDArray[np.float64]
Embed = Callable[[list[str]], Vectors]
Pairs = list[tuple[str, str, float]]


@dataclass(frozen=True)
class Row:
    """One line of the table: the encoder's value beside character TF-IDF."""

    name: str
    metric: str
    encoder: float
    tfidf: float


def measure(data: Path) -> Section:
    """The encoder as the release runs it. No pair of these files is trained on; single sentences may stand in its unlabelled text."""
    embed: Embed = SentenceEncoder(FOLDER / ENCODER, threads=2).encode
    rows = [_pair_row(name, pairs, embed, graded=graded) for name, graded, pairs in _pair_sets(data)]
    table = Table(
        ("set", "metric", "encoder", "character TF-IDF"),
        tuple((row.name, row.metric, f"{row.encoder:.2f}", f"{row.tfidf:.2f}") for row in rows),
        "Cosine of two sentences; TF-IDF of 1–2 characters, fitted on the sentences of each set.",
    )
    return Section("The encoder alone, on pairs", (table,), {row.name: {"encoder": row.encoder, "tfidf": row.tfidf} for row in rows})


def _pair_row(name: str, pairs: Pairs, embed: Embed, *, graded: bool) -> Row:
    a, b, grades = [row[0] for row in pairs], [row[1] for row in pairs], np.array([row[2] for row in pairs])
    ours = (embed(a) * embed(b)).sum(1)
    score, metric = (_spearman, "Spearman × 100") if graded else (_auc, "ROC AUC × 100")
    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True).fit([*a, *b])
    theirs = np.asarray(normalize(words.transform(a)).multiply(normalize(words.transform(b))).sum(1)).ravel()
    return Row(f"{name} ({len(pairs)})", metric, score(ours, grades), score(theirs, grades))


def _spearman(scores: Floats, grades: Floats) -> float:
    return 100 * float(spearmanr(scores, grades).statistic)


def _auc(scores: Floats, grades: Floats) -> float:
    return 100 * float(roc_auc_score(grades > 0.5, scores))


def _pair_sets(data: Path) -> Iterator[tuple[str, bool, Pairs]]:
    for language in ("zh", "en", "ja", "es"):
        yield f"STS-B {language} dev", True, read_stsb(data / "sts" / f"stsb-{language}-dev.csv.gz")
    korean = _tsv(data / "sts" / "korsts-dev.tsv.gz")
    yield "KorSTS dev", True, [(row[5], row[6], float(row[4])) for row in korean if len(row) == 7 and row[4] != "score"]
    with gzip.open(data / "sts" / "jsts-valid.json.gz", "rt", encoding="utf-8") as lines:
        yield "JSTS valid, benchmark", True, [(row["sentence1"], row["sentence2"], row["label"]) for row in map(json.loads, lines)]
    folder = data / "pairs_benchmark_zh"
    yield "STS-B zh test, benchmark", True, _labelled(folder / "stsb_zh_test.txt.gz")
    for name in ("lcqmc_test", "afqmc_dev"):
        yield f"{name}, benchmark", False, _labelled(folder / f"{name}.txt.gz")
    pawsx = [tuple(row[1:]) for row in _tsv(folder / "pawsx_test.tsv.gz") if len(row) == 4 and row[3] in "01"]
    yield "pawsx_test, benchmark", False, [(a, b, float(label)) for a, b, label in pawsx]


def _labelled(path: Path) -> Pairs:
    return [(row[0], row[1], float(row[2])) for row in _tsv(path) if len(row) == 3]


def _tsv(path: Path) -> list[list[str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
