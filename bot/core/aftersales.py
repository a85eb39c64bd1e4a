"""After-sales as the facts `return.*` and `refund.*` state them: whose fault, until when, who pays, how long the money takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.core.orders import ALLERGY_DAYS, EXCHANGE_DAYS, QUALITY_DAYS, RETURN_DAYS, within_days

AFTERSALE_STATUS_TEXT = {
    "requested": "待审核",
    "approved": "待寄回",
    "pickup_scheduled": "待取件",
    "returned": "商家验货中",
    "refunding": "退款中",
    "refunded": "已退款",
    "exchanged": "换货完成",
    "rejected": "审核未通过",
    "closed": "已关闭",
}

APPROVAL, SEND_BACK, CHECK = timedelta(hours=2), timedelta(days=7), timedelta(hours=24)
"""Approval within 2 h of working time, sent back within 7 days of it, checked within 24 h of arrival."""
DAMAGE_REPORT = timedelta(hours=48)
NO_RETURN_BELOW_FEN = 50_00
"""Damaged goods below this price are refunded without return (facts return.damaged, refund.only)."""
GOODWILL_FEN = 10_00
"""What the assistant may give without asking anybody (fact service.compensation)."""

_FAULTS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (fault, re.compile(words, re.IGNORECASE))
    for fault, words in (
        ("price_drop", r"降价|价保|保价|差价|便宜了|price (drop|protect|match|differ)"),
        ("wrong_item", r"发错|寄错|错发|给错|送错|不是我(买|要|拍|订)的|wrong (item|size|colou?r|product)"),
        ("missing", r"少发|漏发|少了|缺了|缺件|少件|缺少|没有?配件|missing"),
        ("allergy", r"过敏|红疹|起疹|allerg"),
        (
            "damaged",
            r"(?<![突看])破[损了的裂皮]|摔碎|碎了|碎的|裂了|开裂|裂开|漏[液水油米]|洒了|压坏|压扁|摔坏|砸坏|damaged|broken|crack|leak",
        ),
        (
            "quality",
            r"(?<!不是)(?<!没有)(?<!没)质量(?!(很|挺|还|都|也|蛮|不错|没)?(好|可以|行|不错|没问题|没毛病))|(?<!没)坏[了的]|开线|开胶|掉色|褪色|破洞|瑕疵|次品|残次|有毛病|故障|不能用|用不了"
            r"|不工作|充不(进|上)电|没反应|异味|假货|描述不符|货不对板|变质|发霉|defect|faulty|quality|fake|(not|n't) work",
        ),
        ("not_received", r"没收到|未收到|没有收到|丢件|丢失|丢了|not (yet )?received|never (arrived|received)|lost"),
    )
)


def fault_of(reason: str) -> str:
    """What a shopper's reason blames: `quality`, `damaged`, `wrong_item`, `missing`, `allergy`, `not_received`, `price_drop`,
    or `none` for a plain change of mind."""
    return next((fault for fault, words in _FAULTS if words.search(reason)), "none")


_CAME = re.compile(r"(发|寄|送|给)(了|成|来|的是|错)|收到的?(却|竟然)?是|里面(却|竟然)?是|\b(got|received|sent me)\b", re.IGNORECASE)


def came_instead(text: str) -> bool:
    """Whether a product that a message names may be what came instead of the one that was ordered: 发成了杯子."""
    return _CAME.search(text) is not None


def shop_pays_freight(fault: str) -> bool:
    """Who pays for sending back (fact return.fee)."""
    return fault in ("quality", "damaged", "wrong_item", "missing", "allergy")


_OPENED = re.compile(r"拆封|拆开|拆了|开封|打开|用过|用了|试用|试过|穿过|opened|used|tried", re.IGNORECASE)
_NOT_DONE = re.compile(
    r"(?:[没未](?:有|曾)?|不曾|还没(?:有)?|尚未|从未|从没|并未|并没有?)(?:被)?(?:动过|打|拆|开|使|试|穿)?$"
    r"|(?:\bnot|n't|never|\bun)[ -]?(?:been |even )?$",
    re.IGNORECASE,
)


def opened(reason: str) -> bool:
    """Whether a shopper says that the goods were unsealed or used; 没拆封, 未开封 and "never opened" say that they were not."""
    return any(not _NOT_DONE.search(reason[: found.start()]) for found in _OPENED.finditer(reason))


def days_allowed(kind: str, fault: str) -> int:
    """Days after the day of receipt in which a return or an exchange can be asked for."""
    if kind == "exchange":
        return EXCHANGE_DAYS
    return {"quality": QUALITY_DAYS, "wrong_item": QUALITY_DAYS, "allergy": ALLERGY_DAYS}.get(fault, RETURN_DAYS)


def restriction(item: Mapping[str, Any], reason: str) -> str | None:
    """Why an item (shape `Item`) cannot go back for this reason, in the shop's words; an empty reason is none yet."""
    note = item.get("return_note")
    free = shop_pays_freight(fault_of(reason)) or (item.get("returnable", True) and not opened(reason))
    return None if free or not note else str(note)


def window_over(order: Mapping[str, Any], kind: str, reason: str, now: datetime) -> int | None:
    """The days that were allowed when they are over for this reason, else None."""
    days = days_allowed(kind, fault_of(reason))
    return None if within_days(order, days, now) else days


def no_return_if_damaged(order: Mapping[str, Any], item: Mapping[str, Any], now: datetime) -> bool:
    """Whether damage of an item is refunded without return: below 50 yuan and received within 48 hours (fact return.damaged)."""
    received = order.get("delivered_at")
    cheap = Decimal(item["price"]) * item["quantity"] * 100 < NO_RETURN_BELOW_FEN
    return cheap and bool(received) and now <= datetime.fromisoformat(str(received)) + DAMAGE_REPORT


def refund_due(method: str, start: datetime) -> datetime:
    """When the money has arrived at the latest (fact refund.time). `method`: alipay, wechat, huabei, card."""
    if method == "huabei":
        return start
    if method in ("alipay", "wechat"):
        return start + timedelta(hours=24)
    return _working_days_later(start, 5)


def _working_days_later(start: datetime, days: int) -> datetime:
    moment = start
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() < 5
    return moment
