"""Intent classification by cross-validation on nlu_data, near-duplicates kept in one fold, ours beside peers on the same folds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table
from sklearn.metrics import f1_score

from bot.nlu.data import Example, load_examples
from bot.nlu.folds import grouped_folds
from bot.nlu.normalise import plain
from bot.settings import load_settings
from evaluation import diet

PEERS = ("none", "tfidf", "all")
Labels = npt.NDArray[np.str_]
Predict = Callable[[Sequence[Example], Sequence[Example]], list[str]]


def run(*, peers: str, folds: int, epochs: int, tune_threshold: bool, all_languages: bool = False) -> None:
    """Print one table of macro-F1 and accuracy, of Chinese or of every language by itself (fitted together).

    Raises SystemExit for an unknown value of `peers`.
    """
    if peers not in PEERS:
        raise SystemExit(f"--peers is one of {', '.join(PEERS)}, got {peers!r}")
    settings = load_settings()
    examples = [e for e in load_examples(Path("nlu_data")) if all_languages or e.language == "zh"]
    fold_of = np.array(
        grouped_folds([plain(e.text) for e in examples], [e.intent for e in examples], folds=folds, seed=settings.nlu.random_seed)
    )
    truth = np.array([e.intent for e in examples])
    console, table = Console(), Table("system", "macro-F1", "accuracy", "macro-F1 per fold")
    ours, confidence = _ours(examples, fold_of, settings.nlu.encoder, settings.nlu.random_seed)
    spoken = np.array([e.language for e in examples])
    for language in sorted(set(spoken)):
        own = spoken == language
        _add(table, f"zhanggui, {language}", truth[own], ours[own], fold_of[own])
    if peers != "none":
        _add(table, "character TF-IDF + logistic regression", truth, _crossed(examples, fold_of, _tfidf), fold_of)
    if peers == "all":
        _add(table, f"Rasa DIET, {epochs} epochs", truth, _crossed(examples, fold_of, lambda a, b: _diet(a, b, epochs)), fold_of)
    console.print(f"{len(examples)} examples, {len(set(truth))} intents, {folds} folds, near-duplicates in one fold")
    console.print(table)
    if tune_threshold:
        console.print(_thresholds(truth, ours, confidence))


def _ours(examples: Sequence[Example], fold_of: npt.NDArray[np.int64], encoder: str, seed: int) -> tuple[Labels, npt.NDArray[np.float32]]:
    """Held-out intents and calibrated confidences, by the very function that training uses."""
    from bot.nlu.encoder import SentenceEncoder
    from bot.nlu.fitting import INTENT_HEAD, extra_texts, fit_labelled, load_sources, vectoriser_of
    from knowledge_base.fit import CachedEncoder

    sources = load_sources(Path())
    texts, labels = [plain(e.text) for e in examples], [e.intent for e in examples]
    cached = CachedEncoder(SentenceEncoder(encoder, threads=2))
    vectoriser, extra = vectoriser_of(texts, sources), extra_texts(replace(sources, examples=list(examples)), seed=seed)
    fitted = fit_labelled(texts, labels, cached, vectoriser, INTENT_HEAD, seed=seed, extra=extra, folds=fold_of)
    best = fitted.held_out.argmax(axis=1)
    return np.array(fitted.labels)[best], fitted.held_out.max(axis=1)


def _crossed(examples: Sequence[Example], fold_of: npt.NDArray[np.int64], predict: Predict) -> Labels:
    predicted = np.empty(len(examples), dtype=object)
    for fold in range(int(fold_of.max()) + 1):
        train = [e for e, own in zip(examples, fold_of, strict=True) if own != fold]
        test = np.flatnonzero(fold_of == fold)
        predicted[test] = predict(train, [examples[i] for i in test])
    return predicted.astype(str)


def _tfidf(train: Sequence[Example], test: Sequence[Example]) -> list[str]:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2, dtype=np.float32)
    model = LogisticRegression(C=10, max_iter=300)
    model.fit(vectoriser.fit_transform([e.text for e in train]), [e.intent for e in train])
    return [str(label) for label in model.predict(vectoriser.transform([e.text for e in test]))]


def _diet(train: Sequence[Example], test: Sequence[Example], epochs: int) -> list[str]:
    return diet.predict([(e.text, e.intent) for e in train], [e.text for e in test], epochs=epochs)


def _add(table: Table, name: str, truth: Labels, predicted: Labels, fold_of: npt.NDArray[np.int64]) -> None:
    per_fold = [f1_score(truth[fold_of == f], predicted[fold_of == f], average="macro") for f in range(int(fold_of.max()) + 1)]
    whole = f1_score(truth, predicted, average="macro")
    table.add_row(name, f"{whole:.4f}", f"{(truth == predicted).mean():.4f}", " ".join(f"{score:.3f}" for score in per_fold))


def _thresholds(truth: Labels, predicted: Labels, confidence: npt.NDArray[np.float32]) -> Table:
    table = Table("intent_threshold", "kept", "of these right", "right ones lost")
    for threshold in np.arange(0.1, 0.75, 0.05):
        kept = confidence >= threshold
        right = truth == predicted
        table.add_row(f"{threshold:.2f}", f"{kept.mean():.1%}", f"{right[kept].mean():.1%}", f"{(right & ~kept).sum() / right.sum():.1%}")
    return table
