"""Which of their orders, and which item of it, a shopper means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.places import place_in
from actions.shop_api import Shop
from actions.turn import Turn
from bot.core.orders import ORDER_NUMBER, fits
from bot.core.wishes import category_in

_NOT_THIS = r"(?<!是)(?:不是|并非|\bnot (?:the |my |a )?)(?:[这那]|说|退|换|我的?)*[个件双条款]?的?\s*"
"""Before a product: 羽绒服 in 不是那件羽绒服 is not what is meant."""
_NOT_A_PART = r"(?![尾后]?号|[壳膜袋架])"
"""手机 in 手机号 is no product."""
_LATEST = re.compile(r"最近|最新|刚买|刚下|刚拍|最后一[个单]|昨天买|今天买")
_STANDS = (
    ("unpaid", re.compile(r"[没未]付款|待付款|[没未]付钱|\bunpaid\b", re.IGNORECASE)),
    ("paid", re.compile(r"(还没|没有?|[未待])(发货|发出|发的|发那)|not (yet )?shipped|unshipped", re.IGNORECASE)),
    ("shipped", re.compile(r"(在路上|在途)的|on its way", re.IGNORECASE)),
)
"""How a shopper says which order by its state: 还没发货那单."""


def named_order(turn: Turn) -> str | None:
    """An order number in the message, by entity or as fourteen digits."""
    found = turn.value("order_id") or next(iter(ORDER_NUMBER.findall(turn.text)), None)
    return re.sub(r"\D", "", found) if found else None


def other_named_order(turn: Turn) -> str | None:
    """The one order number in a message besides the first, None when there is none or several."""
    numbers = list(dict.fromkeys(re.sub(r"\D", "", found) for found in ORDER_NUMBER.findall(turn.text)))
    return numbers[1] if len(numbers) == 2 else None


def chosen_from_list(turn: Turn) -> str | None:
    """The order meant by its position in the list that was shown, or by a yes to a list of one."""
    shown = turn.slot("shown_orders") or []
    place = place_in(turn.text)
    if place:
        return str(shown[place - 1]) if place <= len(shown) else None
    return str(shown[0]) if len(shown) == 1 and turn.intent == "affirm" else None


def with_product(turn: Turn, orders: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of `orders` with a product that the message names."""
    return [order for order in orders if any(mentions(turn, item) for item in order["items"])]


def described(turn: Turn, orders: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those of `orders` (newest first) that the message describes by how they stand, or as the latest."""
    stands = next((status for status, words in _STANDS if words.search(turn.text)), None)
    if stands:
        return [order for order in orders if order["status"] == stands]
    return list(orders[:1]) if _LATEST.search(turn.text) else []


def mentions(turn: Turn, item: Mapping[str, Any]) -> bool:
    """Whether the message names the product of an item: by what was recognised as a product, else by one of the names that the catalogue
    gives it. A product that it says is not meant (不是羽绒服) is not named."""
    names = [item["name"], *item.get("aliases", ())]
    if any(len(str(e.get("value") or "")) > 1 for e in turn.entities if e["entity"] == "product"):
        return any(_is_of(e, item, names) for e in named_goods(turn))
    said = (name for name in names if len(name) > 1 and re.search(re.escape(name) + _NOT_A_PART, turn.text, re.IGNORECASE))
    return any(not _refuses(turn, name) for name in said)


def named_goods(turn: Turn) -> list[Mapping[str, Any]]:
    """What was recognised as a product and is not said to be another one than is meant."""
    said = [e for e in turn.entities if e["entity"] == "product" and len(str(e.get("value") or "")) > 1]
    return [e for e in said if not _refuses(turn, str(e["value"]))]


def refuses_goods(turn: Turn, items: Sequence[Mapping[str, Any]] | None = None) -> bool:
    """Whether the message says of a product (of one of `items`) that it is not the one: 不是羽绒服."""
    refused = [e for e in turn.entities if e["entity"] == "product" and _refuses(turn, str(e.get("value") or "\0"))]
    return bool(refused) if items is None else any(_is_of(e, i, [i["name"], *i.get("aliases", ())]) for e in refused for i in items)


def _refuses(turn: Turn, product: str) -> bool:
    return re.search(_NOT_THIS + re.escape(product), turn.text, re.IGNORECASE) is not None


def _is_of(product: Mapping[str, Any], item: Mapping[str, Any], names: Sequence[str]) -> bool:
    said, skus = str(product["value"]), product.get("sku") or ()
    kind = not skus and category_in(said)
    return item["sku"] in skus or _is_called(said, names, sold=bool(skus)) or bool(kind and kind == item.get("category"))


def _is_called(said: str, names: Sequence[str], *, sold: bool) -> bool:
    """A part of a name counts (耳机 for 蓝牙耳机), and of a product that we do not sell under that name what it contains (加绒的卫衣)."""
    return any(said in name or (not sold and len(name) > 1 and name in said) for name in names)


async def fitting_orders(turn: Turn, shop: Shop, want: str) -> list[dict[str, Any]]:
    """The shopper's orders that the want can be about, newest first."""
    return [order for order in await shop.orders() if fits(order, want, turn.now)]
