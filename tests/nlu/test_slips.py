"""Same-sound characters are put right where the texts the shop knows leave no doubt, and nowhere else."""

import pytest

from bot.nlu.lexical import NgramVectoriser
from bot.nlu.slips import SlipMender

KNOWN = ["我要退货", "我想退货", "怎么退货", "退货退款", "快递到哪了", "查快递", "我的快递", "坏了能保修吗", "保修多久", "还在保修期"] * 20


@pytest.fixture(scope="module")
def mender() -> SlipMender:
    return SlipMender(NgramVectoriser.fit(KNOWN))


@pytest.mark.parametrize(
    ("typed", "meant"), [("我要退获", "我要退货"), ("怎么退获", "怎么退货"), ("我的快弟", "我的快递"), ("保锈多久", "保修多久")]
)
def test_a_slip_is_mended(mender: SlipMender, typed: str, meant: str) -> None:
    assert mender.mended(typed) == meant


@pytest.mark.parametrize(
    "text",
    ["我要退货", "天气不错", "退火炉怎么用", "快弟です、届きません", "where is my order", "12345", "", "，", "获"],
    ids=["right", "unknown words", "a word of the dictionary", "Japanese", "English", "digits", "empty", "punctuation", "one character"],
)
def test_what_is_no_slip_stays(mender: SlipMender, text: str) -> None:
    assert mender.mended(text) == text


def test_the_length_never_changes(mender: SlipMender) -> None:
    text = "亲我要退获😂 订单20240501123456 快弟呢" * 10
    assert len(mender.mended(text)) == len(text)
