"""What can be done about goods that came damaged, wrong, incomplete or faulty (facts return.damaged, return.wrong_item, return.quality)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from actions.words import Word, in_language, words
from bot.core.aftersales import GOODWILL_FEN, fault_of, no_return_if_damaged
from bot.core.delivery import shipped_late
from bot.core.orders import QUALITY_DAYS, within_days

TICKETED = frozenset({"reship", "repair"})
"""What people arrange: the shop takes no such request by itself, so a ticket with a number is opened."""
_SAID = (
    ("reship", re.compile(r"补发|补寄|重发|再发|补一|补给")),
    ("repair", re.compile(r"修(?!改)")),
    ("exchange", re.compile(r"换")),
    ("return", re.compile(r"退货|退回|寄回|退了|^退$")),
    ("refund", re.compile(r"退款|退钱|赔钱|仅退")),
)
_MONEY_ALONE = re.compile(r"不退货")
_REFUSED = re.compile(r"(不想?|不要|不用|别|懒得)再?(换货?|修|补[发寄]|重发|退款|退钱|退[货回]?)")
_MONEY = re.compile(r"\d+(\.\d+)?")
_WARRANTY_DAYS = {"electronics": 365, "home": 730, "shoes": 90}


def blamed(intent: str, text: str, language: str) -> str:
    """The shopper's words, with what they blame in front where the words alone do not say it."""
    if fault_of(text) != "none" or f"blame.{intent}" not in words():
        return text
    return str(in_language(Word("blamed", {"what": Word(f"blame.{intent}"), "text": text}), language))


def blamed_by_tap(intent: str, language: str) -> str | None:
    """What a tapped button alone says is wrong; None where more must be told (wrong or missing: which of the two)."""
    return str(in_language(Word(f"blame.{intent}"), language)) if intent in ("report_damaged", "report_quality") else None


def remedies(order: Mapping[str, Any], item: Mapping[str, Any], detail: str, now: datetime) -> list[str]:
    """What fits, best first."""
    fault = fault_of(detail)
    if fault == "missing":
        return ["reship", "return"]
    if not within_days(order, QUALITY_DAYS, now):
        return ["repair"]
    if fault == "damaged" and no_return_if_damaged(order, item, now):
        return ["refund", "exchange"]
    repaired = fault in ("quality", "none") and (is_free_repair(order, item, now) or "repair" in asked_remedies(detail))
    return ["exchange", "return", *(["repair"] if repaired else [])]


def asked_remedies(text: str) -> list[str]:
    """What the words alone ask for: `reship`, `repair`, `exchange`, `return`, `refund`; not what they refuse."""
    wanted = _REFUSED.sub("", text)
    return [name for name, words in _SAID if words.search(wanted) or (name == "refund" and _MONEY_ALONE.search(text))]


def said_remedy(text: str, intent: str, possible: list[str]) -> str | None:
    """The remedy that a message asks for, None when it asks for none of the possible ones."""
    by_intent = intent.removeprefix("request_")
    asked = asked_remedies(text)
    if len(asked) > 1 and by_intent in asked:
        asked = [by_intent]
    return next((name for name in [*asked, by_intent] if name in possible), None)


def remedy_word(name: str, order: Mapping[str, Any], item: Mapping[str, Any], now: datetime) -> Word:
    """How a remedy is called; a repair that will be charged for says so."""
    return Word("remedy.repair_paid" if name == "repair" and not is_free_repair(order, item, now) else f"remedy.{name}")


def beyond_authority(amounts: Sequence[str]) -> bool:
    """Whether more is asked for than the assistant may give (requirement R086)."""
    return any(Decimal(amount) * 100 > GOODWILL_FEN for amount in amounts if _MONEY.fullmatch(amount))


def goodwill(order: Mapping[str, Any], detail: str, now: datetime) -> str:
    """Yuan, as text: the whole of the authority where something of ours went wrong, half where it is only said."""
    ours = shipped_late(order, now) or fault_of(detail) in ("damaged", "wrong_item", "missing", "quality", "not_received")
    return f"{Decimal(GOODWILL_FEN) / 100 / (1 if ours else 2):.2f}"


def is_free_repair(order: Mapping[str, Any], item: Mapping[str, Any], now: datetime) -> bool:
    return warranty(order, item, now) == "in_warranty"


def warranty(order: Mapping[str, Any], item: Mapping[str, Any], now: datetime) -> str:
    """`in_warranty`, `out_of_warranty` or `no_warranty` (fact service.warranty: electronics a year, small appliances two, shoes and bags 90
    days, nothing else)."""
    received, days = order.get("delivered_at"), _WARRANTY_DAYS.get(item.get("category", ""))
    if days is None:
        return "no_warranty"
    within = bool(received) and now <= datetime.fromisoformat(str(received)) + timedelta(days=days)
    return "in_warranty" if within else "out_of_warranty"
