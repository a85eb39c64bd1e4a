"""What a shopper who wants a suggestion says of it: how much it may cost, what kind of goods, and for whom or what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

_RANGE = re.compile(r"(\d{1,5})\s*(?:-|~|—|–|到|至)\s*(\d{1,5})(?!\d|码|号|厘米|cm)")
_AT_MOST = re.compile(r"以内|以下|之内|不超过|不超|最多|预算|封顶|小于|低于|under|below|within|at most|budget|up to", re.IGNORECASE)
_AT_LEAST = re.compile(r"以上|起步|大于|高于|超过|over|above|at least|more than", re.IGNORECASE)
_ABOUT = (Decimal("0.7"), Decimal("1.25"))

CATEGORY_WORDS = {
    "shoes": r"鞋|靴|shoes?|boots?|sneakers?",
    "clothing": r"衣|外套|裤|裙|上装|穿的|内搭|clothes|coat|jacket|trousers|dress",
    "electronics": r"数码|电子|电器|小家电|electronic|gadget",
    "beauty": r"护肤|化妆|美妆|彩妆|护发|洗护|skin ?care|make-?up|cosmetic",
    "food": r"零食|吃的|好吃|食品|特产|水果|饮品|喝的|snacks?|food",
    "home": r"家居|床上用品|厨房|家用|家纺|收纳|home ?ware|kitchen|bedding",
}
"""How shoppers name the categories of docs/shop-api.yaml, as patterns."""
_CATEGORIES = {name: re.compile(words, re.IGNORECASE) for name, words in CATEGORY_WORDS.items()}


@dataclass(frozen=True)
class Budget:
    """Yuan, both ends inclusive; None where nothing was said. `about` is the amount where only one was said, with leave around it."""

    low: Decimal | None = None
    high: Decimal | None = None
    about: Decimal | None = field(default=None, compare=False)

    def holds(self, price: Decimal) -> bool:
        return (self.low is None or price >= self.low) and (self.high is None or price <= self.high)

    def misses_by(self, price: Decimal) -> Decimal:
        """How far a price is from the budget; 0 inside."""
        if self.low is not None and price < self.low:
            return self.low - price
        return price - self.high if self.high is not None and price > self.high else Decimal(0)

    def __bool__(self) -> bool:
        return self.low is not None or self.high is not None


def budget_in(text: str, amounts: Sequence[str]) -> Budget:
    """The budget in a message; `amounts` are the yuan that were found in it ("200.00")."""
    between = _RANGE.search(text)
    if between:
        low, high = sorted(Decimal(number) for number in between.groups())
        return Budget(low, high)
    known = sorted(Decimal(amount) for amount in amounts if re.fullmatch(r"\d+(\.\d+)?", amount))
    if not known:
        return Budget()
    if len(known) > 1:
        return Budget(known[0], known[-1])
    if _AT_MOST.search(text):
        return Budget(high=known[0])
    if _AT_LEAST.search(text):
        return Budget(low=known[0])
    return Budget(known[0] * _ABOUT[0], known[0] * _ABOUT[1], known[0])


def category_in(text: str) -> str | None:
    """The category that a message names, None when it names none."""
    return next((name for name, words in _CATEGORIES.items() if words.search(text)), None)


_OTHER_WORDS = (
    (r"(?<![爸妈])妈(?!妈)|母亲|婆婆|岳母", "妈妈"),
    (r"(?<!爸)爸(?![爸妈])|父亲|公公|岳父", "爸爸"),
    (r"老公|对象|男友", "男朋友"),
    (r"老婆|媳妇|女友", "女朋友"),
    (r"爷爷|奶奶|外公|外婆|姥姥|姥爷|老人|领导|老师", "长辈"),
    (r"爸妈|家长", "父母"),
    (r"婴儿|小宝", "宝宝"),
    (r"小孩|儿子|女儿|小朋友", "孩子"),
    (r"上班", "通勤"),
    (r"爬山|登山", "徒步"),
    (r"上学", "开学"),
    (r"敏感皮", "敏感肌"),
)


def uses_in(text: str, suits: Iterable[str]) -> list[str]:
    """Those of `suits` (送妈妈, 通勤, 敏感肌) that a message asks for."""
    said = text + "".join(usual for words, usual in _OTHER_WORDS if re.search(words, text))
    return [suit for suit in dict.fromkeys(suits) if suit.removeprefix("送") in said]
