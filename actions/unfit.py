"""Whether an order allows the want of a form, and what is told when it does not."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.base import HUMAN_BUTTON, want_button
from actions.cards import about, order_card, status_word, tell_aftersale
from actions.filling import NOT_NEEDED, SWITCHED, Filling
from actions.flows import FORM_OF, REQUESTS
from actions.turn import Turn
from bot.core.orders import STATUS_TEXT, fits

_UNFIT_SAID = {
    "return_form": ("paid", "shipped", "delivered", "completed"),
    "exchange_form": ("paid", "shipped", "delivered", "completed"),
    "refund_form": ("shipped",),
    "refund_status_form": tuple(STATUS_TEXT),
    "cancel_form": ("shipped", "delivered", "completed"),
    "address_form": ("shipped", "delivered", "completed"),
    "modify_form": ("shipped", "delivered", "completed"),
    "withdraw_form": ("paid", "shipped", "delivered", "completed"),
    "price_form": ("paid", "shipped", "delivered", "completed"),
    "problem_form": ("paid", "shipped"),
    "repair_form": ("paid", "shipped"),
    "invoice_form": ("closed",),
    "urge_form": ("delivered", "completed"),
    "lost_form": ("paid",),
    "compensation_form": ("unpaid",),
}
"""The states of an order for which `utter_unfit_<form>` is true; for others the state itself is told."""
_UNFIT_BY_STATUS = ("return_form", "exchange_form")
"""Forms that say something else of an order that was not received yet: `utter_unfit_<form>_<status>`."""
_CHANGES = re.compile(r"撤|取消|改成?|换成|转成|\b(instead|cancel|change)\b", re.IGNORECASE)
"""Said of a request that is to become another one: 换货取消掉 改成退货."""
_INSTEAD = {"modify_form": "request_exchange", "exchange_form": "modify_order"}
LOST = "包裹丢失，未收到货"


async def allows(f: Filling, order: Mapping[str, Any]) -> bool:
    """Whether the want can be about an order that is meant; a parcel that has not left is told so together with the order, and the money
    for a lost one comes back without it (fact refund.only). Whoever hurries what has left already is told how it gets on."""
    if fits(order, f.flow.want, f.turn.now) or (f.flow.form == "track_form" and order["status"] == "paid"):
        return True
    if f.flow.form == "urge_form" and order["status"] == "shipped":
        return True
    return f.flow.form == "refund_form" and await _is_lost(f, order)


async def _is_lost(f: Filling, order: Mapping[str, Any]) -> bool:
    return order["status"] == "shipped" and any(p["status"] == "lost" for p in await f.shop.parcels(str(order["order_id"])))


async def tell_unfit(f: Filling, order: Mapping[str, Any], *, ends: bool) -> None:
    """Why the want does not fit the order: what holds in its state, or how it stands, with its refund when there is one. Another option
    is an exchange once the goods were received, and a change until they are shipped: such a want goes on as the other. `ends`: no other
    order will do, so the form is over."""
    instead = _INSTEAD.get(f.flow.form)
    back = f.turn.intent not in f.flow.wants and FORM_OF.get(f.turn.intent) == FORM_OF.get(instead or "")  # it came from there
    if instead and not back and f.now("item") != NOT_NEEDED and fits(order, instead, f.turn.now):
        f.choose(str(order["order_id"]))
        f.pass_on(instead, SWITCHED)
        return
    tell = functools.partial(f.end, order=order) if ends else f.tell
    if cannot_come_back(f, order):
        tell("utter_unfit_withdraw_form_closed", order_id=order["order_id"])
        return
    if order["status"] in _UNFIT_SAID.get(f.flow.form, ()):
        case = f"_{order['status']}" if f.flow.form in _UNFIT_BY_STATUS and order["status"] in ("paid", "shipped") else ""
        tell(f"utter_unfit_{f.flow.form}{case}", order_id=order["order_id"])
        return
    if order["status"] == "aftersale" and await tell_request(f, order, ends=ends):
        return
    tell("utter_unfit", about=about(order), status=status_word(order))
    f.say.card(order_card(order))


async def tell_request(f: Filling, order: Mapping[str, Any], sku: str | None = None, *, ends: bool = True) -> bool:
    """How the request stands that an order, or this item of it, is in already; False when the shop knows of none."""
    requests = await f.shop.aftersales(order["order_id"])
    under_way = next((a for a in requests if sku is None or a.get("sku") in (None, sku)), None)
    if under_way is None:
        return False
    if f.flow.form in REQUESTS and f.opening and under_way["kind"] != f.flow.form.removesuffix("_form") and _changes(f.turn):
        f.choose(str(order["order_id"]))
        f.pass_on("cancel_aftersale")
        return True
    f.told, f.ended = True, f.ended or ends
    tell_aftersale(f.say, under_way, buttons=[want_button("cancel_aftersale", order_id=order["order_id"]), HUMAN_BUTTON] if ends else None)
    return True


def _changes(turn: Turn) -> bool:
    return turn.intent.startswith("request_") and bool(_CHANGES.search(turn.text))


def cannot_come_back(f: Filling, order: Mapping[str, Any]) -> bool:
    """A cancelled order that is to be had again: another order's refund is not what is to be withdrawn."""
    return f.flow.form == "withdraw_form" and order["status"] == "closed"


async def tell_none(f: Filling, orders: Sequence[Mapping[str, Any]], not_this: str | None) -> None:
    """No order fits; where the one of the talk is being returned already, that is why."""
    under_way = next((order for order in orders if order["order_id"] == f.turn.focus and order["status"] == "aftersale"), None)
    if under_way and not not_this:
        await tell_unfit(f, under_way, ends=True)
    else:
        f.end("utter_no_other_order" if not_this else f"utter_none_{f.flow.form}")
