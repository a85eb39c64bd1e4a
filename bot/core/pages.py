"""The page that a shopper looks at while chatting, as the storefront names it: `sku:10231`, `order:20261120000123`."""

from __future__ import annotations

import re

_PRODUCT = re.compile(r"sku:([\w.-]{1,64})")
_ORDER = re.compile(r"order:(\w+)")


def page_sku(page: str | None) -> str | None:
    """The product of a product page; None for any other page."""
    return _named(_PRODUCT, page)


def page_order(page: str | None) -> str | None:
    """The order of an order page; None for any other page."""
    return _named(_ORDER, page)


def _named(kind: re.Pattern[str], page: str | None) -> str | None:
    found = kind.fullmatch(page or "")
    return found[1] if found else None
