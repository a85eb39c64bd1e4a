"""How each slot of a form is filled from a message. Never from bare text alone: `forms.py` lets digressions pass first."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.base import HUMAN_BUTTON, Say, want_button
from actions.flows import Flow, confirmation
from actions.handoff import hand_over
from actions.offers import ways_on
from actions.orders import about, aftersale_status, fitting_orders, mentions, named_order, order_card, pick, refund_card, status_word
from actions.remedies import beyond_authority, blamed, remedies, said_remedy
from actions.shop_api import Shop
from actions.turn import Turn
from bot.core.aftersales import fault_of
from bot.core.errors import NotFound
from bot.core.feedback import LOW_SCORE, announces_only, asks_to_rate, blames, comment_in, says_nothing_more, score_of
from bot.core.orders import STATUS_TEXT, fits, is_company_title
from bot.core.wordless import is_wordless

_LAST4 = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_PERSONAL = re.compile(r"个人|私人|personal|private", re.IGNORECASE)
_SAYS_YES = re.compile(r"(嗯|恩|好|对|是|行|可以|确认|没错|ok)", re.IGNORECASE)
"""How a yes begins that says the want once more: 嗯 取消吧."""
_UNSURE = re.compile(r"也许|或许|可能|大概|再想想|再考虑|考虑一下|考虑考虑|[说打写填]错|不对|maybe|perhaps|not sure", re.IGNORECASE)
_YES_SIGNS = frozenset("👍👌✅🆗")
_CHANGE_OF_MIND = re.compile(r"不(太|大)?(合适|合身|喜欢|好看)|(太|偏)(大|小|肥|瘦|长|短|紧|松)|买(错|多|重)了|拍错了|色差")
NOT_NEEDED = "-"
PERSONAL = "个人"
"""The title of an invoice for a person, as the shop takes it."""
MEANINGFUL_CHARS = 8
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


@dataclass
class Filling:
    """One run through a form's slots. `changed` are the new values; `ended` says that the form cannot go on and why was told."""

    flow: Flow
    turn: Turn
    shop: Shop
    say: Say
    changed: dict[str, Any] = field(default_factory=dict)
    ended: bool = False
    told: bool = False
    """Something was said about this message, although it gave no value: ask again, and do not take it for a confirmation."""

    def now(self, slot: str) -> Any:
        return self.changed.get(slot, self.turn.slot(slot))

    def asked(self, slot: str) -> bool:
        return self.turn.requested_slot == slot and self.turn.active_form == self.flow.form

    @property
    def names_order(self) -> bool:
        """The message says which order; it is no other value then."""
        return named_order(self.turn) is not None

    def end(self, response: str, *, order: Mapping[str, Any] | None = None, **values: Any) -> None:
        """The form cannot go on: why, and what can be done instead."""
        self.ended = True
        self.say.response(response, **{"buttons": ways_on(order, without=self.flow.wants), **values})

    def tell(self, response: str, **values: Any) -> None:
        self.told = True
        self.say.response(response, **values)

    def choose(self, number: str) -> None:
        """This order: of the form, and of the talk from now on."""
        self.changed |= {"order_id": number, "focus_order": number}


async def order_id(f: Filling) -> None:
    """A number that was named, a choice from the list, the order the talk is about, or the only one that fits."""
    # A form that follows another in the same turn reads no number: the one in the message was for the first.
    named = named_order(f.turn) if f.turn.active_form == f.flow.form or f.turn.intent in f.flow.wants else None
    if f.now("order_id") and f.turn.slot("frozen") and named is None:
        return
    if f.turn.shopper_id is None:
        await _anonymous_order(f, named)
    elif named:
        await _named_order(f, named)
    elif not f.now("order_id"):
        await _chosen_order(f)


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
    if fits(order, f.flow.want, f.turn.now) or (f.flow.form == "track_form" and order["status"] == "paid"):
        f.choose(named)  # a parcel that has not left is told so together with the order
        return
    f.changed["focus_order"] = named
    if order["status"] in _UNFIT_SAID.get(f.flow.form, ()):
        f.end(f"utter_unfit_{f.flow.form}", order=order, order_id=named)
    else:
        await _state_told(f, order)


async def _state_told(f: Filling, order: Mapping[str, Any]) -> None:
    """The want does not fit the order: how the order stands, and its refund when there is one."""
    under_way = await f.shop.aftersales(order["order_id"]) if order["status"] == "aftersale" else []
    if under_way:
        f.end("utter_refund_status", order=order, status=aftersale_status(under_way[0]), amount=under_way[0]["amount"])
        f.say.card(refund_card(under_way[0]))
    else:
        f.end("utter_unfit", order=order, about=about(order), status=status_word(order))
        f.say.card(order_card(order))


async def _chosen_order(f: Filling) -> None:
    orders = await fitting_orders(f.turn, f.shop, f.flow.want)
    known = {str(o["order_id"]) for o in orders}
    picked = pick(f.turn, orders)
    focus = f.turn.slot("focus_order")
    if picked in known:
        f.choose(picked)
    elif focus in known and not f.turn.values("product"):
        f.choose(focus)
    elif len(known) == 1:
        f.choose(known.pop())
    elif not known:
        f.end(f"utter_none_{f.flow.form}")


async def item(f: Filling) -> None:
    """Which item of the order: its only one, one that was tapped, or one whose product is named."""
    number = f.now("order_id")
    if f.ended or not number or (f.now("item") and "order_id" not in f.changed and not f.turn.value("sku")):
        return
    items = (await f.shop.order(number))["items"]
    tapped = f.turn.value("sku")
    named = [i for i in items if i["sku"] == tapped or mentions(f.turn, i)]
    found = items if len(items) == 1 else named
    f.changed["item"] = found[0]["sku"] if len(found) == 1 else None


async def phone_last4(f: Filling) -> None:
    """Only an anonymous shopper is asked; the shop decides whether number and phone match, and counts wrong guesses."""
    if f.turn.shopper_id is not None:
        f.changed["phone_last4"] = NOT_NEEDED
        return
    number = f.now("order_id")
    digits = _last4(f.turn, number)
    if not number or f.now("phone_last4") or not digits:
        return
    try:
        await f.shop.verify(number, digits)
    except NotFound:
        f.end("utter_order_not_found", order_id=number)
        return
    f.changed["phone_last4"] = digits


def _last4(turn: Turn, number: str | None) -> str | None:
    phone = turn.value("phone")
    found = _LAST4.search(turn.text.replace(number or "\0", ""))
    return phone[-4:] if phone else found.group(1) if found else None


async def reason(f: Filling) -> None:
    said = f.turn.value("reason")
    told_now = f.asked("reason") and f.turn.intent not in ("affirm", "deny") and not f.names_order
    told_before = f.turn.intent.startswith("report_") and not f.now("reason")
    clause = _blaming(f.turn.text) if f.turn.intent in f.flow.wants and not f.now("reason") else None
    if f.asked("confirm") and f.turn.intent == "deny" and f.turn.source == "text":
        clause = _corrected(f.turn.text)
    if said or clause:
        f.changed["reason"] = said or clause
    elif (told_now or told_before) and not is_wordless(f.turn.text):
        f.changed["reason"] = f.turn.text.strip()[:200]


def _blaming(text: str) -> str | None:
    """The part of a wish to return that says why, when it says so in one of the usual ways."""
    return next((part for part in _clauses(text) if _says_why(part)), None)


def _corrected(text: str) -> str | None:
    """The reason at the end of a no: 不是尺码的问题 是不喜欢."""
    last = _clauses(text)[-1]
    return last.removeprefix("是") if _says_why(last) and not last.startswith("不是") else None


def _clauses(text: str) -> list[str]:
    return [part for part in re.split(r"[\s，。！？；,.!?;]+", text) if part] or [""]


def _says_why(clause: str) -> bool:
    return fault_of(clause) != "none" or bool(_CHANGE_OF_MIND.search(clause))


async def sku_option(f: Filling) -> None:
    said = f.turn.values("sku_option")
    if said:
        f.changed["sku_option"] = _one_option(said, f.turn.text)
    elif f.asked("sku_option") and f.turn.intent == "inform" and not f.names_order and not is_wordless(f.turn.text):
        f.changed["sku_option"] = f.turn.text.strip()[:40]


def _one_option(said: list[str], text: str) -> str:
    """Values that stand side by side are one option (黑色 L码); of others the last is meant (M 换成 L)."""
    beside = re.search(r"[\s/、,，的]*".join(map(re.escape, said)), text, re.IGNORECASE)
    return "/".join(said) if beside else said[-1]


async def address(f: Filling) -> None:
    said = f.turn.value("address")
    if said:
        f.changed["address"] = said
    elif f.asked("address") and f.turn.intent not in ("affirm", "deny") and _long_enough(f.turn.text) and not f.names_order:
        f.changed["address"] = f.turn.text.strip()[:200]


def _long_enough(text: str) -> bool:
    return sum(char.isalnum() for char in text) >= 6


async def invoice_title(f: Filling) -> None:
    said = f.turn.value("invoice_title")
    if said or (_PERSONAL.search(f.turn.text) and not f.now("invoice_title")):
        f.changed["invoice_title"] = said or PERSONAL
    elif f.asked("invoice_title") and f.turn.intent == "inform" and not f.names_order and not is_wordless(f.turn.text):
        f.changed["invoice_title"] = f.turn.text.strip()[:100]
    if f.turn.value("tax_no"):
        f.changed["tax_no"] = f.turn.value("tax_no")


async def tax_no(f: Filling) -> None:
    """Asked only for a company (fact invoice.company)."""
    said = f.turn.value("tax_no")
    title = f.now("invoice_title")
    if said:
        f.changed["tax_no"] = said
    elif title and not is_company_title(title):
        f.changed["tax_no"] = NOT_NEEDED
    elif title and f.now("tax_no") == NOT_NEEDED:
        f.changed["tax_no"] = None


async def detail(f: Filling) -> None:
    """What a complaint, a problem or a wish for compensation is about: the message itself, if it says more than the want."""
    text = f.turn.text.strip()
    if f.flow.form == "compensation_form" and beyond_authority(f.turn.values("amount")):
        f.ended = True
        f.say.response("utter_compensation_beyond")
        hand_over(f.say, f.turn, "over_authority")
        return
    told_now = f.asked("detail") and f.turn.intent not in ("affirm", "deny") and not f.names_order
    shortest = MEANINGFUL_CHARS if f.turn.intent in ("complain", "request_repair", "request_compensation") else 1
    told_before = f.turn.intent in f.flow.wants and f.turn.source == "text" and f.now("detail") is None and len(text) >= shortest
    if f.flow.form == "suggestion_form" and announces_only(text):
        return
    if (told_now or told_before) and not is_wordless(text):
        f.changed["detail"] = blamed(f.turn.intent, text, f.turn.language)[:500]
    if "detail" in f.changed and f.turn.complaint_class:
        f.changed["complaint_class"] = f.turn.complaint_class


async def remedy(f: Filling) -> None:
    """A choice among what fits; with one alone there is nothing to choose."""
    number, sku, detail = f.now("order_id"), f.now("item"), f.now("detail")
    if f.ended or f.now("remedy") or not (number and sku and detail):
        return
    order = await f.shop.order(number)
    item = next(i for i in order["items"] if i["sku"] == sku)
    possible = remedies(order, item, detail, f.turn.now)
    tapped = f.turn.value("remedy")
    words = f.turn.text if f.turn.source == "text" else ""
    said = tapped if tapped in possible else said_remedy(words, f.turn.intent, possible)
    f.changed["remedy"] = said or (possible[0] if len(possible) == 1 else None)


async def rating(f: Filling) -> None:
    """A score, or the praise or blame that stands for it and asks for no form."""
    if f.now("rating"):
        return
    score = score_of(f.turn.values("rating"), f.turn.text)
    if score is not None:
        f.changed["rating"] = str(score)
    elif f.asked("rating") or f.turn.source == "button" or asks_to_rate(f.turn.text):
        return
    elif f.turn.mood in ("angry", "worried") or blames(f.turn.text):
        f.end("utter_rate_low", buttons=[want_button("complain"), HUMAN_BUTTON])
    else:
        f.end("utter_praise")


async def comment(f: Filling) -> None:
    """Asked for after a low score only. The score is stored before, since the comment may never come."""
    score = f.now("rating")
    if f.ended or f.now("comment") or not score:
        return
    said = f.turn.text.strip()
    if f.asked("comment"):
        f.changed["comment"] = NOT_NEEDED if says_nothing_more(said) or f.turn.source == "button" else said[:500]
    elif f.turn.source == "text" and comment_in(said):
        f.changed["comment"] = said[:500]
    elif int(score) > LOW_SCORE:
        f.changed["comment"] = NOT_NEEDED
    else:
        f.say.command("rate", stars=int(score), text=None)


async def confirm(f: Filling) -> None:
    """A yes or no to exactly what was shown. Anything that changed in this message is shown again first."""
    if f.told or any(f.changed.get(slot, f.turn.slot(slot)) != f.turn.slot(slot) for slot in f.flow.slots):
        f.changed["confirm"] = None
        return
    if not f.asked("confirm"):
        return
    if not f.turn.slot("frozen"):  # the shop did not answer when it was to be shown: nothing was, so nothing can be confirmed
        f.changed["confirm"] = None
        return
    shown = confirmation(str(f.turn.slot("form_instance")), f.turn.slot("frozen") or {})
    if f.turn.source == "button" and f.turn.value("instance") not in (None, shown):
        f.tell("utter_stale_button")
    elif f.turn.intent == "deny" and f.flow.form == "complain_form" and len(f.turn.text.strip()) >= MEANINGFUL_CHARS:
        f.changed |= {"detail": f.turn.text.strip()[:500], "confirm": None}  # "不是，是……" corrects what was taken down
    elif f.turn.intent == "affirm" and not _is_plain(f.turn):
        f.changed["confirm"] = None
    elif f.turn.intent == "affirm" or (f.turn.intent in f.flow.wants and _SAYS_YES.match(f.turn.text.strip())):
        f.changed["confirm"] = "yes"
    elif f.turn.intent == "deny":
        f.changed["confirm"] = "no"


def _is_plain(turn: Turn) -> bool:
    """Half a yes, or a mark that is taken for one, confirms nothing."""
    said = not is_wordless(turn.text) or any(sign in turn.text for sign in _YES_SIGNS)
    return turn.source == "button" or (said and not _UNSURE.search(turn.text))


FILLERS: dict[str, Callable[[Filling], Awaitable[None]]] = {
    "order_id": order_id,
    "item": item,
    "phone_last4": phone_last4,
    "reason": reason,
    "sku_option": sku_option,
    "address": address,
    "invoice_title": invoice_title,
    "tax_no": tax_no,
    "detail": detail,
    "remedy": remedy,
    "rating": rating,
    "comment": comment,
    "confirm": confirm,
}
