"""Suggestions from the catalogue: by kind, budget and use as said, a few cards, each with its reason (requirement R088)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from rasa_sdk.events import EventType

from actions.base import HUMAN_BUTTON, Say, button
from actions.goods import LONGEST_QUERY, MOST_CARDS, GoodsTalk, Product, in_stock, meant, of_kind, product_card
from actions.shop_api import Shop
from actions.stock import OTHER_GOODS, similar
from actions.turn import Turn
from actions.words import Word
from bot.core.errors import NotFound
from bot.core.wishes import Budget, budget_in, category_in, uses_in

_MOST_CANDIDATES = 100
_CHEAPER = re.compile(
    r"便宜(一?点|一?些)?儿?(的|款|点的)|(有|更|再)(没有)?(更|再)?便宜|太贵|贵了|价格低|实惠|平价|平替|cheaper|less expensive", re.IGNORECASE
)
_BETTER = re.compile(
    r"(更|再)?(好|贵|高档)(一?点|一?些)儿?的|更好的|高端|(更|再)贵|贵(一?点|一?些)儿?也|better one|more expensive", re.IGNORECASE
)
_OTHERS = re.compile(
    r"别的|其他|其它|还有(吗|没|么|类似)|类似|换一?[批个款]|不喜欢|都不(要|好|行)|差不多的|another|others?\b|something else|similar",
    re.IGNORECASE,
)
_CATEGORY_BUTTONS = ("衣服", "鞋", "数码", "家居", "护肤", "零食")


@dataclass(frozen=True)
class Wish:
    """What is wished for, as far as it was said; `text` is all that was said of it."""

    text: str = ""
    words: Sequence[str] = ()
    category: str | None = None
    low: str | None = None
    high: str | None = None
    about: str | None = None

    @property
    def budget(self) -> Budget:
        return Budget(*(Decimal(said) if said else None for said in (self.low, self.high, self.about)))


@dataclass(frozen=True)
class _Offer:
    product: Product
    uses: Sequence[str]
    off: Decimal
    """Yuan outside the budget."""

    @property
    def price(self) -> Decimal:
        return Decimal(self.product["price"])


def asks_for_more(turn: Turn, talk: GoodsTalk) -> bool:
    """The message wants other goods than those that were just shown: cheaper, better, others."""
    about_goods = talk.topic == "recommend" or talk.sku is not None
    return about_goods and any(words.search(turn.text) for words in (_CHEAPER, _BETTER, _OTHERS))


async def recommend(turn: Turn, say: Say, shop: Shop, talk: GoodsTalk) -> list[EventType]:
    if not turn.values("product") and category_in(turn.text) is None and asks_for_more(turn, talk):
        return await _more(turn, say, shop, talk)
    wish = _wished(turn, talk)
    if not (wish.words or wish.category or wish.budget or uses_in(wish.text, await _all_uses(shop))):
        return await _without_wish(turn, say, shop, talk)
    candidates = await _candidates(shop, wish)
    if not candidates:
        say.response(
            "utter_not_sold",
            word=wish.words[0] if wish.words else turn.text,
            buttons=[button(OTHER_GOODS, "recommend_product"), HUMAN_BUTTON],
        )
        return talk.go_on(turn, topic="recommend", shown=[], seen=[], wish=vars(Wish()))
    offers = _offers(candidates, wish)
    fitting = [o for o in offers if not o.off]
    chosen = _varied(fitting or _nearest(offers, wish), wish)
    say.response("utter_recommend" if fitting else "utter_recommend_nearest")
    return _show(turn, say, talk, wish, chosen, seen=[])


async def _more(turn: Turn, say: Say, shop: Shop, talk: GoodsTalk) -> list[EventType]:
    """Cheaper, better or other goods of the same wish, without those that were shown."""
    before = [await shop.product(sku) for sku in talk.shown or [s for s in [talk.sku] if s]]
    wish = Wish(**talk.wish) if talk.topic == "recommend" and talk.wish else Wish(category=before[0]["category"])
    wish = replace(wish, text=_and(wish.text, turn.text))
    prices = [Decimal(p["price"]) for p in before]
    candidates = await _candidates(shop, wish)
    seen = {*talk.seen, *talk.shown, *(p["sku"] for p in before)}
    wider = [p for p in await similar(shop, before[0], limit=_MOST_CANDIDATES) if p not in candidates] if before else []
    if prices and _CHEAPER.search(turn.text):
        wish = replace(wish, low=None, high=str(min(prices) - Decimal("0.01")), about=None)
    elif prices and _BETTER.search(turn.text):
        wish = replace(wish, low=str(max(prices) + Decimal("0.01")), high=None, about=None)
    for pool, said in ((candidates, "utter_recommend"), (wider, "utter_recommend_wider")):
        fitting = [o for o in _offers(pool, wish) if not o.off and o.product["sku"] not in seen]
        if fitting:
            say.response(said)
            return _show(turn, say, talk, wish, _varied(fitting, wish, dearest_first=wish.low is None), seen=sorted(seen), than=prices)
    say.response("utter_recommend_cheapest" if _CHEAPER.search(turn.text) else "utter_recommend_no_more", buttons=[HUMAN_BUTTON])
    return talk.go_on(turn, topic="recommend")


async def _without_wish(turn: Turn, say: Say, shop: Shop, talk: GoodsTalk) -> list[EventType]:
    """Nothing was said but that a suggestion is wanted: like the product at hand, else for whom or what."""
    asked = await meant(turn, shop, talk)
    alike = await similar(shop, asked.products[0]) if len(asked.products) == 1 else []
    if alike:
        say.response("utter_recommend_similar", product=asked.products[0]["name"])
        return _show(turn, say, talk, Wish(category=alike[0]["category"]), [_Offer(p, (), Decimal(0)) for p in alike], seen=[])
    say.response("utter_ask_wish", buttons=[button(word, "recommend_product", product=word) for word in _CATEGORY_BUTTONS])
    return talk.go_on(turn, topic="recommend", shown=[], seen=[], wish=vars(Wish()))


def _wished(turn: Turn, talk: GoodsTalk) -> Wish:
    """What this message says, added to what was said just before unless it names other goods."""
    before = Wish(**talk.wish) if talk.topic == "recommend" and talk.wish and talk.just_now(turn) else Wish()
    words, category = turn.values("product"), category_in(" ".join([turn.text, *turn.values("product")]))
    if words or category:
        before = replace(before, words=words, category=category)
    budget = budget_in(turn.text, turn.values("amount"))
    if budget:
        low, high, about = (str(said) if said else None for said in (budget.low, budget.high, budget.about))
        before = replace(before, low=low, high=high, about=about)
    return replace(before, text=_and(before.text, turn.text))


def _and(said: str, text: str) -> str:
    return f"{said} {text}".strip()[-2 * LONGEST_QUERY :]


async def _candidates(shop: Shop, wish: Wish) -> list[Product]:
    found = [p for word in wish.words for p in await of_kind(shop, word)]
    found = [p for p in found if _is_kind_said(p, wish)] or found
    if not found and wish.category:
        found = list(await shop.products("", category=wish.category, limit=_MOST_CANDIDATES))
    elif not found and not wish.words:
        found = list(await shop.products("", limit=_MOST_CANDIDATES))
    return [p for p in found if in_stock(p)]


def _is_kind_said(product: Product, wish: Wish) -> bool:
    """What stands before the word in one of the product's names was said too: 头戴的 of 头戴耳机."""
    before = [name.removesuffix(word) for word in wish.words for name in product["aliases"] if name.endswith(word)]
    return any(len(kind.rstrip("式")) > 1 and kind.rstrip("式") in wish.text for kind in before)


async def _all_uses(shop: Shop) -> list[str]:
    return [use for p in await shop.products("", limit=_MOST_CANDIDATES) for use in p["suits"]]


def _offers(products: Sequence[Product], wish: Wish) -> list[_Offer]:
    """Best first: what fits most of the uses; when a use was said and some fit it, only those."""
    offers = [_Offer(p, uses_in(wish.text, p["suits"]), wish.budget.misses_by(Decimal(p["price"]))) for p in products]
    useful = [o for o in offers if o.uses]
    return sorted(useful or offers, key=lambda o: -len(o.uses))


def _nearest(offers: Sequence[_Offer], wish: Wish) -> list[_Offer]:
    """Those closest to the budget, nearest first: not more than half of it away, else the nearest one alone."""
    by_distance = sorted(offers, key=lambda o: o.off)
    reach = (wish.budget.high or wish.budget.low or Decimal(0)) / 2
    return [o for o in by_distance if o.off <= reach] or by_distance[:1]


def _varied(offers: Sequence[_Offer], wish: Wish, *, dearest_first: bool = False) -> list[_Offer]:
    """A few of them; one of each category where no kind was named."""
    ordered = sorted(offers, key=lambda o: -o.price) if dearest_first and wish.high else list(offers)
    if wish.words or wish.category:
        return ordered[:MOST_CARDS]
    first = {o.product["category"]: o for o in reversed(ordered)}
    ahead = [o for o in ordered if first[o.product["category"]] is o]
    return [*ahead, *(o for o in ordered if o not in ahead)][:MOST_CARDS]


def _show(
    turn: Turn, say: Say, talk: GoodsTalk, wish: Wish, offers: Sequence[_Offer], *, seen: Sequence[str], than: Sequence[Decimal] = ()
) -> list[EventType]:
    skus = [o.product["sku"] for o in offers]
    items = [product_card(o.product, _reason(o, wish, than)) for o in offers]
    say.card({"type": "product_cards", "items": items})
    return talk.go_on(turn, topic="recommend", sku=None, shown=skus, seen=[*seen, *skus], wish=vars(wish), option=[])


def _reason(offer: _Offer, wish: Wish, than: Sequence[Decimal]) -> Word | str:
    """Why this one: the use, the price, else what it is."""
    parts = [Word("why.use", {"uses": "、".join(offer.uses[:2])})] if offer.uses else []
    if than and offer.price < min(than):
        parts.append(Word("why.cheaper", {"by": f"{float(min(than) - offer.price):g}"}))
    elif offer.off:
        over = wish.budget.high and offer.price > wish.budget.high
        by = abs(offer.price - wish.budget.about) if wish.budget.about else offer.off
        parts.append(Word("why.over_budget" if over else "why.under_budget", {"by": f"{float(by):g}"}))
    elif wish.budget and not than:
        parts.append(Word("why.within_budget"))
    if len(parts) == 2:
        return Word("why.both", {"first": parts[0], "second": parts[1]})
    return parts[0] if parts else str(offer.product["summary"]).split("，")[0].rstrip("。")


async def tell_one(turn: Turn, say: Say, shop: Shop, talk: GoodsTalk, sku: str) -> list[EventType]:
    """One of the goods that were shown: what it costs, and whether it is there."""
    try:
        product: Any = await shop.product(sku)
    except NotFound:
        say.response("utter_ask_product")
        return talk.go_on(turn)
    say.response("utter_product", product=product["name"], price=product["price"], stock=product["stock_text"])
    say.card({"type": "product_cards", "items": [product_card(product)]})
    return talk.go_on(turn, topic=talk.topic, sku=sku)
