"""Whether a product, or one of its options, is in stock; else what comes nearest to it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from rasa_sdk.events import EventType

from actions.base import HUMAN_BUTTON, Say, button
from actions.goods import MOST_CARDS, GoodsTalk, Meant, Product, in_stock, meant, product_cards
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import Word
from bot.core.options import has_values, named_value, named_values

MOST_NEAREST = 4
_MOST_OF_CATEGORY = 100
_NOISE = re.compile(r"还?有没有|没有|有货|现货|库存|缺货|还?有|那|呢|吗|么|嘛|没|不|的话|[?？!！。~～]")
"""Words around an option in a question for it."""
NO_OPTION = "默认"
OTHER_GOODS = Word("other_goods")


async def tell_stock(turn: Turn, say: Say, shop: Shop, talk: GoodsTalk) -> list[EventType]:
    asked = await meant(turn, shop, talk)
    if len(asked.products) != 1:
        return which(turn, say, talk, asked, topic="stock")
    product = asked.products[0]
    told = _options_said(turn, talk, product)
    unknown = [v for v in turn.values("sku_option") if not _known(product, v)]
    combos = [(s["option"], s["quantity"]) for s in product["stock"] if has_values(s["option"], told)]
    if (unknown and not told) or not combos:
        said = "、".join(unknown or told.values())
        say.response("utter_stock_no_option", product=product["name"], said=said, options=_listed(product["stock"]), buttons=None)
    elif not any(quantity > 0 for _, quantity in combos):
        await _out(say, shop, product, told)
    elif not _too_few(turn, say, product, combos):
        _in(say, product, combos, told)
        if talk.sku != product["sku"]:
            say.card(product_cards([product]))
    shown = talk.shown if product["sku"] in talk.shown else []  # the list stays open while one of it is talked about
    return talk.go_on(turn, topic="stock", sku=product["sku"], option=list(told.values()), shown=shown)


def which(turn: Turn, say: Say, talk: GoodsTalk, asked: Meant, *, topic: str, **kept: Any) -> list[EventType]:
    """Several products go by that name, none does, or none was named."""
    shown = asked.products[:MOST_CARDS]
    if shown:
        say.response(
            "utter_which_product", buttons=[button(p["name"], "check_stock", sku=p["sku"]) for p in shown] if topic == "stock" else None
        )
        say.card(product_cards(shown))
    elif asked.word:
        say.response("utter_not_sold", word=asked.word, buttons=[button(OTHER_GOODS, "recommend_product"), HUMAN_BUTTON])
    else:
        say.response("utter_size_which" if topic == "size" else "utter_ask_product")
    return talk.go_on(turn, topic=topic, sku=None, shown=[p["sku"] for p in shown], **kept)


async def similar(shop: Shop, product: Product, *, limit: int = MOST_CARDS) -> list[Product]:
    """Products in stock of the same category: the same kind first, then the nearest price."""
    others = [p for p in await shop.products("", category=product["category"], limit=_MOST_OF_CATEGORY) if p["sku"] != product["sku"]]
    price, kinds = Decimal(product["price"]), {name[-1] for name in product["aliases"]}

    def distance(other: Product) -> tuple[bool, Decimal]:
        return not kinds & {name[-1] for name in other["aliases"]}, abs(Decimal(other["price"]) - price)

    return sorted(filter(in_stock, others), key=distance)[:limit]


def _options_said(turn: Turn, talk: GoodsTalk, product: Product) -> dict[int, str]:
    """What this message says of the options, beside what was said of them just before."""
    before = "/".join(talk.option) if talk.just_now(turn) else ""
    words = "/".join([_NOISE.sub("/", turn.text), *turn.values("sku_option")])
    return {**named_values(product["options"], before), **named_values(product["options"], words)}


def _known(product: Product, said: str) -> bool:
    return any(named_value(values, said) for values in product["options"].values())


def _too_few(turn: Turn, say: Say, product: Product, combos: Sequence[tuple[str, int]]) -> bool:
    """More pieces are asked for than there are."""
    wanted, most = turn.value("quantity") or "", max(quantity for _, quantity in combos)
    if not wanted.isdigit() or int(wanted) <= most:
        return False
    say.response("utter_stock_few", product=product["name"], count=wanted, left=most, buttons=[HUMAN_BUTTON])
    return True


def _in(say: Say, product: Product, combos: Sequence[tuple[str, int]], told: Mapping[int, str]) -> None:
    have, lack = ([option for option, quantity in combos if (quantity > 0) is there] for there in (True, False))
    if len(combos) == 1:
        say.response("utter_stock_yes", product=product["name"], option=_spaced(have[0]))
        return
    said = _spaced("/".join(told.values()))
    name = "utter_stock_some" if lack else "utter_stock_all"
    words = {"options": _grouped(have, told), **({"missing": _grouped(lack, told)} if lack else {})}
    say.response(name, product=product["name"], option=said, **words)


async def _out(say: Say, shop: Shop, product: Product, told: Mapping[int, str]) -> None:
    """Other options that keep most of what was said (a size before a colour), else other products."""

    def kept(option: str) -> int:
        return sum(2**place for place, value in told.items() if has_values(option, {place: value}))

    there = [s["option"] for s in product["stock"] if s["quantity"] > 0]
    nearest = sorted(there, key=kept, reverse=True)[:MOST_NEAREST]
    option = _spaced("/".join(told.values()))
    if nearest:
        buttons = [button(o, "check_stock", sku=product["sku"], sku_option=o) for o in nearest]
        say.response("utter_stock_out_nearest", product=product["name"], option=option, options="、".join(nearest), buttons=buttons)
        return
    others = await similar(shop, product)
    say.response("utter_stock_out_similar" if others else "utter_stock_out", product=product["name"])
    if others:
        say.card(product_cards(others))


def _spaced(option: str) -> str:
    """Set off from a name before it; nothing for a product without options."""
    return f" {option}" if option and option != NO_OPTION else ""


def _listed(stock: Sequence[Mapping[str, Any]]) -> str:
    return _grouped([s["option"] for s in stock if s["quantity"] > 0], {})


def _grouped(options: Sequence[str], told: Mapping[int, str]) -> str:
    """黑色 S/M/L；白色 S, or S、M、L where the colour was said."""
    parts = [[value for place, value in enumerate(o.split("/")) if place not in told] for o in options]
    if all(len(p) <= 1 for p in parts):
        return "、".join(p[0] for p in parts if p)
    groups: dict[str, list[str]] = {}
    for first, *rest in parts:
        groups.setdefault(first, []).append("/".join(rest))
    return "；".join(f"{first} {'、'.join(rest)}" for first, rest in groups.items())
