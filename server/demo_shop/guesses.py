"""The way in for readers who are not signed in: order number and last four digits, five wrong guesses lock it for an hour."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.errors import NotFound, RateLimited
from server.demo_shop.callers import Caller
from server.demo_shop.models import Guess, Order

T = TypeVar("T")

MAX_FAILURES = 5
LOCK = timedelta(hours=1)
NO_SUCH_ORDER = "没有查到这个订单，请核对订单号和信息。"
"""The same words for an unknown order, somebody else's and a wrong phone."""


def locked_until(failures: Sequence[datetime]) -> datetime | None:
    """When the lock from the latest failures (newest first) ends: one hour after the fifth of five within an hour."""
    if len(failures) < MAX_FAILURES or failures[0] - failures[MAX_FAILURES - 1] >= LOCK:
        return None
    return failures[0] + LOCK


def verified_order(session: Session, order_id: str, last4: str, caller: Caller) -> Order | None:
    """The order if the digits are right, else None, and the guess is counted.

    Raises `RateLimited` while the order or the reader's address is locked; such an attempt is neither answered nor counted.
    """
    subjects = _subjects(order_id, caller)
    _refuse_locked(session, subjects, caller.now)
    order = session.get(Order, order_id)
    expected = order.phone[-4:] if order else "0000"
    if hmac.compare_digest(expected.encode(), last4.encode()) and order is not None:
        return order
    session.add_all(Guess(subject=subject, at=caller.now) for subject in subjects)
    return None


def found(order: T | None) -> T:
    """The order or what was shown of it, or `NotFound` in the words that give nothing away."""
    if order is None:
        raise NotFound(NO_SUCH_ORDER)
    return order


def _subjects(order_id: str, caller: Caller) -> list[str]:
    return [f"order:{order_id}"] + ([f"client:{caller.client}"] if caller.client else [])


def _refuse_locked(session: Session, subjects: Sequence[str], now: datetime) -> None:
    for subject in subjects:
        query = select(Guess.at).where(Guess.subject == subject, Guess.at <= now).order_by(Guess.at.desc()).limit(MAX_FAILURES)
        until = locked_until(session.scalars(query).all())
        if until is not None and now < until:
            wait_s = int((until - now).total_seconds()) + 1
            raise RateLimited("尝试次数过多，请一小时后再试，或登录后查看。", retry_after_s=wait_s)
