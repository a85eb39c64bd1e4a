"""The training data itself: enough of it, and none of it in the validation set."""

from collections import Counter
from pathlib import Path

import pytest

from bot.core.intents import INTENTS
from bot.nlu.data import load_examples
from bot.nlu.fitting import load_sources
from bot.nlu.folds import near_between
from bot.nlu.language import LANGUAGES
from bot.nlu.normalise import plain
from evaluation.understanding import VALIDATION

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_intent_has_examples_enough(language):
    counts = Counter(example.intent for example in load_examples(ROOT / "nlu_data") if example.language == language)
    least = 80 if language == "zh" else 25
    assert {intent for intent in INTENTS if counts[intent] < least} == set()
    assert counts["out_of_scope"] >= (300 if language == "zh" else 50)


def _near(texts, others):
    """Texts with a near-duplicate among the others, with it."""
    return [(texts[i], others[j]) for i, j in near_between(texts, others)]


def test_no_validation_message_or_near_duplicate_of_one_is_trained_on():
    sources = load_sources(ROOT)
    trained = [item.text for item in (*sources.examples, *sources.sentiment, *sources.complaints)]
    trained += [question for document in sources.topics for question in document.questions] + sources.unanswerable
    assert _near([plain(example.text) for example in load_examples(ROOT / VALIDATION)], [plain(text) for text in trained]) == []


def test_no_unanswerable_question_is_half_known_from_the_examples():
    sources = load_sources(ROOT)
    assert _near(sources.unanswerable, [plain(example.text) for example in sources.examples]) == []


def test_every_intent_is_validated_in_every_language():
    found = Counter((example.language, example.intent) for example in load_examples(ROOT / VALIDATION))
    assert [(language, intent) for language in LANGUAGES for intent in INTENTS if found[language, intent] < 5] == []
