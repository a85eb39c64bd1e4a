"""Texts with classes for stage 2: what a shopper wants (the project's own examples) and feels (posts with emotions)."""

import gzip
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.data import load_examples
from bot.nlu.folds import calibration_part
from bot.nlu.lexical import without_codes
from bot.nlu.normalise import plain
from bot.nlu.pretrain.noise import add_noise

INTENTS_SHARE, _EMOTIONS_SHARE = 0.5, 0.04
_LANGUAGE_POWER = 0.75
_NOISY_SHARE = 0.2


@dataclass(frozen=True)
class Classes:
    """One set: `share` of all steps, `places` (n,) of each text's label in `labels`, `odds` (n,) of being drawn."""

    name: str
    share: float
    labels: tuple[str, ...]
    texts: list[str]
    places: np.ndarray
    odds: np.ndarray


@dataclass(frozen=True)
class Judged:
    """The texts of one step with the places of their labels, int64 [texts]; `name` of the head that judges them."""

    name: str
    texts: list[str]
    labels: np.ndarray


def read_classes(examples: Path | None, data: Path, *, sources: str) -> list[Classes]:
    """Intents of `examples` (nlu_data) but for their calibration part, and emotions; either may be absent."""
    found = [_intents(examples)] if examples else []
    emotions = _emotions(data) if sources == "all" else []
    if emotions:
        found.append(make_classes("emotions", _EMOTIONS_SHARE, emotions))
    return found


def draw_classes(part: Classes, size: int, same_sound: dict[str, str]) -> Callable[[np.random.Generator], Judged]:
    """A function that draws `size` texts, some of them misspelled."""
    odds = part.odds / part.odds.sum()

    def draw(rng: np.random.Generator) -> Judged:
        speller = random.Random(int(rng.integers(2**31)))
        chosen = rng.choice(len(part.texts), min(size, len(part.texts)), replace=False, p=odds)
        texts = [part.texts[place] for place in chosen]
        texts = [add_noise(text, same_sound, speller) if speller.random() < _NOISY_SHARE else text for text in texts]
        return Judged(part.name, texts, part.places[chosen])

    return draw


def make_classes(name: str, share: float, rows: list[tuple[str, str]], odds: np.ndarray | None = None) -> Classes:
    """`rows` are (text, label); all are drawn alike without `odds`."""
    labels = tuple(sorted({label for _, label in rows}))
    place = {label: i for i, label in enumerate(labels)}
    odds = np.ones(len(rows)) if odds is None else odds
    return Classes(name, share, labels, [text for text, _ in rows], np.array([place[label] for _, label in rows]), odds)


def _intents(folder: Path) -> Classes:
    """Read as the intent head will read them; smaller languages are drawn more often than their number says."""
    examples = load_examples(folder)
    texts = [plain(example.text) for example in examples]
    kept = np.flatnonzero(~calibration_part(texts))
    _, place, counts = np.unique([examples[i].language for i in kept], return_inverse=True, return_counts=True)
    odds = (counts**_LANGUAGE_POWER / counts)[place]
    return make_classes("intents", INTENTS_SHARE, [(without_codes(texts[i]), examples[i].intent) for i in kept], odds)


def _emotions(data: Path) -> list[tuple[str, str]]:
    file = data / "sentiment_zh" / "weibo_usual_train.tsv.gz"
    if not file.exists():
        return []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        pairs = [line.rstrip("\n").split("\t", 1) for line in lines]
    return [(text, label) for label, text in pairs if label != "label"]
