"""After-sales as the facts `return.*` and `refund.*` state them: whose fault, until when, who pays, how long the money takes."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.core.orders import EXCHANGE_DAYS, QUALITY_DAYS, RETURN_DAYS

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
        ("damaged", r"破损|摔碎|碎了|碎的|裂了|开裂|裂开|漏液|漏水|漏油|洒了|压坏|压扁|摔坏|砸坏|damaged|broken|crack|leak"),
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


def shop_pays_freight(fault: str) -> bool:
    """Who pays for sending back (fact return.fee)."""
    return fault in ("quality", "damaged", "wrong_item", "missing", "allergy")


def days_allowed(kind: str, fault: str) -> int:
    """Days after the day of receipt in which a return or an exchange can be asked for."""
    if kind == "exchange":
        return EXCHANGE_DAYS
    return {"quality": QUALITY_DAYS, "wrong_item": QUALITY_DAYS, "allergy": 30}.get(fault, RETURN_DAYS)


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
