"""Which goods the talk is about: a product that is named, one of a list, the page the shopper looks at, or the one before."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.places import place_in
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import Word
from bot.core.errors import NotFound
from bot.core.options import plain

LONGEST_QUERY = 100
MOST_CARDS = 3
_MOST_CANDIDATES = 20
Product = Mapping[str, Any]
"""Shape `Product` of docs/shop-api.yaml."""


@dataclass(frozen=True)
class GoodsTalk:
    """What was said of goods so far; lives in the slot `goods_talk`.

    `topic` is `stock`, `size`, `recommend` or `attribute` (with the `attribute` that was asked for);
    `shown` are the cards of the last answer in their order, `seen` all that were recommended;
    `option` the words for an option; `page` the page of the last answer and `turn` its message.
    """

    topic: str = ""
    sku: str | None = None
    shown: Sequence[str] = ()
    seen: Sequence[str] = ()
    option: Sequence[str] = ()
    measures: Mapping[str, float | str] = field(default_factory=dict)
    wish: Mapping[str, Any] = field(default_factory=dict)
    page: str | None = None
    turn: str | None = None
    attribute: str | None = None

    @classmethod
    def of(cls, turn: Turn) -> GoodsTalk:
        kept = turn.slot("goods_talk") or {}
        return cls(**{f.name: kept[f.name] for f in fields(cls) if f.name in kept})

    def go_on(self, turn: Turn, **changes: Any) -> list[EventType]:
        """The slot after this turn's answer."""
        return [SlotSet("goods_talk", asdict(replace(self, **changes, page=turn.page_sku, turn=turn.message_id)))]

    def just_now(self, turn: Turn) -> bool:
        """The answer before this message was about goods."""
        return self.turn is not None and self.turn == turn.previous_id


@dataclass(frozen=True)
class Meant:
    """One product, several to choose from, or none; `word` is a name that nothing in the shop has."""

    products: Sequence[Product] = ()
    word: str | None = None


async def meant(turn: Turn, shop: Shop, talk: GoodsTalk) -> Meant:
    place = place_in(turn.text)
    tapped = turn.value("sku") or (talk.shown[place - 1] if place and place <= len(talk.shown) else None)
    if tapped:
        return await _one(shop, tapped)
    words = turn.values("product")
    for word in words:
        found = await named(shop, word)
        if found:
            return Meant(found)
    if words:
        return Meant(word=words[0])
    said = re.sub("|".join(re.escape(str(product["value"])) for product in turn.denied) or r"(?!)", "", turn.text)
    return Meant(found) if (found := await _in_text(shop, said)) else await _one(shop, _looked_at(turn, talk))


async def _one(shop: Shop, sku: str | None) -> Meant:
    try:
        return Meant([await shop.product(sku)] if sku else [])
    except NotFound:
        return Meant()


def _looked_at(turn: Turn, talk: GoodsTalk) -> str | None:
    """The item of an open form; a page that was opened since the last answer; else the product of that answer."""
    if turn.active_form and turn.slot("item"):
        return str(turn.slot("item"))
    if turn.page_sku and (talk.sku is None or turn.page_sku != talk.page):
        return turn.page_sku
    return talk.sku or (talk.shown[0] if len(talk.shown) == 1 else None)


async def named(shop: Shop, word: str) -> list[Product]:
    """Products that go by this word, the closest kind of match only; empty when the shop has none."""
    stem = word[:-1] if len(word) > 1 and word.endswith("子") else word
    for query in dict.fromkeys((word, stem)):
        found = await shop.products(query[:LONGEST_QUERY], limit=_MOST_CANDIDATES)
        close = [max(_closeness(query, name) for name in (p["name"], *p["aliases"])) for p in found]
        best = max(close, default=0)
        if best:
            return [p for p, near in zip(found, close) if near == best]
    return []


async def of_kind(shop: Shop, word: str) -> list[Product]:
    """All products that are one of these (耳机: also what is called 头戴耳机), else those that go by this word."""
    found = await shop.products(word[:LONGEST_QUERY], limit=_MOST_CANDIDATES)
    kind = [p for p in found if any(plain(name).endswith(plain(word)) for name in (p["name"], *p["aliases"]))]
    return kind or await named(shop, word)


def _closeness(word: str, name: str) -> int:
    """Equal; a longer word with the name as its head (头戴耳机 is an 耳机, 手机壳 no 手机); a part of the name."""
    said, known = plain(word), plain(name)
    if said == known or (known in said and len(known) > 6):
        return 100
    if len(known) > 1 and said.endswith(known):
        return 10 + len(known)
    return 1 if said in known else 0


async def _in_text(shop: Shop, text: str) -> list[Product]:
    """Products whose name or alias stands in a message in which no product was recognised: the longest name wins."""
    said = plain(text)
    found = await shop.products(text[:LONGEST_QUERY], limit=_MOST_CANDIDATES)
    lengths = [max((len(n) for n in map(plain, (p["name"], *p["aliases"])) if len(n) > 1 and n in said), default=0) for p in found]
    return [p for p, length in zip(found, lengths) if length and length == max(lengths)]


def in_stock(product: Product) -> bool:
    return any(s["quantity"] > 0 for s in product["stock"])


def product_card(product: Product, why: Word | str | None = None) -> dict[str, Any]:
    card = {name: product.get(name) for name in ("sku", "name", "price", "summary", "stock_text", "url")}
    return card | ({"why": why} if why else {})


def product_cards(products: Sequence[Product]) -> dict[str, Any]:
    return {"type": "product_cards", "items": [product_card(p) for p in products[:MOST_CARDS]]}
