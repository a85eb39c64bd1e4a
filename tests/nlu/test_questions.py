"""What the search is fitted on: held-out phrasings, and the same once more almost as written while the phrasing is there."""

from __future__ import annotations

import random
from pathlib import Path

from bot.nlu.entities.lexicon import Lexicon
from bot.nlu.questions import ALMOST_OF_TOPIC, Raw, almost, material_of
from knowledge_base.index import Document

PHRASINGS = ("包邮吗", "运费怎么收", "寄到西藏要多少钱", "满多少免邮费", "偏远的地方要加钱不", "邮费是谁出")


def test_almost_keeps_the_question() -> None:
    rng = random.Random(1)
    made = {almost("寄到西藏要多少运费", rng) for _ in range(60)}

    assert all("西藏" in text or "运费" in text for text in made)
    assert {"那", "请"} & {text[0] for text in made}
    assert len(min(made, key=len)) == 8  # one character lost


def test_phrasings_are_asked_almost_as_written_of_a_fold_that_has_them() -> None:
    fee = Document("ship.fee", "运费", "满 59 元包邮。", PHRASINGS, ())
    raw = Raw([fee], [], [], [], Lexicon.of_shop([], Path("nlu_data/dictionaries")))
    questions = material_of(raw, lambda _: (), seed=1).questions
    fold_of = {q.text: q.fold for q in questions if q.source == "phrasing"}
    near = [q for q in questions if q.source == "almost"]

    assert set(fold_of) == set(PHRASINGS)
    assert len(near) == ALMOST_OF_TOPIC
    assert {q.truth for q in near} == {"ship.fee"}
    for question in near:
        own = max(PHRASINGS, key=lambda phrasing: len(set(phrasing) & set(question.text)) / len(phrasing))
        assert fold_of[own] != question.fold
