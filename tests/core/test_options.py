from __future__ import annotations

import pytest

from bot.core.options import find_option, has_values, named_values, step_said, stepped, wanted_option

JACKET = {"颜色": ("黑色", "白色"), "尺码": ("S", "M", "L", "XL")}
SHOES = {"颜色": ("黑色", "白色"), "尺码": ("41", "42", "43")}
LIPSTICK = {"色号": ("01豆沙", "02奶茶")}


@pytest.mark.parametrize(
    ("said", "step"),
    [
        ("换大一码", 1),
        ("帮我换大一号的", 1),
        ("大1码", 1),
        ("要小一码", -1),
        ("小两码", -2),
        ("大一点的", 1),
        ("大个码", 1),
        ("one size up", 1),
        ("two sizes down", -2),
        ("a size larger please", 1),
        ("买大了一码", 0),
        ("偏大一码", 0),
        ("L码", 0),
        ("小一点声音", 0),
    ],
)
def test_a_step_of_size_is_told_from_what_is_wrong(said: str, step: int) -> None:
    assert step_said(said) == step


@pytest.mark.parametrize(
    ("options", "present", "step", "there"),
    [
        (JACKET, "黑色/M", 1, "黑色/L"),
        (JACKET, "黑色/M", -1, "黑色/S"),
        (JACKET, "黑色/XL", 1, None),
        (JACKET, "黑色/S", -1, None),
        (SHOES, "黑色/42", 1, "黑色/43"),
        (LIPSTICK, "01豆沙", 1, None),
        ({}, "默认", 1, None),
    ],
)
def test_a_step_goes_along_the_sizes_of_the_product(
    options: dict[str, tuple[str, ...]], present: str, step: int, there: str | None
) -> None:
    assert stepped(options, present, step) == there


@pytest.mark.parametrize(
    ("said", "found"), [("换个黑的", "黑色/M"), ("那件红的", None), ("白的", "白色/M"), ("白色 L码", "白色/L"), ("紫色", None)]
)
def test_values_that_are_not_named_stay(said: str, found: str | None) -> None:
    assert find_option(JACKET, "黑色/M", said) == found


@pytest.mark.parametrize(
    ("said", "found"),
    [("M 太小了 换大一码", "黑色/L"), ("大一码 白色的", "白色/L"), ("小两码", None), ("白色", "白色/M"), ("黑色/M", "黑色/M")],
)
def test_a_step_and_another_dimension_are_both_heard(said: str, found: str | None) -> None:
    assert wanted_option(JACKET, "黑色/M", said) == found


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("白色 XL", {0: "白色", 1: "XL"}),
        ("那L码呢", {1: "L"}),
        ("黑的", {0: "黑色"}),
        ("换个黑的", {0: "黑色"}),
        ("红色", {}),
        ("XXL", {}),
        ("XS的", {}),
    ],
)
def test_values_are_read_as_shoppers_say_them(said: str, values: dict[int, str]) -> None:
    assert named_values(JACKET, said) == values


def test_unnamed_dimensions_stay_open() -> None:
    assert [o for o in ("黑色/L", "黑色/XL", "白色/L") if has_values(o, {1: "L"})] == ["黑色/L", "白色/L"]
