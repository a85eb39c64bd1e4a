"""Who waits for a person, and says so or something else."""

import pytest

from bot.core.clauses import clauses
from bot.core.waiting import left_to_answer

INTENTS = {
    "算了": "stop", "不等了": "deny", "不用人工了": "deny", "算了不等人工了": "stop", "好吧": "affirm", "不是": "deny",
    "Never mind": "stop", "谢谢": "thank", "我不要了": "deny",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("不等了", ""),
        ("算了", ""),
        ("算了 不等了 查下羽绒服到哪了", "查下羽绒服到哪了"),
        ("算了不等人工了，你先告诉我怎么冻结", "你先告诉我怎么冻结"),
        ("好吧 不等了", ""),
        ("不用人工了！谢谢", "谢谢"),
        ("Never mind, where is my parcel?", "where is my parcel?"),
        ("算了 那单别发了", None),
        ("不是 是蓝色那件", None),
        ("我不要了", None),
        ("查快递 不等了", None),
        ("？？", None),
    ],
)
def test_what_is_left_to_answer(text: str, rest: str | None) -> None:
    understood = [(clause, INTENTS.get(clause.text, "ask_knowledge")) for clause in clauses(text)]

    assert left_to_answer(text, understood) == rest


def test_only_the_first_clauses_are_read() -> None:
    assert [clause.text for clause in clauses("一 二，三。four five 六")] == ["一", "二", "三", "four five"]
