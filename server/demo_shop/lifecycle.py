"""What time alone does to orders and after-sales: payment times out, receipt is confirmed, requests are approved, refunds arrive.

Nothing runs in the background. Whoever loads an order calls `advance`, which brings the rows up to `now`; a read forgets that
again, a write keeps it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.aftersales import APPROVAL, CHECK, SEND_BACK, refund_due
from bot.core.calendar import Calendar, Period
from bot.core.delivery import auto_confirm_at
from bot.core.orders import OPEN_AFTERSALE
from server.demo_shop.models import Aftersale, Invoice, Order
from server.demo_shop.pickups import WINDOW

WAY_BACK = timedelta(days=2)
PAYMENT_TIMEOUT = timedelta(minutes=30)
_WORKING = Calendar.daily(ZoneInfo("Asia/Shanghai"), [Period(8 * 60, 24 * 60)])
EXPRESS_LEVELS = frozenset({"silver", "gold", "diamond"})
"""Refunded as soon as the courier scans the return (fact refund.express)."""


def advance(order: Order, now: datetime) -> Order:
    """Bring an order with its after-sales and invoice up to `now`; returns the same order."""
    if order.status == "unpaid" and now >= order.created_at + PAYMENT_TIMEOUT:
        order.status = "closed"
    if order.status == "delivered" and order.shipped_at and order.delivered_at:
        confirmed = max(auto_confirm_at(order.shipped_at), order.delivered_at)
        if now >= confirmed:
            order.status, order.completed_at = "completed", confirmed
    for aftersale in order.aftersales:
        _advance_aftersale(aftersale, order, now)
    if order.invoice is not None:
        _issue(order.invoice, order, now)
    return order


def approval_due(created_at: datetime) -> datetime:
    """Within two hours of working time (fact return.how)."""
    return _WORKING.next_opening(created_at) + APPROVAL


def is_open(aftersale: Aftersale) -> bool:
    return aftersale.status in OPEN_AFTERSALE


def before_pickup(aftersale: Aftersale) -> bool:
    """Whether goods are to go back and have not left yet."""
    return aftersale.kind != "refund" and aftersale.status in ("requested", "approved", "pickup_scheduled") and aftersale.sent_at is None


def resume_order(aftersale: Aftersale, order: Order) -> None:
    """Give the order back the status it had before, once no other of its items is in a request."""
    others = (a for a in order.aftersales if a is not aftersale)
    if aftersale.order_status_before is not None and not any(is_open(a) and a.order_status_before is not None for a in others):
        order.status = aftersale.order_status_before


def _advance_aftersale(aftersale: Aftersale, order: Order, now: datetime) -> None:
    """Each step may be followed by the next within the same call."""
    while is_open(aftersale) and _STEPS[aftersale.status](aftersale, order, now):
        pass


def _approve(aftersale: Aftersale, order: Order, now: datetime) -> bool:
    due = approval_due(aftersale.created_at)
    if now < due:
        return False
    aftersale.approved_at = due
    if aftersale.kind == "refund":
        aftersale.status, aftersale.refunding_at = "refunding", due
    else:
        aftersale.status = "pickup_scheduled" if aftersale.pickup_at else "approved"
    return True


def _collect(aftersale: Aftersale, order: Order, now: datetime) -> bool:
    """The courier comes at the end of the window at the latest, and brings the goods back in two days."""
    if aftersale.pickup_at is None:
        return _close_unsent(aftersale, order, now)
    collected = aftersale.pickup_at + WINDOW
    if now >= collected:
        aftersale.sent_at = aftersale.sent_at or collected
    if now < collected + WAY_BACK:
        return False
    aftersale.status, aftersale.received_at = "returned", collected + WAY_BACK
    return True


def _close_unsent(aftersale: Aftersale, order: Order, now: datetime) -> bool:
    assert aftersale.approved_at is not None
    if aftersale.sent_at is not None or now < aftersale.approved_at + SEND_BACK:
        return False
    aftersale.status, aftersale.finished_at = "closed", aftersale.approved_at + SEND_BACK
    resume_order(aftersale, order)
    return True


def _check(aftersale: Aftersale, order: Order, now: datetime) -> bool:
    if aftersale.received_at is None or now < aftersale.received_at + CHECK:
        return False
    checked = aftersale.received_at + CHECK
    if aftersale.kind == "exchange":
        aftersale.status, aftersale.finished_at = "exchanged", checked
        resume_order(aftersale, order)
    else:
        aftersale.status, aftersale.refunding_at = "refunding", checked
    return True


def _pay_back(aftersale: Aftersale, order: Order, now: datetime) -> bool:
    assert aftersale.refunding_at is not None
    due = refund_due(order.payment_method, aftersale.refunding_at)
    if now < due:
        return False
    aftersale.status, aftersale.finished_at = "refunded", due
    if aftersale.order_status_before is not None and aftersale.sku is None:
        order.status = "closed"
    else:
        resume_order(aftersale, order)
    return True


_STEPS: dict[str, Callable[[Aftersale, Order, datetime], bool]] = {
    "requested": _approve,
    "approved": _close_unsent,
    "pickup_scheduled": _collect,
    "returned": _check,
    "refunding": _pay_back,
}


def _issue(invoice: Invoice, order: Order, now: datetime) -> None:
    """Issued within 24 h after receipt is confirmed (fact invoice.when); a changed one 24 h after the change."""
    if invoice.issued_at is not None or order.completed_at is None:
        return
    due = max(order.completed_at, invoice.requested_at) + timedelta(hours=24)
    if now >= due:
        invoice.issued_at = due
        invoice.number = f"25{order.order_id[2:]}{invoice.changes:04d}"
