"""Which other option of an item is wanted: held against the catalogue when it is said, so that nothing is confirmed that cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from actions.base import HUMAN_BUTTON, want_button
from actions.filling import NOT_NEEDED, Filling
from bot.core.aftersales import fault_of, shop_pays_freight
from bot.core.errors import NotFound
from bot.core.options import combinations_in_stock, neighbours, step_said, wanted_option
from bot.core.wordless import is_wordless

_SAME = re.compile(r"一样的|同款|同样的|同一款|原来的|(换|发|要)一?[个件只双]?(全?新的|好的)|same one|new one", re.IGNORECASE)
_LONGEST = 80


async def sku_option(f: Filling) -> None:
    if f.ended or not f.now("order_id") or f.now("sku_option") == NOT_NEEDED:
        return
    wish = _wish(f)
    item = await f.item()
    if item is None:  # which of several is still open: what was said is held against it as soon as it is known
        f.changed |= {"sku_option": wish} if wish else {}
        return
    wish = wish or (f.now("sku_option") if "item" in f.changed else None)
    try:
        product = await f.shop.product(item["sku"])
    except NotFound:  # no longer sold: the shop decides
        f.changed |= {"sku_option": wish} if wish else {}
        return
    if _price_differs(f, item) or not (wish or not f.now("sku_option")):
        return
    _settle(f, item, product, wish)


def _wish(f: Filling) -> str | None:
    """What the message says about the option, in the shopper's words: a step of size, values, or all of an answer."""
    text, said = f.turn.text.strip(), f.turn.values("sku_option")
    if f.turn.source == "text" and step_said(text):
        return text[:_LONGEST]
    if said:
        return _one_option(said, text)
    answers = f.asked("sku_option") and f.turn.intent == "inform" and not f.names_order and not is_wordless(text)
    return text[:_LONGEST] if answers else None


def _price_differs(f: Filling, item: Mapping[str, Any]) -> bool:
    """Before shipping the price must be the same today (fact order.modify_item)."""
    differs = f.flow.form == "modify_form" and item["price"] != item.get("current_price", item["price"])
    if differs:
        f.end("utter_option_price_differs", item=item["name"], buttons=[want_button("cancel_order"), HUMAN_BUTTON])
    return differs


def _settle(f: Filling, item: Mapping[str, Any], product: Mapping[str, Any], wish: str | None) -> None:
    """The combination that the wish names, or why there is none and what there is; `wish` None: the same again for what came faulty or
    wrong, else only whether there is a choice at all."""
    present, quantity = str(item["option"]), item["quantity"]
    others = neighbours(product, present, quantity)
    faulty = f.flow.form == "exchange_form" and shop_pays_freight(fault_of(str(f.now("reason") or "")))
    again = present in combinations_in_stock(product, quantity) and not wish and f.emptied != "sku_option"
    if faulty and (not others or again or _SAME.search(f.turn.text)):
        f.changed["sku_option"] = present
        return
    if not others:
        f.end(f"utter_option_none_{f.flow.form}", item=item["name"], buttons=[_INSTEAD[f.flow.form], HUMAN_BUTTON])
        return
    if not wish:
        return
    available = "、".join(others)
    found = wanted_option(product["options"], present, wish)
    f.changed["sku_option"] = None
    if found is None and step_said(wish):
        f.tell("utter_option_no_further_size", option=present, available=available)
    elif found is None:
        f.tell("utter_option_unknown", item=item["name"], wish=wish, available=available)
    elif found == present and not faulty:
        f.tell("utter_option_same", option=present, available=available)
    elif found != present and found not in combinations_in_stock(product, quantity):
        f.tell("utter_option_out_of_stock", option=found, available=available)
    else:
        f.changed["sku_option"] = found


_INSTEAD = {"exchange_form": want_button("request_return"), "modify_form": want_button("cancel_order")}


def _one_option(said: list[str], text: str) -> str:
    """Values that stand side by side are one option (黑色 L码); of others the last is meant (M 换成 L)."""
    beside = re.search(r"[\s/、,，的]*".join(map(re.escape, said)), text, re.IGNORECASE)
    return "/".join(said) if beside else said[-1]
