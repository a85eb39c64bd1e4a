"""Understanding on the validation set: intents, confidence, scope, entities, through the parser that the service runs."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from bot.nlu.data import Example, load_examples
from bot.nlu.parser import Asked, Parser
from evaluation import metrics
from evaluation.noise import noises

VALIDATION = Path("evaluation/data/validation")
SECOND = Path("evaluation/data/second_annotator")
NOW = datetime(2026, 11, 5, 14, tzinfo=ZoneInfo("Asia/Shanghai"))
OUTSIDE = "out_of_scope"
ACCEPTED = 0.95
_SEED = 7


@dataclass(frozen=True)
class Outcome:
    """What the parser made of one example: `outside` is its probability of being out of scope, `spans` are in the text as typed."""

    example: Example
    intent: str
    confidence: float
    outside: float
    spans: frozenset[metrics.Span]


def validation_set() -> list[Example]:
    """Every validation example; never trained on, and no near-duplicate of one that is (tests/nlu/test_data.py)."""
    return load_examples(VALIDATION)


@dataclass(frozen=True)
class Agreement:
    """How well a second annotator agrees with the validation set in one language: a mark to hold a model's figures against."""

    examples: int
    macro_f1: float
    marked: int
    entity_f1: float | None
    """Over `marked` of the messages, which were marked a second time too."""


def second_annotator(language: str) -> Agreement:
    """From labels and marks that were given to the same texts without a sight of the first ones."""
    first = {e.text: e for e in validation_set() if e.language == language}
    labels = [e for e in load_examples(SECOND / "intents") if e.language == language and e.text in first]
    marks = [e for e in load_examples(SECOND / "entities") if e.language == language and e.text in first]
    score = metrics.macro_f1([first[e.text].intent for e in labels], [e.intent for e in labels])
    spans = metrics.span_f1([_marked(first[e.text]) for e in marks], [_marked(e) for e in marks])[2] if marks else None
    return Agreement(len(labels), score, len(marks), spans)


def outcomes(examples: Sequence[Example], parser: Parser) -> list[Outcome]:
    return [_outcome(example, parser) for example in examples]


def noisy_intents(examples: Sequence[Example], parser: Parser) -> dict[str, list[str]]:
    """Intents of the same examples under each noise, by its name."""
    made = {}
    for name, noise in noises(example.text for example in examples).items():
        rng = random.Random(_SEED)
        made[name] = [parser.parse(Asked(noise(e.text, rng), NOW))["intent"]["name"] for e in examples]
    return made


def figures(found: Sequence[Outcome]) -> dict[str, float]:
    """The acceptance figures of one language's outcomes, all 0–1."""
    truth, predicted = [o.example.intent for o in found], [o.intent for o in found]
    right = np.array([a == b for a, b in zip(truth, predicted, strict=True)])
    confidence = np.array([o.confidence for o in found])
    precision, recall, f1 = metrics.span_f1([_marked(o.example) for o in found], [set(o.spans) for o in found])
    accepted, caught = scope(found)
    return {
        "examples": float(len(found)),
        "macro_f1": metrics.macro_f1(truth, predicted),
        "accuracy": float(right.mean()),
        "calibration_error": metrics.calibration_error(confidence, right),
        "out_of_scope_recall": metrics.caught_at(accepted, caught, ACCEPTED),
        "entity_precision": precision,
        "entity_recall": recall,
        "entity_f1": f1,
    }


def scope(found: Sequence[Outcome]) -> tuple[metrics.Floats, metrics.Floats]:
    """The out-of-scope curve of `metrics.scope_curve`."""
    inside = np.array([1 - o.outside for o in found])
    outside: npt.NDArray[np.bool_] = np.array([o.example.intent == OUTSIDE for o in found])
    return metrics.scope_curve(inside, outside)


def _outcome(example: Example, parser: Parser) -> Outcome:
    parse = parser.parse(Asked(example.text, NOW))
    outside = next((item["confidence"] for item in parse["intent_ranking"] if item["name"] == OUTSIDE), 0.0)
    spans = frozenset((entity["start"], entity["end"], entity["entity"]) for entity in parse["entities"])
    return Outcome(example, parse["intent"]["name"], parse["intent"]["confidence"], outside, spans)


def _marked(example: Example) -> set[metrics.Span]:
    return {(span.start, span.end, span.entity) for span in example.spans}
