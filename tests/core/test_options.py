from __future__ import annotations

import pytest

from bot.core.options import has_values, named_values

COAT = {"颜色": ["黑色", "白色"], "尺码": ["S", "M", "L", "XL"]}


@pytest.mark.parametrize(
    ("said", "values"), [("白色 XL", {0: "白色", 1: "XL"}), ("那L码呢", {1: "L"}), ("黑的", {0: "黑色"}), ("红色", {}), ("XXL", {})]
)
def test_values_are_read_as_shoppers_say_them(said: str, values: dict[int, str]) -> None:
    assert named_values(COAT, said) == values


def test_unnamed_dimensions_stay_open() -> None:
    assert [o for o in ("黑色/L", "黑色/XL", "白色/L") if has_values(o, {1: "L"})] == ["黑色/L", "白色/L"]
