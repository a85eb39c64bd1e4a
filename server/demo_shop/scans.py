"""What a courier reports on the way of a parcel, in the words that Chinese couriers use."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from server.demo_shop import numbers, people
from server.demo_shop.models import Parcel

_PREPARED = timedelta(hours=1)
"""From the shop's "shipped" to the courier's first scan."""

_COMPANY = {"顺丰": "顺丰速运", "中通": "中通快递"}
_WAY = (
    ("collected", 0, "{from_city}", "【{from_city}】{company} 已收取快件，揽投员正在安排发往下一站"),
    ("in_transit", 3, "{from_city}", "【{from_city}】快件已到达 {from_city}转运中心"),
    ("in_transit", 5, "{from_city}", "【{from_city}】快件离开 {from_city}转运中心，正发往 {to_city}转运中心"),
    ("in_transit", 14, "{to_city}", "【{to_city}】快件已到达 {to_city}转运中心"),
    ("in_transit", 4, "{to_city}", "【{to_city}】快件离开 {to_city}转运中心，正发往 {district}营业点"),
    ("out_for_delivery", 7, "{to_city}", "【{to_city}】快件已到达 {district}营业点，快递员正在为您派送，请保持电话畅通"),
    ("delivered", 3, "{to_city}", "【{to_city}】您的快件已签收，签收人：{signed_by}。感谢使用{company}，期待再次为您服务"),
)
"""Status, hours since the scan before, place, text."""
LAST_SCAN = {"collected": 0, "in_transit": 3, "out_for_delivery": 5, "delivered": 6}
"""Where on the way a parcel in a status usually is."""
_SIGNED_BY = ("本人", "家人", "丰巢柜", "菜鸟驿站", "门卫")


def shipped_at(status: str, last_scan_at: datetime) -> datetime:
    """When the shop gave out a parcel whose latest scan, in this status, was then."""
    return last_scan_at - _hours(LAST_SCAN[status]) - _PREPARED


def _hours(last: int) -> timedelta:
    return timedelta(hours=sum(step[1] for step in _WAY[: last + 1]))


def parcel(order_id: str, courier: str, where: tuple[str, str, str], *, status: str, last_scan_at: datetime, rng: random.Random) -> Parcel:
    """A parcel in `status`, its scans counted back from the latest."""
    last = LAST_SCAN[status]
    first_at = last_scan_at - _hours(last)
    return Parcel(
        tracking_no=numbers.tracking_no(courier, rng),
        order_id=order_id,
        courier=courier,
        status=status,
        eta=None if status == "delivered" else _eta(first_at),
        last_scan_at=last_scan_at,
        scans=_scans(_WAY[: last + 1], first_at, courier, where, rng),
    )


def _eta(first_at: datetime) -> datetime:
    """The evening of the third day."""
    return (first_at + timedelta(days=3)).replace(hour=20, minute=0, second=0, microsecond=0)


def _scans(
    way: Sequence[tuple[str, int, str, str]], first_at: datetime, courier: str, where: tuple[str, str, str], rng: random.Random
) -> list[dict[str, Any]]:
    _, city, street = where
    words = {
        "from_city": people.WAREHOUSE[1].removesuffix("市"),
        "to_city": city.removesuffix("市"),
        "district": street[: street.index("区") + 1] if "区" in street else city,
        "company": _COMPANY[courier],
        "signed_by": rng.choice(_SIGNED_BY),
    }
    scans, at = [], first_at
    for _, hours, place, text in way:
        at += timedelta(hours=hours)
        scans.append({"time": at.isoformat(timespec="seconds"), "text": text.format(**words), "city": place.format(**words)})
    return scans
