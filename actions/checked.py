"""A parcel that is looked into, and what is said of it afterwards: it was found, it is nowhere, it shall be sent again or paid back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk.events import EventType, SlotSet

from actions.base import Say
from actions.cards import about
from actions.orders import mentions, named_goods, named_order
from actions.remedies import asked_remedies
from actions.shop_api import Shop
from actions.turn import Turn
from actions.words import Word
from bot.core.aftersales import fault_of

_TICKET = re.compile(r"(?<![A-Za-z0-9])T\d{6,}(?!\d)", re.IGNORECASE)
_FOUND = re.compile(
    r"(找|拿|取)到(?!的)|收到(了|货|包裹|快递)|(不用|别|不必)再?(查|找|核实)"
    r"|(查件|核实|登记).{0,8}(撤[了掉销]?|取消|关掉|关闭|不用)|(撤|取消|关)[掉了]?.{0,4}(查件|核实)"
    r"|\bfound (it|the (parcel|package))|\bgot (it|the (parcel|package)) (now|back|from)|turned up"
    r"|(cancel|close|drop) the (check|case|search)",
    re.IGNORECASE,
)
_NOT_FOUND = re.compile(
    r"没|未|能|才|会|显示|说(是)?(已|收|签)|怎么|什么时候|[吗么嘛?？]|never|n't|\bnot\b|\bno\b|when|still|if\b", re.IGNORECASE
)
"""With one of these nothing was found: 还没收到货, 什么时候能收到货."""
_THERE = re.compile(r"[找拿取收]到|found|got it|turned up", re.IGNORECASE)
_LASTS = timedelta(days=7)
"""By then it was found, sent again or paid back."""
_SEEN = re.compile(
    r"(邻居|门卫|保安|家人|家里人|同事|室友|驿站|前台|物业).{0,4}(帮|代|替|说).{0,6}(收|在|拿)"
    r"|我(去|这就去|马上去|下班)[拿取]|(going|will go) (and|to) (get|fetch)",
    re.IGNORECASE,
)
_AGAIN = re.compile(r"补发|重发|再发一|resend|send (it |another |one )?(again|another)", re.IGNORECASE)
_CLOSES = re.compile(r"撤(?!回)|取消|关掉|关闭|注销|不用|close|cancel|withdraw", re.IGNORECASE)
_MISTAKEN_FOR = frozenset(
    {"report_not_received", "cancel_order", "cancel_aftersale", "query_ticket", "query_refund", "request_exchange", "urge_shipment"}
    | {"stop", "inform", "affirm", "deny", "thank", "nlu_fallback"}
)
"""What such a message sounds like; another want goes its own way."""
_NOWHERE = re.compile(r"找不[到着]|(not|n't|never) (be |been )?(find|found)", re.IGNORECASE)
_WHAT_FOLLOWS = frozenset(
    {"urge_shipment", "query_refund", "request_refund", "request_return", "request_exchange", "request_compensation"}
    | {"report_wrong_or_missing"}
)
"""What a message sounds like that asks what becomes of it: 到底什么时候给我补发."""
_CHOICES = {"reship": Word("resend"), "refund": Word("money_back")}
_ASKS = re.compile(r"[?？吗么呢]|什么|多[久少]|还是|when|or\b", re.IGNORECASE)


def check(turn: Turn, say: Say, number: str, detail: str, *, lost: bool = False) -> list[EventType]:
    """Have people look into the parcel of an order; remembered, so that what is found can be said."""
    say.open_check("logistics", detail, number)
    return [SlotSet("checked", {"order_id": number, "lost": lost, "since": turn.now.isoformat()})]


def under_check(turn: Turn) -> Mapping[str, Any]:
    """The parcel that is looked into, while that lasts: its `order_id` and whether it counts as `lost`; empty for none."""
    checked = turn.slot("checked") or {}
    return checked if checked and turn.now <= datetime.fromisoformat(checked["since"]) + _LASTS else {}


def send_again(turn: Turn, say: Say, number: str) -> list[EventType]:
    """The choice of somebody whose parcel is lost goes to the people who arrange it."""
    say.response("utter_check_resend")
    say.open_check("logistics", f"顾客选择补发，不退款：{turn.text[:200]}", number)
    return [SlotSet("focus_order", number)]


async def after_check(turn: Turn, say: Say, shop: Shop) -> list[EventType] | None:
    """What a message says of a parcel that is being looked into, told and passed on; None when it says nothing of it."""
    checked = under_check(turn)
    if await _asks_what_follows(turn, shop, checked):
        return await tell_what_follows(turn, say, shop, checked["order_id"])
    ticket = named_ticket(turn)
    closes = bool(ticket and _CLOSES.search(turn.text))
    if turn.source != "text" or turn.intent not in _MISTAKEN_FOR or not (checked or closes):
        return None
    other = turn.intent in ("cancel_order", "request_exchange", "urge_shipment") and (turn.values("product") or turn.values("order_id"))
    if closes or (_FOUND.search(turn.text) and not _NOT_FOUND.search(turn.text) and not other):
        if _THERE.search(turn.text):
            say.response("utter_check_found")
        say.command("close_check", order_id=checked.get("order_id"), ticket_no=ticket, note=turn.text[:200])
        return [SlotSet("checked", None)]
    if _SEEN.search(turn.text):
        say.response("utter_check_seen")
        return [SlotSet("checked", checked)]
    if checked["lost"] and _AGAIN.search(turn.text):
        return send_again(turn, say, str(checked["order_id"]))
    return None


async def _asks_what_follows(turn: Turn, shop: Shop, checked: Mapping[str, Any]) -> bool:
    """Whether a message that does not have the parcel wants it, or its money: of this order, as far as it names any."""
    number = checked.get("order_id")
    if not number or checked["lost"] or turn.source != "text" or turn.intent not in _WHAT_FOLLOWS:
        return False
    missed = "report_not_received" in turn.wants or fault_of(turn.text) == "not_received"
    if not (missed or _NOWHERE.search(turn.text) or _AGAIN.search(turn.text)) or named_order(turn) not in (None, number):
        return False
    return not named_goods(turn) or any(mentions(turn, item) for item in (await shop.order(number))["items"])


async def tell_what_follows(turn: Turn, say: Say, shop: Shop, number: str) -> list[EventType]:
    """Until when it is known where the parcel is, and what comes then (fact ship.signed_not_received); the message goes to the people."""
    order = await shop.order(number)
    chosen = [name for name in asked_remedies(turn.text) if name in _CHOICES]
    if len(chosen) == 1 and not _ASKS.search(turn.text):
        say.response("utter_check_chosen", about=about(order), remedy=_CHOICES[chosen[0]])
    else:
        say.response("utter_check_follows", about=about(order), amount=order["amount"])
    return [*check(turn, say, number, turn.text[:200]), SlotSet("focus_order", number)]


def left_by_check(turn: Turn, waiting: Sequence[str], events: Sequence[Mapping[str, Any]]) -> list[str]:
    """The wants that still wait once a check was made: what follows it was told with it, as far as one parcel is spoken of."""
    checked = next((event["value"] for event in events if event.get("name") == "checked"), None)
    settled = checked and not checked["lost"] and len(set(turn.values("product"))) < 2
    return [want for want in waiting if not (settled and want in _WHAT_FOLLOWS)]


def named_ticket(turn: Turn) -> str | None:
    """A ticket's number in the message; Chinese stands close to it ("单号T2026112100001呢")."""
    named = _TICKET.search(turn.text)
    return named.group(0).upper() if named else None
