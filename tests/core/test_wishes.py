from __future__ import annotations

from decimal import Decimal

import pytest

from bot.core.wishes import Budget, budget_in, category_in, uses_in


def _yuan(low: str | None, high: str | None) -> Budget:
    return Budget(Decimal(low) if low else None, Decimal(high) if high else None)


@pytest.mark.parametrize(
    ("text", "amounts", "budget"),
    [
        ("送妈妈的 两百左右有推荐吗", ["200.00"], _yuan("140", "250")),
        ("预算300以内的运动鞋", ["300.00"], _yuan(None, "300")),
        ("500以上的耳机", ["500.00"], _yuan("500", None)),
        ("100-200的礼物", [], _yuan("100", "200")),
        ("100到200块的", ["100.00", "200.00"], _yuan("100", "200")),
        ("推荐一款耳机", [], _yuan(None, None)),
        ("a gift under 100", ["100.00"], _yuan(None, "100")),
    ],
)
def test_budgets_are_read_as_shoppers_say_them(text: str, amounts: list[str], budget: Budget) -> None:
    assert budget_in(text, amounts) == budget


def test_budget_tells_how_far_a_price_is() -> None:
    budget = _yuan("100", "200")

    assert [budget.misses_by(Decimal(price)) for price in ("89", "150", "230")] == [11, 0, 30]
    assert [budget.holds(Decimal(price)) for price in ("89", "100", "200", "230")] == [False, True, True, False]


@pytest.mark.parametrize(
    ("text", "category"), [("给宝宝买双鞋", "shoes"), ("推荐几款零食", "food"), ("求推荐外套", "clothing"), ("生日送啥", None)]
)
def test_categories_are_named_in_many_words(text: str, category: str | None) -> None:
    assert category_in(text) == category


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("送我妈的", ["送妈妈"]),
        ("给爸妈买点啥", ["送父母"]),
        ("上班穿的", ["通勤"]),
        ("女朋友生日", ["送女朋友", "生日"]),
        ("推荐一下", []),
    ],
)
def test_uses_are_heard_in_other_words(text: str, uses: list[str]) -> None:
    assert uses_in(text, ["送妈妈", "送父母", "送女朋友", "通勤", "生日"]) == uses


def test_only_amount_is_what_a_price_is_compared_with() -> None:
    assert budget_in("一百左右", ["100.00"]).about == Decimal("100.00")
    assert budget_in("一百以内", ["100.00"]).about is None
