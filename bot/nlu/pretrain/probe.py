"""Measures an encoder: `python -m bot.nlu.pretrain.probe --encoder models/encoder --data ../shared/data` prints the card's table."""

import argparse
import csv
import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.stats import spearmanr
from sentence_transformers import SentenceTransformer
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import normalize

from bot.nlu.pretrain.pairs import is_held_out, read_jd_intents, read_stsb

Embed = Callable[[list[str]], np.ndarray]
Pairs = list[tuple[str, str, float]]


@dataclass(frozen=True)
class Row:
    """One line of the table: the encoder's value beside character TF-IDF."""

    name: str
    metric: str
    encoder: float
    tfidf: float | None = None


def measure(encoder: Path, data: Path, *, threads: int, baseline: bool = True) -> list[Row]:
    """All rows of the table, with character TF-IDF beside them when `baseline`; benchmark files are read here and nowhere in training."""
    torch.set_num_threads(threads)
    model = SentenceTransformer(str(encoder), device="cpu")
    embed: Embed = lambda texts: model.encode(texts, batch_size=128, normalize_embeddings=True, show_progress_bar=False)  # noqa: E731
    rows = [_intents(data, embed, baseline), _intents_nearest(data, embed)]
    rows += [_pair_row(name, pairs, embed, graded=graded, baseline=baseline) for name, graded, pairs in _pair_sets(data)]
    return [*rows, Row("one sentence of 10 characters, one thread", "ms", speed_ms(model))]


def speed_ms(model: SentenceTransformer, *, sentence: str = "我的快递到哪里了呀？", rounds: int = 60) -> float:
    """Median milliseconds for one short sentence on one thread."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        model.encode([sentence], show_progress_bar=False)
        taken.append((time.perf_counter() - start) * 1000)
    torch.set_num_threads(before)
    return float(np.median(taken))


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table."""
    lines = ["| set | metric | encoder | character TF-IDF |", "|---|---|---|---|"]
    lines += [f"| {row.name} | {row.metric} | {row.encoder:.2f} | {'' if row.tfidf is None else f'{row.tfidf:.2f}'} |" for row in rows]
    return "\n".join(lines)


def _intents(data: Path, embed: Embed, baseline: bool) -> Row:
    train, test = _split(data)
    goal = [intent for _, intent in test]

    def accuracy(fit: Any, held: Any, strength: float) -> float:
        model = LogisticRegression(C=strength, max_iter=400).fit(fit, [intent for _, intent in train])
        return 100 * float(np.mean(model.predict(held) == np.array(goal)))

    ours = accuracy(embed([text for text, _ in train]), embed([text for text, _ in test]), 30.0)
    name = f"jd_intents_zh, {len(test)} held-out rows, linear probe"
    if not baseline:
        return Row(name, "accuracy %", ours)
    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True).fit([text for text, _ in train])
    theirs = accuracy(words.transform([text for text, _ in train]), words.transform([text for text, _ in test]), 10.0)
    return Row(name, "accuracy %", ours, theirs)


def _intents_nearest(data: Path, embed: Embed) -> Row:
    train, test = _split(data)
    likeness = embed([text for text, _ in test]) @ embed([text for text, _ in train]).T
    found = [train[place][1] for place in likeness.argmax(1)]
    right = np.mean([guess == intent for guess, (_, intent) in zip(found, test, strict=True)])
    return Row("jd_intents_zh, same rows, nearest neighbour", "accuracy %", 100 * float(right))


def _split(data: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    rows = read_jd_intents(data)
    return [row for row in rows if not is_held_out(row[0])], [row for row in rows if is_held_out(row[0])]


def _pair_row(name: str, pairs: Pairs, embed: Embed, *, graded: bool, baseline: bool) -> Row:
    a, b, grades = [row[0] for row in pairs], [row[1] for row in pairs], np.array([row[2] for row in pairs])
    ours = (embed(a) * embed(b)).sum(1)
    score, metric = (_spearman, "Spearman × 100") if graded else (_auc, "ROC AUC × 100")
    if not baseline:
        return Row(f"{name} ({len(pairs)})", metric, score(ours, grades))
    words = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True).fit([*a, *b])
    theirs = np.asarray(normalize(words.transform(a)).multiply(normalize(words.transform(b))).sum(1)).ravel()
    return Row(f"{name} ({len(pairs)})", metric, score(ours, grades), score(theirs, grades))


def _spearman(scores: np.ndarray, grades: np.ndarray) -> float:
    return 100 * float(spearmanr(scores, grades).statistic)


def _auc(scores: np.ndarray, grades: np.ndarray) -> float:
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


def main() -> None:
    """Print the table; with --write also put it into the encoder's manifest."""
    parser = argparse.ArgumentParser(prog="python -m bot.nlu.pretrain.probe", description=__doc__)
    parser.add_argument("--encoder", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--no-baseline", action="store_true", help="leave character TF-IDF out: its intent model takes minutes")
    parser.add_argument("--write", action="store_true", help="put the numbers into the encoder's manifest.json")
    options = parser.parse_args()
    rows = measure(options.encoder, options.data, threads=options.threads, baseline=not options.no_baseline)
    print(table(rows))
    if options.write:
        path = options.encoder / "manifest.json"
        manifest = json.loads(path.read_text(encoding="utf-8")) | {"metrics": [vars(row) for row in rows]}
        path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
