"""Section `intents`: understanding on the validation set, by language, beside the peers, and under noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.data import load_examples
from bot.nlu.language import LANGUAGES
from bot.nlu.release import FOLDER, load_parser
from bot.settings import load_settings
from evaluation import metrics, peers
from evaluation.report import Section, Table, percent
from evaluation.understanding import Outcome, figures, noisy_intents, outcomes, scope, second_annotator, validation_set

PEERS = ("none", "tfidf", "all")
_NOISE_NOTE = "On one character in eight, at least one; full width on all Latin letters and digits."


def measure(*, with_peers: str, epochs: int) -> Section:
    """Raises SystemExit for an unknown value of `with_peers`, ReleaseError when nothing is trained."""
    if with_peers not in PEERS:
        raise SystemExit(f"--peers is one of {', '.join(PEERS)}, got {with_peers!r}")
    settings = load_settings()
    nlu, rates = settings.nlu, settings.knowledge.rates()
    parser = load_parser(FOLDER, encoder=nlu.encoder, rates=rates, want_threshold=nlu.want_threshold, threads=2)
    by_language = {language: [e for e in validation_set() if e.language == language] for language in LANGUAGES}
    found = {language: outcomes(examples, parser) for language, examples in by_language.items()}
    measured = {language: figures(rows) for language, rows in found.items()}
    noisy = {
        name: metrics.macro_f1([e.intent for e in by_language["zh"]], predicted)
        for name, predicted in noisy_intents(by_language["zh"], parser).items()
    }
    beside = _peers(with_peers, epochs)
    return Section(
        "Understanding, on the validation set",
        (
            _by_language(measured),
            _second_annotator(measured),
            _at_threshold(found["zh"], nlu.intent_threshold),
            _beside(measured["zh"]["macro_f1"], beside),
            _under_noise(measured["zh"]["macro_f1"], noisy),
        ),
        {"languages": measured, "peers": beside, "noise": noisy},
        tuple(_item(row) for rows in found.values() for row in rows),
        {"confusion": _confusion(found["zh"]), "reliability": _reliability(found["zh"]), "scope": _scope_plot(found["zh"])},
    )


def _peers(which: str, epochs: int) -> dict[str, float]:
    """Macro-F1 on the Chinese validation examples of systems trained on the Chinese training examples."""
    train = [e for e in load_examples(Path("nlu_data")) if e.language == "zh"]
    test = [e for e in validation_set() if e.language == "zh"]
    truth = [e.intent for e in test]
    made = {}
    if which != "none":
        made["character TF-IDF + logistic regression"] = metrics.macro_f1(truth, peers.tfidf(train, test))
    if which == "all":
        made[f"Rasa DIET + JiebaTokenizer, {epochs} epochs"] = metrics.macro_f1(truth, peers.rasa_diet(train, test, epochs=epochs))
    return made


def _by_language(measured: dict[str, dict[str, float]]) -> Table:
    header = ("language", "examples", "macro-F1", "accuracy", "calibration error", "out-of-scope recall at 95 % acceptance", "entity F1")
    keys = ("macro_f1", "accuracy", "calibration_error", "out_of_scope_recall", "entity_f1")
    rows = tuple((name, str(int(m["examples"])), *(f"{m[key]:.3f}" for key in keys)) for name, m in measured.items())
    return Table(header, rows, "Out-of-scope recall is at the threshold that accepts 95 % of this very set's other messages.")


def _second_annotator(measured: dict[str, dict[str, float]]) -> Table:
    rows = []
    for language, ours in measured.items():
        second = second_annotator(language)
        marks = (str(second.marked), f"{second.entity_f1:.3f}") if second.entity_f1 is not None else ("0", "")
        rows.append((language, str(second.examples), f"{second.macro_f1:.3f}", f"{ours['macro_f1']:.3f}", *marks))
    header = ("second annotator", "messages labelled", "macro-F1", "zhanggui's", "messages marked", "entity F1")
    return Table(
        header,
        tuple(rows),
        "The same texts labelled and marked once more, from the contract's definitions, by somebody who did not see the first labels.",
    )


def _at_threshold(rows: Sequence[Outcome], configured: float) -> Table:
    """What nlu.intent_threshold lets through, beside its neighbours."""
    confidence = np.array([row.confidence for row in rows])
    right = np.array([row.intent == row.example.intent for row in rows])
    cells = []
    for threshold in sorted({configured, *(round(configured + step, 2) for step in (-0.2, -0.1, 0.1, 0.2))}):
        kept = confidence >= threshold
        lost = (right & ~kept).sum() / max(right.sum(), 1)
        cells.append((f"{threshold:.2f}", percent(kept.mean()), percent(right[kept].mean()), percent(lost)))
    return Table(("intent threshold, Chinese", "understood", "of these right", "right ones lost"), tuple(cells))


def _beside(ours: float, beside: dict[str, float]) -> Table:
    rows = [("zhanggui", f"{ours:.3f}", "")]
    rows += [(name, f"{score:.3f}", percent(1 - (1 - ours) / (1 - score))) for name, score in beside.items()]
    return Table(("Chinese, same examples", "macro-F1", "of its errors that ours avoids"), tuple(rows))


def _under_noise(clean: float, noisy: dict[str, float]) -> Table:
    rows = (("none", f"{clean:.3f}", ""), *((name, f"{score:.3f}", f"{100 * (clean - score):.1f}") for name, score in noisy.items()))
    return Table(("noise", "macro-F1", "points lost"), rows, _NOISE_NOTE)


def _item(row: Outcome) -> dict[str, Any]:
    return {
        "text": row.example.text, "language": row.example.language, "intent": row.example.intent, "found": row.intent,
        "confidence": row.confidence, "entities": sorted(row.spans),
        "marked": sorted((span.start, span.end, span.entity) for span in row.example.spans),
    }  # fmt: skip


def _confusion(rows: Sequence[Outcome]) -> Callable[[Any], None]:
    labels = sorted({row.example.intent for row in rows})
    place = {label: i for i, label in enumerate(labels)}
    counts = np.zeros((len(labels), len(labels)))
    for row in rows:
        if row.intent in place:
            counts[place[row.example.intent], place[row.intent]] += 1

    def draw(axes: Any) -> None:
        axes.imshow(counts / np.maximum(counts.sum(1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1)
        axes.set_xticks(range(len(labels)), labels, rotation=90, fontsize=4)
        axes.set_yticks(range(len(labels)), labels, fontsize=4)
        axes.set_xlabel("found")
        axes.set_ylabel("meant")

    return draw


def _reliability(rows: Sequence[Outcome]) -> Callable[[Any], None]:
    right = np.array([row.intent == row.example.intent for row in rows])
    bins = metrics.reliability(np.array([row.confidence for row in rows]), right)

    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color="grey", linewidth=1)
        axes.scatter([b.confidence for b in bins], [b.accuracy for b in bins], s=[600 * b.share + 8 for b in bins])
        axes.set_xlabel("confidence")
        axes.set_ylabel("share right (area: share of messages)")

    return draw


def _scope_plot(rows: Sequence[Outcome]) -> Callable[[Any], None]:
    accepted, caught = scope(rows)

    def draw(axes: Any) -> None:
        axes.plot(accepted, caught)
        axes.axvline(0.95, color="grey", linewidth=1)
        axes.set_xlabel("in-scope messages accepted")
        axes.set_ylabel("out-of-scope messages caught")

    return draw
