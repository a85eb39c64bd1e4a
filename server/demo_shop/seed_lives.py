"""The states in which seeded orders are found, each as a function from the moment of the first start to an order's life."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.demo_shop.models import Aftersale, Order
from server.demo_shop.orders_built import Life, delivered, on_the_way, paid, unpaid

Ago = Callable[[float, float], datetime]
"""A moment between so many hours before the first start."""


@dataclass(frozen=True)
class Claim:
    """An after-sale that a seeded order has: its kind and state, and how many hours ago it was asked for."""

    kind: str
    status: str
    hours_ago: float
    reason: str
    fault: str = "none"
    whole: bool = True


@dataclass(frozen=True)
class Scenario:
    """`weight` is how often it is drawn besides the once that everything occurs."""

    name: str
    weight: int
    life: Callable[[Ago], Life]
    claim: Claim | None = None


def _bought(moment: datetime) -> Life:
    return Life("closed", moment - timedelta(minutes=4), moment)


_DAY = 24
SCENARIOS: tuple[Scenario, ...] = (
    Scenario("unpaid", 6, lambda ago: unpaid(ago(0.05, 0.4))),
    Scenario("timed_out", 6, lambda ago: unpaid(ago(30, 60 * _DAY))),
    Scenario("cancelled", 4, lambda ago: _bought(ago(3 * _DAY, 90 * _DAY)), Claim("refund", "refunded", 0, "拍错了")),
    Scenario("paid", 22, lambda ago: paid(ago(0.2, 40))),
    Scenario("late", 4, lambda ago: paid(ago(75, 100))),
    Scenario("collected", 8, lambda ago: on_the_way(ago(1, 8), parcel="collected")),
    Scenario("in_transit", 24, lambda ago: on_the_way(ago(1, 30))),
    Scenario("out_for_delivery", 10, lambda ago: on_the_way(ago(0.5, 5), parcel="out_for_delivery")),
    Scenario("stuck", 5, lambda ago: on_the_way(ago(52, 130))),
    Scenario("lost", 3, lambda ago: on_the_way(ago(8 * _DAY, 14 * _DAY))),
    Scenario("delivered", 34, lambda ago: delivered(ago(2, 7 * _DAY))),
    Scenario("confirmed", 60, lambda ago: delivered(ago(3 * _DAY, 40 * _DAY), confirmed_after=timedelta(days=1))),
    Scenario("old", 70, lambda ago: delivered(ago(40 * _DAY, 700 * _DAY))),
    Scenario("return_requested", 3, lambda ago: delivered(ago(30, 90)), Claim("return", "requested", 0.3, "不喜欢，想退了")),
    Scenario("exchange_requested", 2, lambda ago: delivered(ago(30, 90)), Claim("exchange", "requested", 0.4, "尺码不合适")),
    Scenario("refund_requested", 2, lambda ago: delivered(ago(5, 30)), Claim("refund", "requested", 0.5, "收到就碎了", "damaged")),
    Scenario("return_approved", 4, lambda ago: delivered(ago(60, 110)), Claim("return", "approved", 30, "颜色和想的不一样")),
    Scenario("exchange_approved", 2, lambda ago: delivered(ago(60, 110)), Claim("exchange", "approved", 26, "小了一号")),
    Scenario("pickup", 4, lambda ago: delivered(ago(60, 110)), Claim("return", "pickup_scheduled", 20, "穿着不舒服")),
    Scenario("returned", 4, lambda ago: delivered(ago(140, 200)), Claim("return", "returned", 100, "有瑕疵", "quality")),
    Scenario("exchange_returned", 2, lambda ago: delivered(ago(140, 200)), Claim("exchange", "returned", 90, "想换个颜色")),
    Scenario("return_refunding", 5, lambda ago: delivered(ago(200, 260)), Claim("return", "refunding", 130, "不想要了")),
    Scenario("unshipped_refunding", 3, lambda ago: paid(ago(25, 40)), Claim("refund", "refunding", 18, "不想要了")),
    Scenario("refunded", 8, lambda ago: delivered(ago(20 * _DAY, 120 * _DAY)), Claim("return", "refunded", 0, "开线了", "quality")),
    Scenario("exchanged", 5, lambda ago: delivered(ago(25 * _DAY, 90 * _DAY)), Claim("exchange", "exchanged", 0, "大了一号")),
    Scenario("rejected", 3, lambda ago: delivered(ago(12 * _DAY, 40 * _DAY)), Claim("return", "rejected", 0, "穿过洗过，不想要了")),
    Scenario("withdrawn", 3, lambda ago: delivered(ago(9 * _DAY, 40 * _DAY)), Claim("return", "closed", 0, "不喜欢")),
)  # fmt: skip


def ago_from(now: datetime, rng: random.Random) -> Ago:
    def ago(least_h: float, most_h: float) -> datetime:
        return (now - timedelta(hours=rng.uniform(least_h, most_h))).replace(microsecond=0)

    return ago


def claim_rows(claim: Claim, order: Order, aftersale_id: str, now: datetime) -> Aftersale:
    """The after-sale of a seeded order; changes the order's status to fit."""
    base = order.delivered_at or order.paid_at or order.created_at
    asked = now - timedelta(hours=claim.hours_ago) if claim.hours_ago else base + timedelta(hours=20)
    before = order.status if order.status != "closed" else "paid"
    aftersale = Aftersale(
        aftersale_id=aftersale_id,
        kind=claim.kind,
        status=claim.status,
        fault=claim.fault,
        reason=claim.reason,
        sku=order.items[0].sku if claim.kind == "exchange" else None,
        option=order.items[0].option if claim.kind == "exchange" else None,
        amount_fen=0 if claim.kind == "exchange" else order.amount_fen - order.shipping_fee_fen * (claim.kind == "return"),
        order_status_before=before,
        created_at=asked.replace(microsecond=0),
    )
    _date(aftersale, now)
    if claim.status in ("requested", "approved", "pickup_scheduled", "returned", "refunding"):
        order.status = "aftersale"
    elif claim.status == "refunded":
        order.status = "closed"
    return aftersale


def _date(aftersale: Aftersale, now: datetime) -> None:
    """The moments that a request in this state has behind it."""
    asked, status = aftersale.created_at, aftersale.status
    hour = timedelta(hours=1)
    if status in ("rejected", "closed"):
        aftersale.finished_at = asked + hour
    if status in ("requested", "rejected", "closed"):
        return
    aftersale.approved_at = asked + hour / 2
    sent = status not in ("approved", "pickup_scheduled") and aftersale.kind != "refund"
    if sent:
        aftersale.sent_at = asked + 24 * hour
        aftersale.received_at = asked + 80 * hour if status != "returned" else now - 5 * hour
    if aftersale.kind == "refund":
        aftersale.refunding_at = aftersale.approved_at
    elif aftersale.received_at is not None and status in ("refunding", "refunded"):
        aftersale.refunding_at = aftersale.received_at + 20 * hour
    if status in ("refunded", "exchanged"):
        last = aftersale.refunding_at or aftersale.received_at
        aftersale.finished_at = (last or asked) + 20 * hour
