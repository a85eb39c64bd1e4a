"""What the tagger's labels stand on, and that it learns."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.data import load_examples
from bot.nlu.entities import tagger
from bot.nlu.entities.corpus import tagged
from bot.nlu.entities.lexicon import Lexicon
from bot.nlu.entities.tagger import Tagged, Tagger, bio, spans_of, tokens

ROOT = Path(__file__).resolve().parents[2]
NOTHING = Lexicon({}, (), {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("退 m码", ["退", "m", "码"]),
        ("i don't want 2 of them", ["i", "don't", "want", "2", "of", "them"]),
        ("订单20261112345678呢", ["订", "单", "20261112345678", "呢"]),
        ("¿dónde está?", ["¿", "dónde", "está", "?"]),
        ("  ", []),
    ],
)
def test_latin_words_and_numbers_are_one_token_each(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in tokens(text)] == words


def test_marks_of_the_training_data_come_back_from_their_labels() -> None:
    lost = total = 0
    for example in tagged(load_examples(ROOT / "nlu_data")):
        places = tokens(example.text)
        back = {(places[first][0], places[end - 1][1], entity) for first, end, entity in spans_of(bio(example, places))}
        lost += len(set(example.spans) - back)
        total += len(example.spans)
    assert lost < total / 1000


def test_a_small_tagger_finds_what_it_was_shown_in_new_words(tmp_path: Path) -> None:
    nouns = ("mug", "lamp", "phone case", "wool hat", "desk", "rug", "ring light", "oven")
    shown = [
        Tagged(text, ((len(text) - len(noun), len(text), "product"),)) for noun in nouns for text in (f"i bought a {noun}", f"my {noun}")
    ]
    shown += [Tagged(text, ()) for text in ("i bought nothing", "my name", "where is it", "thanks a lot")] * 3
    tagger.train(shown, NOTHING, tmp_path / "tagger.crf")
    (found,) = Tagger(tmp_path / "tagger.crf", NOTHING).tag("i bought a sofa", "inform")
    assert (found.entity, found.start, found.end, found.value) == ("product", 11, 15, "sofa")
    assert 0.5 < found.confidence <= 1.0
