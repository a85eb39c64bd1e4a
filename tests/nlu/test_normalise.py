from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.normalise import key, normalise


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("訂單　２０２６０７１８", "订单 20260718"),
        ("太太太太慢了！！！！", "太太慢了!!"),
        ("XXXL码 1000000元", "xxxl码 1000000元"),
        ("  a \t\n b\u200b ", "a b"),
        ("ｶﾞｷﾞ", "ガギ"),
        ("", ""),
    ],
)
def test_one_form_for_what_shoppers_type(typed: str, text: str) -> None:
    assert normalise(typed).text == text


def test_spans_lead_back_to_the_text_as_typed() -> None:
    message = normalise("查下　訂單２０２６０７１８００３３４４！！！！")
    start = message.text.index("20260718003344")

    begin, end = message.span(start, start + 14)

    assert message.original[begin:end] == "２０２６０７１８００３３４４"


@given(st.text())
def test_every_character_keeps_a_span_inside_the_original(typed: str) -> None:
    message = normalise(typed)

    assert len(message.text) == len(message.starts) == len(message.ends)
    assert all(0 <= a < b <= len(typed) for a, b in zip(message.starts, message.ends, strict=True))
    assert list(message.starts) == sorted(message.starts)


def test_punctuation_and_width_do_not_make_another_phrasing() -> None:
    assert key("包邮吗？") == key(" 包邮嗎") == "包邮吗"
