"""Which order a form is about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.base import HUMAN_BUTTON
from actions.cards import about, order_list, shown_in
from actions.charges import about_a_charge, settle_charge
from actions.checked import under_check
from actions.filling import NOT_NEEDED, SWITCHED, Filling
from actions.flows import REQUESTS
from actions.guides import guide_for, guides
from actions.knowledge import answer
from actions.orders import (
    chosen_from_list,
    described,
    has_no_order,
    mentions,
    named_goods,
    named_order,
    not_bought,
    other_named_order,
    refuses_goods,
    ruled_out,
    with_product,
    words_for,
)
from actions.places import place_in
from actions.unfit import LOST, allows, cannot_come_back, tell_none, tell_unfit
from actions.words import Word
from bot.core.aftersales import came_instead
from bot.core.delivery import asks_day
from bot.core.errors import NotFound
from bot.core.guides import Guide
from bot.core.orders import fits

_BARE_ANSWER = 4
"""Letters of a yes or no that names nothing besides."""
_TOLD = ("detail", "reason", "comment", "note")
"""Where another product of theirs may be named that the form is not about."""
_FREE_TEXT = (*_TOLD, "address", "invoice_title")
"""Where a product may be named that they never bought."""
_ALL_OF = re.compile(r"[和跟与、都]|还有|以及|两|\b(and|both|all)\b", re.IGNORECASE)
_NOT_ALL = re.compile(r"不(是|对|要|用|退|开)|还是|哪|\b(not|or|which)\b", re.IGNORECASE)
_POINTS = re.compile(r"不是|不对|搞错|弄错|我[说要]的|是[^，,。]{1,12}[那这][个单件]|\bnot\b|\bno,|\bi mean|\bmeant\b|wrong", re.IGNORECASE)
"""How it is said that another one is meant."""
_ALSO = re.compile(r"也(?![没不是许就])|另外?(一?单|一?个订?单)|别的[单订]|\balso\b|\b(an)?other order", re.IGNORECASE)
_TIME_OF_DELIVERY = "ship.time"
"""The article on how many days a parcel takes."""
_OF_THE_TALK = re.compile(r"[那这](个|一?[单件])|\b(it|this|that)\b", re.IGNORECASE)


async def order_id(f: Filling) -> None:
    """A number that was named, a choice from the list, an order that the message describes, the order the talk is about, or the only one
    that fits; later on another one, when that is said to be meant."""
    # The first number in a message is for the form that it opens; one that follows in the same turn reads the second.
    follows = f.opening and f.turn.intent not in f.flow.wants
    named = (other_named_order(f.turn) if f.flow.want in f.turn.wants else None) if follows else named_order(f.turn)
    if f.flow.form == "refund_status_form" and not f.now("order_id") and about_a_charge(f.turn):
        f.changed |= await settle_charge(f.turn, f.say, f.shop)
        f.ended = True
        return
    if f.turn.shopper_id is None:
        await _anonymous_order(f, named)
    elif named:
        await _named_order(f, named)
    elif not f.now("order_id"):
        await _meant_order(f)
    elif not f.opening:
        await _another_order(f)


async def _anonymous_order(f: Filling, named: str | None) -> None:
    time = next((hit for hit in f.turn.hits if hit["id"] == _TIME_OF_DELIVERY), None) if f.flow.form == "track_form" else None
    if not named and has_no_order(f.turn.text):
        f.end("utter_no_order_yet", buttons=None)
    elif not named and time and asks_day(f.turn.text):  # of something they may buy: an order number is asked of who has one
        f.ended = True
        answer(f.turn, f.say, time)
    elif not f.flow.anonymous:
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
    if f.flow.form in REQUESTS and (product := not_bought(f.turn, [order])) and not came_instead(f.turn.text):
        f.tell("utter_order_without_product", about=about(order), product=product)
        return
    if await allows(f, order):
        _choose(f, order)
        return
    f.changed |= {"focus_order": named, "focus_page": f.turn.page_order}
    await tell_unfit(f, order, ends=True)


def _choose(f: Filling, order: Mapping[str, Any]) -> None:
    f.choose(str(order["order_id"]))
    if f.flow.form == "refund_form" and order["status"] == "shipped":  # lost: that is the reason, and all of it
        f.changed |= {"reason": LOST, "item": NOT_NEEDED}


async def _meant_order(f: Filling) -> None:
    not_this = f.turn.slot("order_id") if f.emptied == "order_id" else None
    orders = [order for order in await f.shop.orders() if order["order_id"] != not_this]
    fitting = [order for order in orders if fits(order, f.flow.want, f.turn.now) and not _another_is_meant(f, order)]
    if f.asked("order_id"):
        await _answered(f, orders, fitting)
        return
    if await _money_for_lost(f, orders):
        return
    said = with_product(f.turn, orders) or _with_guide(f, orders)
    if not said and (product := _not_ordered(f, orders)):
        _tell_not_ordered(f, product, orders)
        if not f.ended and not fitting:
            await tell_none(f, orders, not_this)
        return
    said = said or _in_list(f, orders) or ([] if f.flow.implied else described(f.turn, orders))
    meant = said or ([] if not_this else await _of_the_talk(f, orders))
    allowed = [order for order in meant if await allows(f, order)]
    if len(allowed) == 1 or _names_each(f, allowed):
        _choose(f, allowed[0])
        f.changed |= {"more_orders": [order["order_id"] for order in allowed[1:]]} if allowed[1:] else {}
    elif meant and not allowed:
        only_offered = bool(fitting) and f.flow.form != "withdraw_form"
        only_offered = only_offered and not said and not _OF_THE_TALK.search(f.turn.text) and not _just_told(f, meant[0])
        await tell_unfit(f, meant[0], ends=not only_offered)
        if only_offered:
            f.changed["refused_order"] = str(meant[0]["order_id"])
    elif len(fitting) == 1 and not (f.opening and [o["order_id"] for o in fitting] == f.turn.slot("shown_orders")):  # shown and not taken
        _choose(f, fitting[0])
    elif not fitting and f.flow.form == "refund_status_form" and (looked_into := under_check(f.turn)):
        f.choose(str(looked_into["order_id"]))  # no money is under way, but it may be once that parcel is not found
    elif not fitting:
        await tell_none(f, orders, not_this)


def _in_list(f: Filling, orders: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The order in that place of the list that was last shown for this want: 第二个那单也开一下."""
    listed, place = f.turn.slot("listed") or {}, place_in(f.turn.text)
    if listed.get("want") != f.flow.want or not place or f.turn.source != "text":
        return []
    number = next(iter(listed["orders"][place - 1 : place]), None)
    return [order for order in orders if order["order_id"] == number]


def _names_each(f: Filling, orders: Sequence[Mapping[str, Any]]) -> bool:
    """Several orders, each by a product of its own: 被子那单和卫衣那单都要. They come one after the other."""
    several = f.flow.form == "invoice_form" and 1 < len(orders) <= len(set(f.turn.values("product")))
    return several and bool(_ALL_OF.search(f.turn.text)) and not _NOT_ALL.search(f.turn.text)


def _another_is_meant(f: Filling, order: Mapping[str, Any]) -> bool:
    """那单也开一下发票, after an invoice for this one."""
    return f.flow.form == "invoice_form" and bool(order.get("invoice")) and f.opening and bool(_ALSO.search(f.turn.text))


def _just_told(f: Filling, order: Mapping[str, Any]) -> bool:
    """Whether the answer before this message named the order; whoever asks back is not thinking of another one."""
    return any(str(order["order_id"]) in (said["text"] or "") for said in f.turn.said_before)


async def _money_for_lost(f: Filling, orders: Sequence[Mapping[str, Any]]) -> bool:
    """Who asks where the money for a lost parcel is has chosen the refund, which is then requested first."""
    lost = under_check(f.turn) if f.flow.form == "refund_status_form" else {}
    order = next((o for o in orders if lost.get("lost") and o["order_id"] == lost["order_id"]), None)
    if order is None or order.get("aftersales"):
        return False
    f.choose(str(order["order_id"]))
    f.pass_on("request_refund", SWITCHED)
    return True


async def _answered(f: Filling, orders: Sequence[Mapping[str, Any]], fitting: Sequence[Mapping[str, Any]]) -> None:
    """The answer to the question which order: one of those that were shown, another one, or none of them."""
    named = with_product(f.turn, orders)
    offered = [order for order in fitting if not ruled_out(f.turn, order)]
    told_apart = [o for o in named if o in offered] or ([] if named else described(f.turn, offered, listed=True))
    place = None if named else chosen_from_list(f.turn)
    picked = next((o for o in offered if o["order_id"] == place), None) or _only_one(told_apart)
    elsewhere = named or ([] if told_apart else described(f.turn, orders, listed=True))
    if picked:
        _choose(f, picked)
    elif elsewhere and not told_apart:
        await tell_unfit(f, elsewhere[0], ends=True)
    elif len(offered) == 1 < len(fitting):
        _choose(f, offered[0])
    elif product := _not_ordered(f, orders):
        _tell_not_ordered(f, product, orders)
    elif f.turn.intent == "deny":
        f.end("utter_stopped", buttons=None)
    elif f.turn.slot("refused_order") and f.turn.intent in f.flow.wants:
        refused = await f.shop.order(str(f.turn.slot("refused_order")))
        await tell_unfit(f, refused, ends=True)


async def _another_order(f: Filling) -> None:
    """A product of another of their orders is said to be the one that is meant: it is, where the want allows it; of none of them: then it
    is said so. A yes that names another product is no yes to what is shown."""
    answers = f.turn.intent in ("affirm", "deny") and sum(char.isalnum() for char in f.turn.text) > _BARE_ANSWER
    if f.turn.source != "text" or not (answers or f.turn.values("product") or f.turn.denied):
        return
    number = f.now("order_id")
    orders = await f.shop.orders()
    present = next((order for order in orders if order["order_id"] == number), None)
    if present is None or any(mentions(f.turn, item) for item in present["items"]):
        return
    others = [order for order in with_product(f.turn, orders) if order is not present]
    if not others:
        named = f.turn.requested_slot not in _FREE_TEXT and any(e.get("sku") for e in named_goods(f.turn)) and not came_instead(f.turn.text)
        if named or refuses_goods(f.turn, present["items"]):
            f.changed |= {"order_id": None, "item": None}
            f.emptied = "order_id"
            await _meant_order(f)
        return
    points = bool(_POINTS.search(f.turn.text)) or f.turn.intent == "deny"
    if not points and (f.turn.requested_slot in _TOLD or f.turn.intent not in ("affirm", "inform", *f.flow.wants)):
        return
    allowed = [order for order in others if await allows(f, order)]
    if f.turn.intent == "affirm" and f.asked("confirm"):
        f.tell("utter_confirm_other", said=words_for(f.turn, others[0]), about=about(present))
    elif not allowed:
        await tell_unfit(f, others[0], ends=True)
    elif len(allowed) == 1:
        f.changed |= {"sku_option": None} if "sku_option" in f.flow.slots else {}
        _choose(f, allowed[0])
    else:
        f.changed["order_id"] = None


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
    # What the shop does not know by that name may be an invoice's content, but what is sent back or looked for is a product.
    guide = _guide_of(f)
    of_guide = guide.title["zh" if f.turn.language == "zh" else "en"] if guide and guide.products else None
    return not_bought(f.turn, orders, unsold=f.flow.form in REQUESTS or _only_reads(f)) or of_guide


def _only_reads(f: Filling) -> bool:
    return "confirm" not in f.flow.slots


def _tell_not_ordered(f: Filling, product: str, orders: Sequence[Mapping[str, Any]]) -> None:
    """No order holds the product that is spoken of: said so. What only reads ends with the orders that there are."""
    if f.flow.form == "price_form":
        f.end("utter_not_bought_price_form", product=product)
        return
    if not _only_reads(f):
        (f.tell if f.flow.form in REQUESTS else f.end)("utter_product_not_ordered", product=product)
        return
    f.end("utter_not_bought" if orders else "utter_none_order_form", product=product, buttons=None)
    if orders:
        f.say.card(order_list(orders, Word("choose_order"), intent=f.flow.want))
        f.changed["listed"] = shown_in(f.flow.want, orders)


def _only_one(orders: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    return orders[0] if len(orders) == 1 else None


async def _of_the_talk(f: Filling, orders: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The order that was spoken of last, or whose page the shopper has opened since; none when it is not theirs."""
    number = f.turn.focus
    known = [order for order in orders if order["order_id"] == number]
    if number and not known:
        try:
            known = [await f.shop.order(number)]
        except NotFound:
            return []
    known = [order for order in known if not _another_is_meant(f, order)]
    return [order for order in known if not f.flow.implied or fits(order, f.flow.want, f.turn.now) or cannot_come_back(f, order)]
