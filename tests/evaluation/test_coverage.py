import dataclasses
from pathlib import Path

import pytest

from evaluation import conversations

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def coverage(monkeypatch):
    monkeypatch.chdir(ROOT)
    return conversations.read()


def test_every_want_and_requirement_is_shown_or_has_a_reason(coverage):
    assert coverage.faults() == []


def test_the_page_is_the_one_that_the_conversations_make(coverage):
    assert conversations.PAGE.read_text(encoding="utf-8") == coverage.markdown(), "run `python -m evaluation conversations`"


@pytest.mark.parametrize(
    ("shown", "reasons", "fault"),
    [
        ({"request_return/happy": None}, {}, "request_return/happy is shown by no conversation and has no reason"),
        ({}, {"request_return/happy": "none"}, "request_return/happy is shown and has a reason"),
        ({"request_retrun/happy": ["a"]}, {}, "request_retrun/happy is no cell"),
    ],
)
def test_an_empty_cell_a_needless_reason_and_a_misspelt_name_are_found(coverage, shown, reasons, fault):
    changed = {cell: names for cell, names in {**coverage.shown, **shown}.items() if names}
    other = dataclasses.replace(coverage, shown=changed, reasons={**coverage.reasons, **reasons})

    assert other.faults() == [fault]
