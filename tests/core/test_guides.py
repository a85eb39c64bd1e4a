"""What a guide must look like, and what a typed answer chooses."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.guides import GuideError, check_together, choose, common_of, done_already, guide_of


def _text(said: str) -> dict[str, str]:
    return {"zh": said, "en": said}


SHARED = yaml.safe_load(Path("knowledge_base/guides/_common.yml").read_text(encoding="utf-8"))
COMMON = common_of(SHARED, where="_common.yml")
LAMP: dict[str, Any] = {
    "id": "lamp",
    "want": "troubleshoot",
    "title": _text("台灯"),
    "names": ["台灯"],
    "products": ["10999"],
    "not_solved": "aftersale",
    "start": "symptom",
    "steps": {
        "symptom": {
            "ask": _text("哪种情况"),
            "choices": [
                {"title": _text("不亮"), "go": "plug", "words": ["不亮", "没反应"], "means": "yes"},
                {"title": _text("摔坏"), "go": "aftersale", "means": "no"},
            ],
        },
        "plug": {"try": _text("请插紧插头。好了吗"), "else": "bulb", "done": ["插紧", "plugged"]},
        "bulb": {"try": _text("请换灯泡。好了吗")},
    },
}


def test_guide_is_read_with_what_follows_when_nothing_helps() -> None:
    guide = guide_of(LAMP, COMMON, where="lamp.yml")

    assert [choice.go for choice in guide.steps["plug"].choices] == ["solved", "bulb"]
    assert [choice.go for choice in guide.steps["bulb"].choices] == ["solved", "unsolved"]
    assert [choice.go for choice in guide.steps["unsolved"].choices] == ["aftersale", "person", "left"]


@pytest.mark.parametrize(
    ("at", "value", "fault"),
    [
        (("start",), "nowhere", "starts at 'nowhere'"),
        (("want",), None, "'want' is missing"),
        (("colour",), "red", "'colour' is unknown"),
        (("not_solved",), "pray", "not_solved is 'pray'; expected one of aftersale, ticket"),
        (("products",), [10999], "expected a list of words (numbers in quotes)"),
        (("title",), "台灯", "expected the texts {zh, en}"),
        (("steps", "plug", "else"), "symptom", "symptom → plug → symptom go round in a circle"),
        (("steps", "plug", "else"), "bulbb", "step 'plug' goes to 'bulbb', which is neither a step nor an end; known are symptom, plug"),
        (("steps", "lost"), {"try": _text("x")}, "no choice leads to step 'lost'"),
        (("steps", "symptom", "choices"), [], "step 'symptom': expected 2 to 7 choices"),
        (("steps", "symptom", "choices", 0, "means"), True, "choice 1: means is True; expected 'yes' or 'no' (in quotes)"),
    ],
)
def test_bad_guide_is_refused_with_file_place_and_reason(at: tuple[Any, ...], value: Any, fault: str) -> None:
    raw = copy.deepcopy(LAMP)
    place: Any = raw
    for key in at[:-1]:
        place = place[key]
    if value is None:
        del place[at[-1]]
    else:
        place[at[-1]] = value

    with pytest.raises(GuideError) as refused:
        guide_of(raw, COMMON, where="lamp.yml")
    assert str(refused.value).startswith("lamp.yml")
    assert fault in str(refused.value)


def test_what_guides_share_must_be_whole() -> None:
    with pytest.raises(GuideError, match=r"_common\.yml: 'ticket' is missing"):
        common_of({name: part for name, part in SHARED.items() if name != "ticket"}, where="_common.yml")
    with pytest.raises(GuideError, match=r"_common\.yml: tried: expected 2 to 2 choices"):
        common_of({**SHARED, "tried": {"choices": SHARED["tried"]["choices"][:1]}}, where="_common.yml")


def test_two_guides_for_one_product_are_refused() -> None:
    one, other = guide_of(LAMP, COMMON, where="a"), guide_of({**LAMP, "id": "light"}, COMMON, where="b")

    with pytest.raises(GuideError, match="'10999'"):
        check_together([one, other])


@pytest.mark.parametrize(
    ("name", "text", "intent", "go"),
    [
        ("symptom", "按了没反应", "troubleshoot", "plug"),
        ("symptom", "嗯", "affirm", "plug"),
        ("symptom", "天气不错", "chitchat", None),
        ("plug", "好了 可以了", "affirm", "solved"),
        ("plug", "好的", "affirm", None),
        ("plug", "还是不行", "deny", "bulb"),
        ("plug", "没解决", "rate_service", "bulb"),
        ("plug", "解决了", "rate_service", "solved"),
        ("plug", "不行", "deny", "bulb"),
        ("plug", "没解决了的问题", "chitchat", "bulb"),
        ("plug", "还是不能用了", "chitchat", "bulb"),
        ("unsolved", "换一个新的吧", "request_exchange", "aftersale"),
        ("unsolved", "算了", "stop", "left"),
    ],
)
def test_typed_answer_chooses(name: str, text: str, intent: str, go: str | None) -> None:
    choice = choose(guide_of(LAMP, COMMON, where="lamp.yml").steps[name], text, intent)

    assert (choice.go if choice else None) == go


@pytest.mark.parametrize(
    ("said", "passed_over"),
    [
        ("插头插紧了", True),
        ("早就插紧过 还是不亮", True),
        ("插紧了还是不行", True),
        ("i plugged it in already. still dark", True),
        ("没插紧过", False),
        ("要插紧吗", False),
        ("插紧了吗？", False),
        ("i have not plugged it in", False),
        ("灯坏了", False),
    ],
)
def test_deed_that_was_told_as_done_answers_its_step(said: str, passed_over: bool) -> None:
    step = guide_of(LAMP, COMMON, where="lamp.yml").steps["plug"]

    assert (done_already(step, ["台灯不亮", said]) is not None) == passed_over
