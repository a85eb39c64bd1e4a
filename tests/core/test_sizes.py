"""Sizes from what shoppers say, against tables of the demo catalogue."""

from __future__ import annotations

import pytest

from bot.core.sizes import AGE, CHEST, FOOT, HEIGHT, USUAL, WAIST, WEIGHT, Fit, asked_by, asks_size, fit, measures_in

COAT = {
    "S": "身高155-162 体重90-110斤",
    "M": "身高163-168 体重111-130斤",
    "L": "身高169-175 体重131-150斤",
    "XL": "身高176-182 体重151-175斤",
}
JEANS = {"S": "腰围64-67厘米 体重85-100斤", "M": "腰围68-71厘米 体重101-115斤"}
STANDARD = {str(size): f"脚长{(size + 10) / 2:.1f}厘米" for size in range(38, 45)}
HIKING = {str(size): f"脚长{(size + 9) / 2:.1f}厘米" for size in range(38, 45)}
BABY = {"66": "身高60-66厘米 3-6个月", "73": "身高67-73厘米 6-12个月"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我165 110斤穿什么码", {HEIGHT: 165.0, WEIGHT: 110.0}),
        ("身高170体重130穿什么码", {HEIGHT: 170.0, WEIGHT: 130.0}),
        ("1米72 65公斤", {HEIGHT: 172.0, WEIGHT: 130.0}),
        ("一米七 体重140", {HEIGHT: 170.0, WEIGHT: 140.0}),
        ("1.68m 120斤选哪个码", {HEIGHT: 168.0, WEIGHT: 120.0}),
        ("腰围2尺1", {WAIST: 70.0}),
        ("胸围86穿多大", {CHEST: 86.0}),
        ("脚长25.5厘米买多大码", {FOOT: 25.5}),
        ("脚长255mm", {FOOT: 25.5}),
        ("宝宝7个月 70厘米选什么码", {AGE: 7.0, HEIGHT: 70.0}),
        ("平时穿42码的 跑鞋买多大", {USUAL: "42"}),
        ("平时穿L的买多大", {USUAL: "L"}),
        ("I'm 170cm 65kg, what size", {HEIGHT: 170.0, WEIGHT: 130.0}),
        ("我要买200块左右的", {}),
        ("订单号20261118000002", {}),
    ],
)
def test_measures_are_heard_as_shoppers_say_them(text: str, said: dict[str, float | str]) -> None:
    assert measures_in(text) == said


def test_bare_numbers_are_measures_only_where_these_were_asked_for() -> None:
    assert measures_in("172 140") == {}
    assert measures_in("172 140", bare=True) == {HEIGHT: 172.0, WEIGHT: 140.0}


@pytest.mark.parametrize(
    ("table", "said", "expected"),
    [
        (COAT, {HEIGHT: 165.0, WEIGHT: 120.0}, Fit("M", "M")),
        (COAT, {HEIGHT: 165.0, WEIGHT: 140.0}, Fit("L", "L", "M")),
        (COAT, {HEIGHT: 168.5}, Fit("L", "L")),
        (COAT, {HEIGHT: 190.0, WEIGHT: 150.0}, Fit(None, "XL")),
        (COAT, {HEIGHT: 120.0}, Fit(None, "S")),
        (COAT, {USUAL: "L"}, Fit("L", "L")),
        (COAT, {FOOT: 25.0}, None),
        (JEANS, {WAIST: 70.0}, Fit("M", "M")),
        (STANDARD, {USUAL: "42"}, Fit("42", "42")),
        (HIKING, {USUAL: "42"}, Fit("43", "43")),
        (STANDARD, {FOOT: 25.2}, Fit("41", "41")),
        (BABY, {AGE: 7.0, HEIGHT: 70.0}, Fit("73", "73")),
    ],
)
def test_size_follows_from_the_table(table: dict[str, str], said: dict[str, float | str], expected: Fit | None) -> None:
    assert fit(table, said) == expected


def test_table_says_what_it_goes_by() -> None:
    assert (asked_by(COAT), asked_by(BABY), asked_by({"M": "适合大多数人"})) == ([HEIGHT, WEIGHT], [HEIGHT, AGE], [])


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("170 130穿什么码", True),
        ("M码合适吗", True),
        ("买多大", True),
        ("跑鞋偏大还是偏小", True),
        ("which size should I take", True),
        ("黑色还有吗", False),
        ("XL有货吗", False),
        ("多少钱", False),
        ("我的订单号多少", False),
    ],
)
def test_questions_for_a_size_are_told_from_others(text: str, asks: bool) -> None:
    assert asks_size(text) is asks
