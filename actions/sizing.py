"""Which size of a product to take, from its size table and what the shopper says of themselves (fact use.size_choice)."""

from __future__ import annotations

from collections.abc import Mapping

from rasa_sdk.events import EventType

from actions.base import Say
from actions.goods import GoodsTalk, Product, meant
from actions.shop_api import Shop
from actions.stock import NO_OPTION, which
from actions.turn import Turn
from bot.core.options import has_values
from bot.core.sizes import asked_by, asks_size, fit, measures_in

_IN_ENGLISH = {
    "身高": "height (cm)",
    "体重": "weight (kg)",
    "腰围": "waist (cm)",
    "胸围": "chest (cm)",
    "脚长": "foot length (cm)",
    "月龄": "age in months",
}


async def size_question(turn: Turn, say: Say, shop: Shop) -> list[EventType] | None:
    """The answer to a question for a size, or to our question for measures; None for any other message."""
    talk = GoodsTalk.of(turn)
    going_on = talk.topic == "size" and talk.just_now(turn) and not turn.active_form
    said = measures_in(turn.text, bare=going_on)
    if not (asks_size(turn.text) or (going_on and (said or turn.values("product")))):
        return None
    asked = await meant(turn, shop, talk)
    if not asked.products and not said:
        return None  # how sizes work in general is an article's matter
    known = {**talk.measures, **said}
    if len(asked.products) != 1:
        return which(turn, say, talk, asked, topic="size", measures=known)
    product = asked.products[0]
    _tell(turn, say, product, known)
    return talk.go_on(turn, topic="size", sku=product["sku"], measures=known, shown=[], option=[])


def _tell(turn: Turn, say: Say, product: Product, known: Mapping[str, float | str]) -> None:
    table: Mapping[str, str] = product.get("size_table") or {}
    name = product["name"]
    if not table:
        options = "、".join(s["option"] for s in product["stock"] if s["option"] != NO_OPTION) or "均码"
        say.response("utter_size_no_table", product=name, options=options)
        return
    found = fit(table, known)
    if found is None:
        _ask(turn, say, name, table)
    elif found.size is None:
        say.response("utter_size_beyond", product=name, size=found.nearest, row=table[found.nearest])
    else:
        told = "utter_size_between" if found.smaller else "utter_size_advice"
        say.response(told, product=name, size=found.size, row=table[found.size], **({"smaller": found.smaller} if found.smaller else {}))
        _tell_stock(say, product, found.size)


def _ask(turn: Turn, say: Say, name: str, table: Mapping[str, str]) -> None:
    measures = asked_by(table)
    if measures:
        words = "、".join(measures) if turn.language == "zh" else ", ".join(_IN_ENGLISH[m] for m in measures)
        say.response("utter_size_ask", product=name, measures=words)
    else:
        say.response("utter_size_table", product=name, rows="\n".join(f"{size}：{text}" for size, text in table.items()))


def _tell_stock(say: Say, product: Product, size: str) -> None:
    """The size is some use only where there are pieces of it."""
    place = next((place for place, values in enumerate(product["options"].values()) if size in values), None)
    if place is None:
        return
    of_size = [s for s in product["stock"] if has_values(s["option"], {place: size})]
    there = [s["option"] for s in of_size if s["quantity"] > 0]
    if there:
        say.response("utter_size_in_stock", size=size, options="、".join(there))
    else:
        say.response("utter_size_out_of_stock", size=size)
