"""Shipping as the facts `ship.*` and `order.presale_ship` state it: promises, fees, couriers, and when a parcel counts as stuck or lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

PARCEL_TEXT = {
    "collected": "已揽收",
    "in_transit": "运输中",
    "out_for_delivery": "派送中",
    "delivered": "已签收",
    "stuck": "物流停滞",
    "lost": "疑似丢失",
}
STUCK_AFTER, LOST_AFTER = timedelta(hours=48), timedelta(days=7)
"""Without any movement (fact ship.stuck)."""

REMOTE_REGIONS = ("新疆", "西藏", "内蒙古", "青海", "宁夏")
_REMOTE_IN_ENGLISH = re.compile(r"\b(xinjiang|tibet|xizang|inner mongolia|qinghai|ningxia)\b", re.IGNORECASE)


def in_double11(moment: datetime) -> bool:
    """Whether a moment (in the shop's time zone) lies in 双11: 10-31 20:00 to 11-11 24:00 (fact promo.double11)."""
    start = moment.replace(month=10, day=31, hour=20, minute=0, second=0, microsecond=0)
    end = moment.replace(month=11, day=12, hour=0, minute=0, second=0, microsecond=0)
    return start <= moment < end


def in_618(moment: datetime) -> bool:
    """The June sale: 1 to 18 June."""
    return moment.month == 6 and moment.day <= 18


def promised_ship_by(paid_at: datetime) -> datetime:
    """The latest moment of shipping: 48 h after payment, 72 h in 双11 (fact ship.when)."""
    return paid_at + timedelta(hours=72 if in_double11(paid_at) else 48)


def shipped_late(order: Mapping[str, Any], now: datetime) -> bool:
    """Whether an order (shape `Order` of docs/shop-api.yaml) that has not arrived yet missed its promised moment of shipping."""
    promised, shipped = order.get("promised_ship_by"), order.get("shipped_at")
    if not promised or order["status"] not in ("paid", "shipped"):
        return False
    return (datetime.fromisoformat(shipped) if shipped else now) > datetime.fromisoformat(promised)


def auto_confirm_at(shipped_at: datetime) -> datetime:
    """When receipt is confirmed by itself: 10 days after shipping, 15 in 双11 (fact order.auto_confirm)."""
    return shipped_at + timedelta(days=15 if in_double11(shipped_at) else 10)


def parcel_status(status: str, last_scan: datetime | None, now: datetime) -> str:
    """The status at `now` of a parcel whose courier last reported `status`: silence makes it `stuck`, later `lost`."""
    if status == "delivered" or last_scan is None:
        return status
    still = now - last_scan
    if still >= LOST_AFTER:
        return "lost"
    return "stuck" if still >= STUCK_AFTER else status


def shipping_fee_fen(goods_fen: int, address: str) -> int:
    """The fee in fen for goods of this value: 8 yuan, free from 59; remote regions 15, free from 199 (fact ship.fee)."""
    remote = address.startswith(REMOTE_REGIONS) or bool(_REMOTE_IN_ENGLISH.search(address))
    free_from, fee = (199_00, 15_00) if remote else (59_00, 8_00)
    return 0 if goods_fen >= free_from else fee


_SIGNED_BY = re.compile(r"签收人[:：]\s*([^，。,\s]+)")


def signed_by(parcel: Mapping[str, Any]) -> str | None:
    """Who or what took a parcel (shape `Parcel`), as its courier wrote it: 本人, 门卫, 丰巢柜."""
    found = next((found for scan in parcel["scans"] if (found := _SIGNED_BY.search(scan["text"]))), None)
    return found[1] if found else None


_ASKS_DAY = re.compile(
    r"(什么时候|啥时候|何时|几时|几号|几天|哪一?天|多久|几点|多长时间).{0,6}(到|送|收|来)|(到|送|收|来).{0,6}(什么时候|啥时候|几号|哪一?天|几天|多久)"
    r"|\bwhen\b|\beta\b|how long|what day|which day",
    re.IGNORECASE,
)


def asks_day(text: str) -> bool:
    """Whether a message asks on which day a parcel arrives."""
    return bool(_ASKS_DAY.search(text))


def expected(parcel: Mapping[str, Any]) -> date | None:
    """The day on which a parcel that is on its way is, or was, to arrive; None when the courier gives none."""
    return date.fromisoformat(str(parcel["eta"])[:10]) if parcel.get("eta") and parcel["status"] != "delivered" else None


def courier_for(category: str, amount_fen: int) -> str:
    """SF for electronics and over 500 yuan, ZTO else (fact ship.courier)."""
    return "顺丰" if category == "electronics" or amount_fen > 500_00 else "中通"
