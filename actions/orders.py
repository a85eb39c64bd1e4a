"""Which order a shopper means, and how an order is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.base import payload
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import Word, word
from bot.core.orders import ORDER_NUMBER, fits

_ORDINAL = re.compile(r"第\s*([一二三四五六七八九1-9])\s*[个单件条款双种]|^([1-9])$")
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", 1)}
_LATEST = re.compile(r"最近|最新|刚买|刚下|刚拍|最后一[个单]|昨天买|今天买")
MOST_SHOWN = 5


def named_order(turn: Turn) -> str | None:
    """An order number in the message, by entity or as fourteen digits."""
    found = turn.value("order_id") or next(iter(ORDER_NUMBER.findall(turn.text)), None)
    return re.sub(r"\D", "", found) if found else None


def pick(turn: Turn, orders: Sequence[Mapping[str, Any]]) -> str | None:
    """The order meant by a position in the list that was shown, by a product or by its age; None when it stays open."""
    shown = turn.slot("shown_orders") or []
    place = place_in(turn.text)
    if place and shown:
        return str(shown[place - 1]) if place <= len(shown) else None
    named = [str(o["order_id"]) for o in orders if any(mentions(turn, item) for item in o["items"])]
    if len(named) == 1:
        return named[0]
    if orders and _LATEST.search(turn.text):
        return str(orders[0]["order_id"])
    return None


def place_in(text: str) -> int | None:
    """A place in a list, counted from 1: 第二个, 2."""
    ordinal = _ORDINAL.search(text.strip())
    said = ordinal and (ordinal.group(1) or ordinal.group(2))
    return (_DIGITS.get(said) or int(said)) if said else None


def mentions(turn: Turn, item: Mapping[str, Any]) -> bool:
    """Whether the message names the product of an item."""
    words = [w for w in turn.values("product") if len(w) >= 2]
    return item["name"][-2:] in turn.text or any(w in item["name"] or item["name"] in w for w in words)


async def fitting_orders(turn: Turn, shop: Shop, want: str) -> list[dict[str, Any]]:
    """The shopper's orders that the want can be about, newest first."""
    return [order for order in await shop.orders() if fits(order, want, turn.now)]


def order_card(order: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "order_card",
        "order_id": order["order_id"],
        "status": order["status"],
        "status_text": status_word(order),
        "amount": order["amount"],
        "paid_at": order.get("paid_at"),
        "items": [{k: item.get(k) for k in ("sku", "name", "option", "quantity", "price")} for item in order["items"]],
        **more,
    }


def order_list(orders: Sequence[Mapping[str, Any]], title: Word) -> dict[str, Any]:
    """A list to tap; each item carries the payload that names it."""
    items = [order_card(o, payload=payload("inform", order_id=o["order_id"])) for o in orders[:MOST_SHOWN]]
    return {"type": "order_list", "title": title, "items": items}


def status_word(order: Mapping[str, Any]) -> Word | str:
    return word("order_status", order["status"], str(order["status"]))


def about(order: Mapping[str, Any]) -> Word | str:
    """A few words that name an order: its first product, and how many more."""
    names = [item["name"] for item in order["items"]]
    return names[0] if len(names) == 1 else Word("several_items", {"name": names[0], "count": len(names), "more": len(names) - 1})


def refund_card(aftersale: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("order_id", "aftersale_id", "kind", "status", "status_text", "amount", "steps")
    return {"type": "refund_card", **{name: aftersale.get(name) for name in fields}, "status_text": aftersale_status(aftersale)}


def aftersale_status(aftersale: Mapping[str, Any]) -> Word | str:
    return word("aftersale_status", aftersale["status"], str(aftersale.get("status_text")))
