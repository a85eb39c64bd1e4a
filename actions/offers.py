"""What can be done next about an order, as buttons: a shopper whose want does not fit is never left without a way on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from actions.base import HUMAN_BUTTON, Button, button, want_button
from actions.words import Word
from bot.core.orders import open_aftersale

_BY_STATUS = {
    "paid": ("cancel_order", "change_address"),
    "shipped": ("track_package",),
    "delivered": ("request_return", "request_exchange"),
    "completed": ("request_invoice",),
    "aftersale": ("query_refund",),
}


def offers_for(order: Mapping[str, Any]) -> list[Button]:
    """The wants that fit the state of an order. An exchange pays nothing back, and is not asked for as a refund."""
    if order["status"] == "aftersale" and (open_aftersale(order) or {}).get("kind") == "exchange":
        return [button(Word("exchange_progress"), "query_refund", order_id=order["order_id"])]
    return [want_button(want) for want in _BY_STATUS.get(order["status"], ())]


def ways_on(order: Mapping[str, Any] | None, *, without: tuple[str, ...] = ()) -> list[Button]:
    """What fits this order, or a look at the orders; and a person. `without` are wants that were just refused."""
    fitting = offers_for(order) if order else [want_button("query_order")]
    refused = {f"/{want}" for want in without}
    return [*(b for b in fitting if b["payload"] not in refused), HUMAN_BUTTON]
