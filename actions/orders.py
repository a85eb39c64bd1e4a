"""Which of their orders, and which item of it, a shopper means."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from actions.places import place_in
from actions.shop_api import Shop
from actions.turn import Turn, is_denied
from bot.core.orders import ORDER_NUMBER, fits
from bot.core.wishes import category_in

_NOT_A_PART = r"(?![尾后]?号|[壳膜袋架])"
"""手机 in 手机号 is no product."""
_NO_PRODUCT = re.compile(
    r"(我的|[这那]个?)?(东西|商品|宝贝|货物?|包裹?|快递|快件|礼物|礼品|订?单)|(the |my )?(stuff|things?|items?|parcels?|packages?|orders?)",
    re.IGNORECASE,
)
_LATEST = re.compile(r"最近|最新|刚买|刚下|刚拍|最后一[个单]|昨天买|今天买")
_STANDS = (
    (("unpaid",), re.compile(r"[没未]付款|待付款|[没未]付钱|\bunpaid\b", re.IGNORECASE)),
    (("paid",), re.compile(r"(还没|没有?|[未待])(发货|发出|发的|发那)|not (yet )?shipped|unshipped", re.IGNORECASE)),
    (("shipped",), re.compile(r"(在路上|在途)的|on its way", re.IGNORECASE)),
)
"""How a shopper says which order by its state: 还没发货那单."""
_STANDS_IN_A_LIST = (
    *_STANDS,
    (("shipped",), re.compile(r"在路上|在途|运输|已经?发货?|发了的?|\bshipped|on the way|in transit", re.IGNORECASE)),
    (("delivered", "completed"), re.compile(r"(?<![没未])(?:签收|收到|送到)|\bdelivered|\barrived|\breceived", re.IGNORECASE)),
)
"""The same, where a list was shown and any word for a state tells its orders apart."""
_NO_ORDER = re.compile(
    r"(还没|没有?|都没|未)(下过?单|买过?(?!到)|拍下?|购买)|没有?订单|哪来的?订单"
    r"|(have ?n[o']t|didn't|not) (yet )?(bought|ordered|buy|order)|no order",
    re.IGNORECASE,
)
_THAT_ORDER = re.compile(r"[那这]一?[单笔个]|\border|\bone\b|买的|下的?单|拍的|bought", re.IGNORECASE)
_ENDING = re.compile(
    r"(?:尾号|后[三四五六]位|结尾|末尾|ending|last (?:four|4))\D{0,6}(\d{3,8})(?!\d)|^\D{0,6}(?<!\d)(\d{4,8})\D{0,6}$", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\d.])\d{1,5}(?:\.\d{1,2})?(?![\d.])")


def named_order(turn: Turn) -> str | None:
    """An order number in the message, by entity or as fourteen digits."""
    found = turn.value("order_id") or next(iter(ORDER_NUMBER.findall(turn.text)), None)
    return re.sub(r"\D", "", found) if found else None


def other_named_order(turn: Turn) -> str | None:
    """The one order number in a message besides the first, None when there is none or several."""
    numbers = list(dict.fromkeys(re.sub(r"\D", "", found) for found in ORDER_NUMBER.findall(turn.text)))
    return numbers[1] if len(numbers) == 2 else None


def has_no_order(text: str) -> bool:
    """Whether somebody who is asked for an order says that there is none: 我还没买呢."""
    return bool(_NO_ORDER.search(text))


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


def ruled_out(turn: Turn, order: Mapping[str, Any]) -> bool:
    """Whether the message says of every product of the order that it is not the one: 不是卫衣."""
    return all(any(is_denied(turn.text, name) for name in _said_names(turn, item)) for item in order["items"])


def not_bought(turn: Turn, orders: Sequence[Mapping[str, Any]], *, unsold: bool = True) -> str | None:
    """The product of the message that is in none of `orders`; None when one of them may hold it. `unsold`: also what the shop does not
    sell by that name."""
    named = [str(e["value"]) for e in named_goods(turn) if e.get("sku") or unsold]
    words = [word for word in named if not _NO_PRODUCT.fullmatch(word)]
    return words[0] if words and not with_product(turn, orders) else None


def words_for(turn: Turn, order: Mapping[str, Any]) -> str:
    """How the message calls a product of the order, which it names."""
    said = (word for item in order["items"] for word in _said_names(turn, item))
    return next(said, str(order["items"][0]["name"]))


def described(turn: Turn, orders: Sequence[Mapping[str, Any]], *, listed: bool = False) -> list[Mapping[str, Any]]:
    """Those of `orders` (newest first) that the message describes by how they stand, by day, amount or the end of the number, or as the
    latest. `listed`: they were shown, and the message answers which one."""
    stands = next((states for states, words in (_STANDS_IN_A_LIST if listed else _STANDS) if words.search(turn.text)), None)
    if stands:
        return [order for order in orders if order["status"] in stands]
    if listed or _THAT_ORDER.search(turn.text):
        days = turn.values("date")
        amounts = {*turn.values("amount"), *(f"{Decimal(number):.2f}" for number in _NUMBER.findall(turn.text) if listed)}
        ending = _ENDING.search(turn.text) if listed else None
        found = [o for o in orders if o["amount"] in amounts or str(o.get("paid_at"))[:10] in days]
        found = found or [o for o in orders if ending and str(o["order_id"]).endswith(ending[1] or ending[2])]
        if found:
            return found
    return list(orders[:1]) if _LATEST.search(turn.text) else []


def mentions(turn: Turn, item: Mapping[str, Any]) -> bool:
    """Whether the message names the product of an item: by what was recognised as a product, else by one of the names that the catalogue
    gives it. A product that it says is not meant is not named."""
    if turn.denied or any(len(value) > 1 for value in turn.values("product")):
        return any(_is_of(product, item) for product in named_goods(turn))
    return any(not is_denied(turn.text, name) for name in _names_in(turn.text, _names_of(item)))


def named_goods(turn: Turn) -> list[Mapping[str, Any]]:
    """What was recognised as a product and is meant."""
    return [e for e in turn.entities if e["entity"] == "product" and len(str(e.get("value") or "")) > 1]


def refuses_goods(turn: Turn, items: Sequence[Mapping[str, Any]] | None = None) -> bool:
    """Whether the message says of a product (of one of `items`) that it is not meant: 不是羽绒服."""
    return bool(turn.denied) if items is None else any(_is_of(product, item) for product in turn.denied for item in items)


def _is_of(product: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    said, skus = str(product["value"]), product.get("sku") or ()
    kind = not skus and category_in(said)
    return item["sku"] in skus or _is_called(said, _names_of(item), sold=bool(skus)) or bool(kind and kind == item.get("category"))


def _names_of(item: Mapping[str, Any]) -> list[str]:
    return [item["name"], *item.get("aliases", ())]


def _said_names(turn: Turn, item: Mapping[str, Any]) -> list[str]:
    """The words of the message that may be about an item."""
    values = [*turn.values("product"), *(str(product["value"]) for product in turn.denied)]
    called = [v for v in values if len(v) > 1 and _is_called(v, _names_of(item), sold=True)]
    return [*called, *_names_in(turn.text, _names_of(item))]


def _names_in(text: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if len(name) > 1 and _stands_in(name, text, without=_NOT_A_PART)]


def _stands_in(word: str, text: str, *, without: str = "") -> bool:
    """Whether a word stands in a text; one of Latin letters as a word of its own, so that rice is not in price."""
    whole = (r"(?<![A-Za-z])", r"(?:e?s)?(?![A-Za-z])") if word.isascii() else ("", without)
    return re.search(re.escape(word).join(whole), text, re.IGNORECASE) is not None


def _is_called(said: str, names: Sequence[str], *, sold: bool) -> bool:
    """A part of a name counts (耳机 for 蓝牙耳机), and of a product that we do not sell under that name what it contains (加绒的卫衣)."""
    return any(_stands_in(said, name) or (not sold and len(name) > 1 and _stands_in(name, said)) for name in names)


async def fitting_orders(turn: Turn, shop: Shop, want: str) -> list[dict[str, Any]]:
    """The shopper's orders that the want can be about, newest first."""
    return [order for order in await shop.orders() if fits(order, want, turn.now)]
