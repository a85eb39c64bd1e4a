"""An invoice: a first one, the same again, or the one change of its title; ordinary, or a special VAT invoice of a company (专票)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from difflib import SequenceMatcher
from typing import Any

from actions.base import HUMAN_BUTTON, Buttons, button
from actions.filling import NOT_NEEDED, Filling
from actions.turn import Turn, is_denied
from actions.words import Word
from bot.core.orders import INVOICE_CHANGE_DAYS, INVOICE_DAYS, is_company_title, plain_tax_no
from bot.core.wordless import is_wordless

PERSONAL = "个人"
"""The title of an invoice for a person, as the shop takes it."""
_PERSONAL = re.compile(r"个人|私人|personal|private", re.IGNORECASE)
_SPECIAL, _ORDINARY = re.compile(r"专票|专用发票|专用票|special vat", re.IGNORECASE), re.compile(r"普票|普通发票|普通票", re.IGNORECASE)
_AGAIN = re.compile(r"重[发开寄]|重新(发|开|寄|下载)|再[发开寄]|没收到|补发|(re)?send (it )?again|resend", re.IGNORECASE)
_KIND_ALONE = re.compile(
    r"(要|开)?(张)?(增值税)?(专|普)(用|通)?(发)?票[吧的]?|电子(发)?票|(开|要|是)?(公司|单位|企业)的?(抬头|发票)?[吧的]?"
)
"""Which kind, or for a company: no title yet."""
_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z -]{4,}[0-9A-Za-z]")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", re.ASCII)
_MAIL = re.compile(r"@|邮箱|邮件|e-?mail", re.IGNORECASE)
_SAME = re.compile(r"一样|不变|没变|没改|相同|照旧|(刚|之?前|上次).{0,4}(给过|发过|那个|的)|给过了|same|as before|unchanged", re.IGNORECASE)
_TAX_NO = re.compile(r"税号|信用代码|识别号|tax", re.IGNORECASE)
_LATER = re.compile(
    r"等(一?下|等|会儿?|我)|稍等|稍后|回头|(找|问|查|看)(一?下|找|问|查|看)|(问|找)(财务|会计|公司|老板)|hold on|wait|let me|find out",
    re.IGNORECASE,
)
_HEAD = re.compile(r".+?(?:有限(?:责任)?公司|集团公司|集团(?!.*公司)|银行)")
_BRANCH = re.compile(r"(?!.*(?:有限|集团|银行)).{2,12}(?:分公司|分行|支行|分店|分部|分厂|分校|分院|办事处|代表处|营业部|事业部|项目部)")
_CHANGES = re.compile(r"改|换|错|不对|change|wrong", re.IGNORECASE)
_SIMILAR = 0.85
"""From this share of common letters a new title is taken for the same company's, misspelt before."""


async def invoice_kind(f: Filling) -> None:
    kind = "special" if _SPECIAL.search(f.turn.text) else "ordinary" if _ORDINARY.search(f.turn.text) else None
    if kind and f.turn.source == "text":
        f.changed["invoice_kind"] = kind


async def invoice_title(f: Filling) -> None:
    said, text = await _said_title(f), f.turn.text.strip()
    if said or (_PERSONAL.search(text) and not f.now("invoice_title")):
        f.changed["invoice_title"] = said or PERSONAL
    elif f.asked("invoice_title") and f.turn.intent == "inform" and not f.names_order and _is_title(text):
        f.changed["invoice_title"] = text[:100]
    elif not f.now("invoice_title") and f.opening and _SAME.search(text) and (before := await _known(f)):
        f.changed |= {"invoice_title": before["title"], "invoice_kind": f.now("invoice_kind") or before["kind"]}
    if f.turn.source == "text" and _MAIL.search(text):
        f.say.response("utter_invoice_mail")
        f.told = f.told or not f.opening  # a yes to something else than what is shown is no yes
    if f.turn.value("tax_no"):
        f.changed["tax_no"] = f.turn.value("tax_no")
    if not f.ended and f.now("order_id"):
        await _as_the_order_allows(f)


async def _said_title(f: Filling) -> str | None:
    """The title in the message, rather one that is new and not one that it says is wrong; a branch without its company is one of the
    company that the invoice is for."""
    present = f.now("invoice_title") or ((await f.order()).get("invoice") or {}).get("title") if f.now("order_id") else None
    meant = [title for title in f.turn.values("invoice_title") if not is_denied(f.turn.text, title)]
    said = next((title for title in meant if title != present), next(iter(meant), None))
    company = _HEAD.match(present or "")
    return f"{company[0]}{said}" if said and company and _BRANCH.fullmatch(said) else said


def _is_title(text: str) -> bool:
    return not is_wordless(text) and not _KIND_ALONE.fullmatch(text)


async def tax_no(f: Filling) -> None:
    """Asked only for a company (fact invoice.company); what cannot be one is said to be so."""
    said, title = f.turn.value("tax_no"), f.now("invoice_title")
    if f.ended or not title:
        return
    if said:
        f.changed["tax_no"] = said
    elif not is_company_title(title):
        f.changed["tax_no"] = NOT_NEEDED
    elif f.asked("tax_no") and (typed := _NUMBER.search(_EMAIL.sub("", f.turn.text))) and not f.names_order:
        plain = plain_tax_no(typed[0])
        f.changed["tax_no"] = plain
        if plain is None:
            f.tell("utter_tax_no_unclear", said=typed[0], count=sum(c.isalnum() for c in typed[0]))
    elif not f.now("tax_no") and (known := await _known_tax_no(f, title)):
        f.changed["tax_no"] = known
    elif f.asked("tax_no") and is_for_later(f.turn):
        f.told = True
    elif "tax_no" not in f.changed and (f.now("tax_no") == NOT_NEEDED or not _completes(title, f.turn.slot("invoice_title") or title)):
        f.changed["tax_no"] = None


def is_for_later(turn: Turn) -> bool:
    """Whether the tax number must be looked up first: then it is waited for, and not asked again at once."""
    return bool(_LATER.search(turn.text)) and (turn.requested_slot == "tax_no" or bool(_TAX_NO.search(turn.text)))


async def _known_tax_no(f: Filling, title: str) -> str | None:
    """That of an invoice before, for the same company or when the shopper says that it is the same."""
    before = await _known(f)
    if before is None or not before["tax_no"]:
        return None
    return str(before["tax_no"]) if _alike(title, before["title"]) or _SAME.search(f.turn.text) else None


def _alike(title: str, before: str) -> bool:
    return SequenceMatcher(None, before, title).ratio() >= _SIMILAR


def _completes(title: str, before: str) -> bool:
    """Whether a title corrects one that was shown: it is spelt almost like it, or has a part more or less."""
    return _alike(title, before) or title in before or before in title


async def _known(f: Filling) -> Mapping[str, Any] | None:
    """The invoice of this order, else the shopper's latest one."""
    present = (await f.order()).get("invoice") if f.now("order_id") else None
    others = [order["invoice"] for order in await f.shop.orders() if order.get("invoice")] if not present else []
    return present or max(others, key=lambda invoice: str(invoice["requested_at"]), default=None)


async def _as_the_order_allows(f: Filling) -> None:
    """Against the invoice that the order has already, the time limits, and who can have a special one."""
    order, title = await f.order(), f.now("invoice_title")
    present, given = order.get("invoice"), f.turn.value("tax_no")
    if present and "order_id" in f.changed and not title and (_AGAIN.search(f.turn.text) or given):
        title = f.changed["invoice_title"] = present["title"]
    if present and title and not f.now("invoice_kind"):  # what is not said to change stays
        f.changed["invoice_kind"] = present["kind"] if is_company_title(title) else "ordinary"
    same = present and title == present["title"] and given in (None, present["tax_no"])
    if present and same and f.now("invoice_kind") in (None, present["kind"]):
        f.changed |= {"tax_no": present["tax_no"] or NOT_NEEDED, "invoice_kind": present["kind"]}
        if present["status"] == "requested":
            f.end(f"utter_invoice_{'changed_once' if present['changes'] else 'requested'}", title=title, buttons=[HUMAN_BUTTON])
    elif present and (title or "order_id" in f.changed):
        _change(f, present, title)
    elif not present and _over(order.get("completed_at"), INVOICE_DAYS, f.turn.now):
        f.end("utter_invoice_window_over", buttons=[HUMAN_BUTTON])
    if not f.ended and title and f.now("invoice_kind") == "special" and not is_company_title(title):
        f.changed["invoice_title"] = None
        f.tell("utter_invoice_special_needs_company")


def _change(f: Filling, present: Mapping[str, Any], title: str | None) -> None:
    if present["changes"] >= 1:
        f.end("utter_invoice_changed_once", title=present["title"], buttons=[*_send(present), HUMAN_BUTTON])
    elif _over(present["issued_at"], INVOICE_CHANGE_DAYS, f.turn.now):
        f.end("utter_invoice_change_over", title=present["title"], buttons=[*_send(present), HUMAN_BUTTON])
    elif not title and present["status"] == "requested" and (_MAIL.search(f.turn.text) or not _CHANGES.search(f.turn.text)):
        f.end("utter_invoice_requested", title=present["title"], buttons=[HUMAN_BUTTON])
    elif not title and present["status"] == "requested":
        f.tell("utter_invoice_changeable", title=present["title"])
    elif not title:
        f.tell("utter_invoice_exists", title=present["title"], buttons=_send(present))


def _send(present: Mapping[str, Any]) -> Buttons:
    """Only what was issued can be sent."""
    again = button(Word("send_again"), "request_invoice", invoice_title=present["title"])
    return [again] if present["status"] == "issued" else []


def _over(since: str | None, days: int, now: datetime) -> bool:
    return since is not None and now > datetime.fromisoformat(since) + timedelta(days=days)
