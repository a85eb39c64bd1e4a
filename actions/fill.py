"""How each slot of a form is filled from a message. Never from bare text alone: `forms.py` lets digressions pass first."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Awaitable, Callable

from actions.addressee import address, phone, receiver
from actions.amends import declines_offer, takes_offer, talks_of_offer
from actions.base import HUMAN_BUTTON, want_button
from actions.choose_option import sku_option
from actions.correction import correction
from actions.digression import asks_an_article, is_question
from actions.filling import NOT_NEEDED, Filling
from actions.flows import FORM_OF, REQUESTS, confirmation
from actions.handoff import hand_over
from actions.invoice import invoice_kind, invoice_title, tax_no
from actions.knowledge import answer
from actions.note import note
from actions.orders import mentions, named_order, refuses_goods
from actions.pickup import pickup_slot
from actions.places import is_place
from actions.remedies import asked_remedies, beyond_authority, blamed, blamed_by_tap, is_free_repair, remedies, said_remedy
from actions.story import LONGEST, class_of, plainly, tells, whole_story
from actions.turn import Turn
from actions.unfit import tell_request
from actions.which_order import order_id
from actions.yes import asked_what_to_change, is_plain, repeats_with_a_yes, says_the_button
from bot.core.aftersales import fault_of
from bot.core.errors import NotFound
from bot.core.feedback import LOW_SCORE, announces_only, asks_to_rate, blames, comment_in, says_nothing_more, score_of
from bot.core.orders import free_items
from bot.core.wordless import is_wordless

_WHOLE = re.compile(r"整单|整个订单|[都全]部?退|退全部|一[起并]退|(whole|entire) order", re.IGNORECASE)
_ALL = re.compile(r"[都全]|所有|整|(两|几)件(?![里中])|all|both|everything", re.IGNORECASE)
"""The same, in answer to the question which item."""
_LAST4 = re.compile(r"(?<!\d)(\d{4})(?!\d)")
_CHANGE_OF_MIND = re.compile(r"不(太|大)?(合适|合身|喜欢|好看)|(太|偏)(大|小|肥|瘦|长|短|紧|松)|买(错|多|重)了|拍错了|色差")
_REPORTED = {
    "damaged": "report_damaged",
    "quality": "report_quality",
    "allergy": "report_quality",
    "wrong_item": "report_wrong_or_missing",
    "missing": "report_wrong_or_missing",
}
_THEN = re.compile(r".*(?:改|然后|再|直接|还是|重新|[我还]要|想要?|那就?)(?P<wish>.*)", re.DOTALL)
_WITHDRAWS = re.compile(r"撤|取消")
_TAKES_OVER = ("complain_form", "compensation_form")
_OF_SUGGESTIONS = "service.feedback"
"""The article on what becomes of a suggestion."""


async def item(f: Filling) -> None:
    """Which item of the order: its only one, one that was tapped, or one whose product is named; `NOT_NEEDED` is the whole order."""
    if f.now("item") == NOT_NEEDED and not f.flow.or_whole:
        return
    whole = f.flow.or_whole and bool((_ALL if f.asked("item") else _WHOLE).search(f.turn.text))
    asked_anew = "order_id" in f.changed or f.turn.value("sku") or f.turn.values("product") or whole
    if f.ended or not f.now("order_id") or (f.now("item") and not asked_anew):
        return
    order = await f.order()
    items = order["items"]
    tapped = f.turn.value("sku")
    named = [i for i in items if i["sku"] == tapped or mentions(f.turn, i)]
    found = items if len(items) == 1 else named
    kept = [i for i in items if i["sku"] == f.now("item")] if len(found) != 1 else []
    chosen = (kept or found)[0]["sku"] if len(kept or found) == 1 else None
    if f.flow.or_whole and (len(items) == 1 or tapped == NOT_NEEDED or (whole and not named)):
        chosen = NOT_NEEDED
    if f.flow.form in REQUESTS and chosen not in (None, NOT_NEEDED, *(i["sku"] for i in free_items(order))):
        await tell_request(f, order, chosen)
    elif chosen != f.now("item"):
        f.changed["item"] = chosen


async def phone_last4(f: Filling) -> None:
    """Only an anonymous shopper is asked; the shop decides whether number and phone match, and counts wrong guesses."""
    if f.turn.shopper_id is not None:
        f.changed |= {} if f.now("phone_last4") == NOT_NEEDED else {"phone_last4": NOT_NEEDED}
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
    answers = f.asked("reason") and f.turn.intent not in ("affirm", "deny")
    told_now = answers and not f.names_order and not is_place(f.turn.text)
    told_before = f.turn.intent.startswith("report_") and not f.now("reason")
    clause = _blaming(f.turn.text) if answers or (f.turn.intent in f.flow.wants and not f.now("reason")) else None
    if said or (clause and not told_now):
        f.changed["reason"] = said or clause
    elif (told_now or told_before) and not is_wordless(f.turn.text):
        f.changed["reason"] = f.turn.text[f.turn.text.find(clause or "") :].strip()[:200]  # 说了呀 不太喜欢 显胖: from 不太喜欢 on


def _blaming(text: str) -> str | None:
    """The part of a wish to return that says why, when it says so in one of the usual ways."""
    parts = re.split(r"[\s，。！？；,.!?;]+", text)
    return next((part for part in parts if fault_of(part) != "none" or _CHANGE_OF_MIND.search(part)), None)


async def begin_refund(f: Filling) -> None:
    """Money back for goods that came damaged, wrong, incomplete or faulty is settled as such a problem, whatever is wanted for it."""
    turn, number = f.turn, named_order(f.turn) or f.now("order_id")
    fault = fault_of(turn.value("reason") or _blaming(turn.text) or "")
    if f.ended or fault not in _REPORTED or turn.source != "text":
        return
    with contextlib.suppress(NotFound):
        if number is None or (await f.shop.order(str(number)))["status"] not in ("unpaid", "paid"):
            f.changed |= {"detail": turn.text.strip()[:LONGEST], "remedy": "refund"}
            f.pass_on(_REPORTED[fault])


async def next_wants(f: Filling) -> None:
    """What is to be done once a request is withdrawn: 换货取消掉 改成退货."""
    link = _THEN.match(f.turn.text) if f.turn.source == "text" else None
    wanted = asked_remedies(link["wish"]) if link and not _WITHDRAWS.search(link["wish"]) else []
    want = next((f"request_{name}" for name in wanted if f"request_{name}" in FORM_OF), None)
    if want:
        f.comes_first(want)


async def detail(f: Filling) -> None:
    """What a complaint, a problem or a wish for compensation is about: the message itself, if it says more than the want."""
    text = f.turn.text.strip()
    asks_for_it = f.turn.intent in f.flow.wants or f.asked("detail")  # else the form offers by itself, and amounts are prices
    if f.flow.form == "compensation_form" and asks_for_it and beyond_authority(f.turn.values("amount")):
        f.ended = True
        f.say.response("utter_compensation_beyond")
        hand_over(f.say, f.turn, "over_authority")
        return
    if f.flow.form == "complain_form" and f.now("detail") and _tells_more(f):
        f.changed["detail"] = f"{f.now('detail')}；{text}"[:LONGEST]
        return
    if "remedy" in f.flow.slots and f.now("detail") and not f.opening and not f.asked("detail") and _is_fault(f):
        of_other_item = f.turn.slot("item") not in (None, f.now("item"))
        f.changed["detail"] = text[:LONGEST] if of_other_item else f"{f.now('detail')}；{text}"[:LONGEST]
        return
    told_now = f.asked("detail") and f.turn.intent not in ("affirm", "deny") and not (f.names_order or refuses_goods(f.turn))
    enough = tells(text) or f.turn.intent not in ("complain", "request_repair", "request_compensation")
    told_before = f.turn.intent in f.flow.wants and f.turn.source == "text" and f.now("detail") is None and bool(text) and enough
    if f.flow.form == "suggestion_form" and (announces_only(text) or _asks_about_suggestions(f)):
        return
    tapped = blamed_by_tap(f.turn.intent, f.turn.language) if f.turn.source == "button" and f.now("detail") is None else None
    said: str | None = tapped
    if not tapped and (told_now or told_before) and not is_wordless(text):
        said = blamed(f.turn.intent, plainly(text), f.turn.language)[:LONGEST]
    if f.opening and f.flow.form in _TAKES_OVER:
        said = whole_story(f.turn, said)
    if said:
        f.changed |= {
            "detail": said,
            "complaint_class": class_of(f.turn) if f.opening else f.turn.complaint_class or f.now("complaint_class"),
        }


def _asks_about_suggestions(f: Filling) -> bool:
    """多久回复我建议 asks what becomes of one, and is none."""
    asks = f.opening and asks_an_article(f.turn) and f.turn.hits[0]["id"] == _OF_SUGGESTIONS
    if asks:
        f.ended = True
        answer(f.turn, f.say, f.turn.hits[0])
    return bool(asks)


def _is_fault(f: Filling) -> bool:
    """Another fault, or the same one told more exactly; at a confirmation `correction` reads it."""
    said = f.turn.source == "text" and not f.asked("confirm") and not is_question(f.turn.text)
    return said and fault_of(f.turn.text) != "none" and f.turn.text.strip() not in str(f.now("detail"))


def _tells_more(f: Filling) -> bool:
    """A statement where a complaint is to be confirmed belongs to it."""
    said = f.asked("confirm") and f.turn.source == "text" and f.turn.intent not in ("affirm", "deny", "inform", "insult")
    more = tells(f.turn.text) and not is_question(f.turn.text) and not says_the_button(f.turn, f.flow)
    return said and more and correction(f.turn, f.flow) is None


async def remedy(f: Filling) -> None:
    """A choice among what fits; with one alone there is nothing to choose."""
    item, said = await f.item(), f.now("detail")
    if f.ended or item is None or not said:
        return
    possible = remedies(await f.order(), item, said, f.turn.now)
    tapped, present = f.turn.value("remedy"), f.now("remedy")
    words = f.turn.text if f.turn.source == "text" else ""
    asked_for = tapped if tapped in possible else said_remedy(words, f.turn.intent, possible)
    if f.opening and asked_for == "repair" and len(possible) > 1 and not is_free_repair(await f.order(), item, f.turn.now):
        asked_for = None  # what is free is offered first
    settled = present if present in possible else possible[0] if len(possible) == 1 else None
    if (asked_for or settled) != present:
        f.changed["remedy"] = asked_for or settled
    elif f.asked("remedy") and asked_remedies(words):
        f.tell("utter_refund_needs_return" if "refund" in asked_remedies(words) else "utter_remedy_not_possible")


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
        f.changed["comment"] = NOT_NEEDED if says_nothing_more(said) or f.turn.source == "button" else said[:LONGEST]
    elif f.turn.source == "text" and comment_in(said):
        f.changed["comment"] = said[:LONGEST]
    elif int(score) > LOW_SCORE:
        f.changed["comment"] = NOT_NEEDED
    else:
        f.say.command("rate", stars=int(score), text=None)


async def confirm(f: Filling) -> None:
    """A yes or no to exactly what was shown. Anything that changed in this message is shown again first."""
    if "confirm" in f.changed:
        return
    if f.told or any(f.changed.get(slot, f.turn.slot(slot)) != f.turn.slot(slot) for slot in f.flow.slots) or _other_than_shown(f):
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
    elif f.turn.intent == "affirm" and (not is_plain(f.turn) or asked_what_to_change(f.turn)):
        f.changed["confirm"] = None
    elif f.turn.intent == "affirm" or says_the_button(f.turn, f.flow) or takes_offer(f.turn) or _wants_it_still(f):
        f.changed["confirm"] = "yes"
    elif f.turn.intent == "deny" or declines_offer(f.turn):
        f.changed["confirm"] = "no"
    elif talks_of_offer(f.turn):
        f.tell("utter_offer_is_coupon", goodwill=f.turn.slot("frozen")["goodwill"])


def _other_than_shown(f: Filling) -> bool:
    """A value that is only heard and differs from the one that was shown: 确认 专票哈."""
    shown = f.turn.slot("frozen") or {}
    return any(slot in shown and f.changed.get(slot, shown[slot]) != shown[slot] for slot in f.flow.heard)


def _wants_it_still(f: Filling) -> bool:
    return f.turn.intent in f.flow.wants and repeats_with_a_yes(f.turn) and not is_question(f.turn.text)


FILLERS: dict[str, Callable[[Filling], Awaitable[None]]] = {
    "order_id": order_id,
    "next_wants": next_wants,
    "item": item,
    "phone_last4": phone_last4,
    "reason": reason,
    "sku_option": sku_option,
    "note": note,
    "address": address,
    "receiver": receiver,
    "phone": phone,
    "invoice_kind": invoice_kind,
    "invoice_title": invoice_title,
    "tax_no": tax_no,
    "detail": detail,
    "remedy": remedy,
    "rating": rating,
    "comment": comment,
    "pickup_slot": pickup_slot,
    "confirm": confirm,
}
