"""Section `jd`: real messages of a large shop (jd_intents_zh, 123 intents), five folds: the engine beside character TF-IDF."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from bot.nlu.encoder import CachedEncoder, SentenceEncoder
from bot.nlu.export import export_encoder
from bot.nlu.fitting import INTENT_HEAD
from bot.nlu.folds import calibration_part
from bot.nlu.labelled import Reader, fit_labelled
from bot.nlu.lexical import NgramVectoriser, without_codes
from bot.nlu.normalise import plain
from bot.nlu.pretrain.adapt import EPOCHS, adapt, epochs
from bot.nlu.pretrain.classes import make_classes
from bot.nlu.pretrain.pairs import read_jd_intents
from bot.nlu.pretrain.settings import Recipe
from bot.settings import load_settings
from evaluation.report import Section, Table, percent

_FOLDS = 5
_SHIPPED, _ADAPTED, _TFIDF = "zhanggui, encoder as shipped", "zhanggui, encoder adapted", "character TF-IDF + logistic regression"
Labels = npt.NDArray[np.str_]


def measure(data: Path) -> Section:
    """Accuracy over all rows."""
    texts, labels = zip(*read_jd_intents(data), strict=True)
    truth = np.array(labels)
    predicted = {name: np.empty(len(texts), dtype=object) for name in (_SHIPPED, _ADAPTED, _TFIDF)}
    normal = [plain(text) for text in texts]
    shipped = Path(load_settings().nlu.encoder)
    folds = np.zeros(len(texts), dtype=np.int64)
    for fold, (train, test) in enumerate(StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(texts, labels)):
        folds[test] = fold
        known, asked, right = [normal[i] for i in train], [normal[i] for i in test], list(truth[train])
        predicted[_SHIPPED][test] = _heads(shipped, known, right, asked)
        predicted[_ADAPTED][test] = _adapted(shipped, known, right, asked)
        predicted[_TFIDF][test] = _tfidf([texts[i] for i in train], right, [texts[i] for i in test])
    return _section(texts, truth, folds, predicted)


def _what_it_knows() -> str:
    """How far the encoder was trained on these rows, from its own manifest."""
    file = Path(load_settings().nlu.encoder) / "manifest.json"
    tasks = json.loads(file.read_text(encoding="utf-8")).get("tasks", {}) if file.is_file() else {}
    if "jd_intents" in tasks:
        return "This encoder was trained on four fifths of these labels: the figures flatter it."
    return "The encoder has read most of these texts, unlabelled."


def _adapted(encoder: Path, known: list[str], labels: list[str], asked: list[str]) -> Labels:
    """The encoder fine-tuned on the known messages but for their calibration part, heads on all of them."""
    kept = np.flatnonzero(~calibration_part(known))
    classes = [make_classes("intents", 1.0, [(without_codes(known[i]), labels[i]) for i in kept])]
    with TemporaryDirectory() as folder:
        out = Path(folder) / "encoder"
        budget = epochs(classes, EPOCHS, batch=Recipe.pairs_per_batch)
        adapt(encoder, classes, Recipe(data=Path(), out=out, work=Path(folder), contrastive=budget, show_progress=False))
        return _heads(out, known, labels, asked)


def _heads(encoder: Path, known: list[str], labels: list[str], asked: Sequence[str]) -> Labels:
    with TemporaryDirectory() as folder:
        export_encoder(str(encoder), Path(folder))
        reader = Reader(CachedEncoder(SentenceEncoder(Path(folder), threads=2)), NgramVectoriser.fit(known))  # read into memory whole
    unseen = calibration_part(known)
    head = fit_labelled(known, labels, reader, INTENT_HEAD, seed=0, unseen=unseen).head
    logits = [head.logits(reader.encoder.encode([text])[0], reader.vectoriser.row(text)) for text in asked]
    return np.array(head.labels)[np.argmax(logits, axis=1)]


def _tfidf(known: list[str], labels: list[str], asked: list[str]) -> Labels:
    vectoriser = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=2, dtype=np.float32)
    model = LogisticRegression(C=10, max_iter=300).fit(vectoriser.fit_transform(known), labels)
    return np.array(model.predict(vectoriser.transform(asked)))


def _section(texts: Sequence[str], truth: Labels, folds: npt.NDArray[np.int64], predicted: dict[str, npt.NDArray[np.object_]]) -> Section:
    scores = {name: [float((p[folds == f] == truth[folds == f]).mean()) for f in range(_FOLDS)] for name, p in predicted.items()}
    means = {name: float((p == truth).mean()) for name, p in predicted.items()}
    rows = tuple((name, percent(means[name]), " ".join(percent(s) for s in scores[name])) for name in predicted)
    ours = predicted[_ADAPTED]
    items = tuple({"text": t, "intent": str(i), "found": str(p)} for t, i, p in zip(texts, truth, ours, strict=True))
    note = f"{_what_it_knows()} Adapted: fine-tuned on each fold's training part for the default epochs."
    return Section(f"jd_intents_zh, {len(texts)} rows, five folds", (Table(("system", "accuracy", "per fold"), rows, note),), means, items)
