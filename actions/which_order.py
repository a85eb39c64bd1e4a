"""Which order a form is about, and what is told when the order that is meant does not allow the want."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import Any

from actions.base import HUMAN_BUTTON, want_button
from actions.cards import about, order_card, status_word, tell_aftersale
from actions.filling import NOT_NEEDED, SWITCHED, Filling
from actions.flows import FORM_OF, REQUESTS
from actions.guides import guide_for, guides
from actions.orders import chosen_from_list, described, named_goods, named_order, other_named_order, refuses_goods, with_product
from bot.core.aftersales import came_instead
from bot.core.errors import NotFound
from bot.core.guides import Guide
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
    "urge_form": ("shipped", "delivered", "completed"),
    "lost_form": ("paid",),
    "compensation_form": ("unpaid",),
}
"""The states of an order for which `utter_unfit_<form>` is true; for others the state itself is told."""
_UNFIT_BY_STATUS = ("return_form", "exchange_form")
"""Forms that say something else of an order that was not received yet: `utter_unfit_<form>_<status>`."""
_FREE_TEXT = ("detail", "reason", "address", "note", "invoice_title")
"""Where a product may be named that the form is not about."""
_INSTEAD = {"modify_form": "request_exchange", "exchange_form": "modify_order"}


async def order_id(f: Filling) -> None:
    """A number that was named, a choice from the list, an order that the message describes, the order the talk is about, or the only
    one that fits."""
    # The first number in a message is for the form that it opens; one that follows in the same turn reads the second.
    follows = f.opening and f.turn.intent not in f.flow.wants
    named = (other_named_order(f.turn) if f.flow.want in f.turn.wants else None) if follows else named_order(f.turn)
    if named is None and await _of_other_goods(f):
        f.changed |= {"order_id": None, "item": None}
        f.emptied = "order_id"
    if f.now("order_id") and f.turn.slot("frozen") and named is None:
        return
    if f.turn.shopper_id is None:
        await _anonymous_order(f, named)
    elif named:
        await _named_order(f, named)
    elif not f.now("order_id"):
        await _meant_order(f)


async def _of_other_goods(f: Filling) -> bool:
    """Whether the message says that it is not about the product of the form's order, or names another one: then it is another order."""
    if not f.now("order_id") or f.opening or f.turn.shopper_id is None or f.turn.source != "text":
        return False
    if not f.turn.values("product"):
        return False
    order = await f.order()
    refused = refuses_goods(f.turn, order["items"])
    named = f.turn.requested_slot not in _FREE_TEXT and any(e.get("sku") for e in named_goods(f.turn)) and not came_instead(f.turn.text)
    return (refused or named) and not with_product(f.turn, [order])


async def _anonymous_order(f: Filling, named: str | None) -> None:
    if not f.flow.anonymous:
        f.end("utter_sign_in", buttons=[HUMAN_BUTTON])
    elif named:
        f.changed["order_id"] = named


async def _named_order(f: Filling, named: str) -> None:
    try:
        order = await f.shop.order(named)
    except NotFound:
        if f.now("order_id") is None and not f.asked("order_id"):
            f.end("utter_order_not_found", order_id=named)
        else:
            f.tell("utter_order_not_found", order_id=named)
        return
    if _allows(f, order):
        f.choose(named)
        return
    f.changed |= {"focus_order": named, "focus_page": f.turn.page_order}
    await _tell_unfit(f, order, ends=True)


def _allows(f: Filling, order: Mapping[str, Any]) -> bool:
    """Whether the want can be about an order that is meant; a parcel that has not left is told so together with the order."""
    return fits(order, f.flow.want, f.turn.now) or (f.flow.form == "track_form" and order["status"] == "paid")


async def _meant_order(f: Filling) -> None:
    not_this = f.turn.slot("order_id") if f.emptied == "order_id" else None
    orders = [order for order in await f.shop.orders() if order["order_id"] != not_this]
    fitting = {str(o["order_id"]): o for o in orders if fits(o, f.flow.want, f.turn.now)}
    if f.asked("order_id"):
        offered = list(fitting.values())
        picked = chosen_from_list(f.turn) or _only_one(with_product(f.turn, offered) or described(f.turn, offered))
        if picked in fitting:
            f.choose(picked)
        elif product := _not_ordered(f, orders):
            f.tell("utter_product_not_ordered", product=product)
        elif f.turn.intent == "deny":
            f.end("utter_stopped", buttons=None)
        return
    meant = with_product(f.turn, orders) or _with_guide(f, orders)
    product = None if meant else _not_ordered(f, orders)
    if product:
        f.tell("utter_product_not_ordered", product=product)
        if not fitting:
            await _tell_none(f, orders, not_this)
        return
    if not meant:
        meant = ([] if f.flow.implied else described(f.turn, orders)) or ([] if not_this else await _of_the_talk(f, orders))
    allowed = [str(o["order_id"]) for o in meant if _allows(f, o)]
    if len(allowed) == 1:
        f.choose(allowed[0])
    elif meant and not allowed:
        await _tell_unfit(f, meant[0], ends=not fitting or f.flow.form == "withdraw_form")  # no other is offered
    elif len(fitting) == 1 and not (f.opening and list(fitting) == f.turn.slot("shown_orders")):  # it was shown and not taken
        f.choose(next(iter(fitting)))
    elif not fitting:
        await _tell_none(f, orders, not_this)


def _guide_of(f: Filling) -> Guide | None:
    """The guide that came before, or the one for the product that is named by a name that the catalogue does not have (kettle)."""
    goods = named_goods(f.turn)
    words = [str(e["value"]) for e in goods if not e.get("sku")]
    text = f.turn.text if not goods and f.turn.language != "zh" and f.flow.form in REQUESTS else ""
    return guide_for(want="troubleshoot", words=words, text=text) or (None if goods else guides().get(str(f.now("guide"))))


def _with_guide(f: Filling, orders: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    guide = _guide_of(f)
    return [order for order in orders if guide and any(item["sku"] in guide.products for item in order["items"])]


def _not_ordered(f: Filling, orders: Sequence[Mapping[str, Any]]) -> str | None:
    """The product that the message is about when none of the orders has it; None when it names none, or one that came instead."""
    if came_instead(f.turn.text) or with_product(f.turn, orders) or _with_guide(f, orders):
        return None
    # What the shop does not know by that name may be the parcel or an invoice's content, but what is sent back is a product.
    named = [str(e["value"]) for e in named_goods(f.turn) if e.get("sku") or f.flow.form in REQUESTS]
    guide = _guide_of(f)
    return named[0] if named else guide.title["zh" if f.turn.language == "zh" else "en"] if guide and guide.products else None


async def _tell_none(f: Filling, orders: Sequence[Mapping[str, Any]], not_this: str | None) -> None:
    """No order fits; where the one of the talk is being returned already, that is why."""
    under_way = next((order for order in orders if order["order_id"] == f.turn.focus and order["status"] == "aftersale"), None)
    if under_way and not not_this:
        await _tell_unfit(f, under_way, ends=True)
    else:
        f.end("utter_no_other_order" if not_this else f"utter_none_{f.flow.form}")


def _only_one(orders: Sequence[Mapping[str, Any]]) -> str | None:
    return str(orders[0]["order_id"]) if len(orders) == 1 else None


async def _of_the_talk(f: Filling, orders: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The order that was spoken of last, or whose page the shopper has opened since; none when it is not theirs."""
    number = f.turn.focus
    known = [order for order in orders if order["order_id"] == number]
    if number and not known:
        try:
            known = [await f.shop.order(number)]
        except NotFound:
            return []
    return [order for order in known if not f.flow.implied or fits(order, f.flow.want, f.turn.now)]


async def _tell_unfit(f: Filling, order: Mapping[str, Any], *, ends: bool) -> None:
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
    f.told, f.ended = True, f.ended or ends
    tell_aftersale(f.say, under_way, buttons=[want_button("cancel_aftersale", order_id=order["order_id"]), HUMAN_BUTTON] if ends else None)
    return True
