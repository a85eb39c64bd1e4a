"""A fresh shopper with orders of its own for one tested conversation (contract: Demo fixtures)."""

from __future__ import annotations

import random
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.core.errors import Invalid
from server.demo_shop import numbers, people
from server.demo_shop.callers import SHOP_ZONE
from server.demo_shop.catalogue import CATEGORIES, Catalogue
from server.demo_shop.models import Aftersale, Order, Parcel, Shopper, Stock
from server.demo_shop.orders_built import Life, Line, OrderMaker, delivered, on_the_way, paid

LEVELS = ("ordinary", "silver", "gold", "diamond")
_CHEAPER_FEN = 10_00
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_UNSHIPPED = Line("10103", "白色/M")
_SHIPPED = Line("10404", "奶白")
_REFUNDING = Line("10309", "黑色")
_NOT_MINE = Line("10506", "默认")
_DELIVERED = {
    "clothing": ("10101", "黑色/M"),
    "shoes": ("10231", "黑色/42"),
    "electronics": ("10301", "黑色"),
    "home": ("10408", "浅灰"),
    "beauty": ("10501", "默认"),
    "food": ("10602", "默认"),
}
_KNOWN: dict[str, tuple[str, ...]] = {
    "": ("level", "now", "unshipped", "shipped", "delivered"),
    "unshipped": ("paid_hours_ago",),
    "shipped": ("last_scan_hours_ago",),
    "delivered": ("days_ago", "category"),
}


@dataclass(frozen=True)
class FixtureOptions:
    """The body of `POST /demo/fixtures` after its check; the defaults are the contract's."""

    level: str = "ordinary"
    paid_hours_ago: float = 20
    last_scan_hours_ago: float = 6
    days_ago: float = 3
    category: str = "clothing"


def fixture_clock(options: Mapping[str, Any] | None, *, today: datetime) -> datetime:
    """The clock of a fixture: `now` of the body, else 14:00 of the day of `today`. Raises `Invalid` with its field."""
    given = (options or {}).get("now")
    if given is None:
        return datetime.combine(today.astimezone(SHOP_ZONE).date(), time(14), SHOP_ZONE)
    try:
        clock = datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise Invalid(f"now must be a moment such as 2026-11-21T14:00:00+08:00, got {given!r}", field="now") from None
    if not _FIRST_YEAR <= clock.year <= _LAST_YEAR:
        raise Invalid(f"now must be in the years {_FIRST_YEAR} to {_LAST_YEAR}, got {given!r}", field="now")
    return (clock if clock.tzinfo else clock.replace(tzinfo=SHOP_ZONE)).astimezone(SHOP_ZONE).replace(microsecond=0)


def parse_options(body: Mapping[str, Any] | None) -> FixtureOptions:
    """Raises `Invalid` that names the field for unknown keys and values out of range."""
    _known_keys(body or {}, "")
    parts = {name: _section(body or {}, name) for name in ("unshipped", "shipped", "delivered")}
    default = FixtureOptions()
    return FixtureOptions(
        level=_one_of((body or {}).get("level", default.level), LEVELS, "level"),
        paid_hours_ago=_number(parts["unshipped"], "unshipped.paid_hours_ago", default.paid_hours_ago, 24 * 365),
        last_scan_hours_ago=_number(parts["shipped"], "shipped.last_scan_hours_ago", default.last_scan_hours_ago, 24 * 365),
        days_ago=_number(parts["delivered"], "delivered.days_ago", default.days_ago, 3 * 365),
        category=_one_of(parts["delivered"].get("category", default.category), CATEGORIES, "delivered.category"),
    )


def _section(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise Invalid(f"{name} must be an object, got {value!r}", field=name)
    _known_keys(value, name)
    return value


def _known_keys(value: Mapping[str, Any], name: str) -> None:
    for key in value:
        if key not in _KNOWN[name]:
            path = f"{name}.{key}" if name else str(key)
            raise Invalid(f"{path} is not known; known here: {', '.join(_KNOWN[name])}", field=path)


def _one_of(value: Any, known: tuple[str, ...], field: str) -> str:
    if value not in known:
        raise Invalid(f"{field} must be one of {', '.join(known)}, got {value!r}", field=field)
    return str(value)


def _number(section: Mapping[str, Any], field: str, default: float, most: float) -> float:
    value = section.get(field.split(".")[1], default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise Invalid(f"{field} must be a number from 0 to {most:g}, got {value!r}", field=field)
    return float(value)


class FixtureMaker:
    """Writes one fixture in an open write transaction."""

    def __init__(self, session: Session, catalogue: Catalogue, now: datetime) -> None:
        self._session, self._catalogue, self._now = session, catalogue, now
        self._rng = random.Random(secrets.randbits(128))
        self._maker = OrderMaker(catalogue, self._rng, near=True)

    def make(self, options: FixtureOptions) -> dict[str, Any]:
        shopper = self._person(options.level)
        now = self._now
        sku, option = _DELIVERED[options.category]
        bought = Line(sku, option, extra_fen=_CHEAPER_FEN)
        orders = {
            "order_paid_unshipped": self._order(shopper, _UNSHIPPED, paid(now - timedelta(hours=options.paid_hours_ago))),
            "order_shipped": self._order(shopper, _SHIPPED, on_the_way(now - timedelta(hours=options.last_scan_hours_ago))),
            "order_delivered": self._order(shopper, bought, delivered(now - timedelta(days=options.days_ago))),
            "order_refunding": self._refunding(shopper),
            "order_not_mine": self._not_mine(shopper),
            "order_unknown": numbers.unknown_order_id(now, self._rng),
        }
        self._fill_stock({_UNSHIPPED.sku, sku})
        last4 = shopper.phone[-4:]
        return {"shopper_id": shopper.shopper_id, "level": shopper.level, "phone_last4": last4, "now": now.isoformat(), "orders": orders}

    def _person(self, level: str) -> Shopper:
        person = people.shopper(f"f_{secrets.token_hex(8)}", level, self._rng)
        self._session.add(person)
        self._session.flush()
        return person

    def _order(self, shopper: Shopper, line: Line, life: Life, *, method: str = "alipay") -> str:
        order, parcel = self._unused(shopper, line, life, method)
        self._session.add(order)
        self._session.flush()
        if parcel is not None:
            self._session.add(parcel)
        return order.order_id

    def _unused(self, shopper: Shopper, line: Line, life: Life, method: str) -> tuple[Order, Parcel | None]:
        """Numbers of a day are few enough that two may meet."""
        while True:
            order, parcel = self._maker.make(shopper, [line], life, method=method)
            if self._session.get(Order, order.order_id) is None:
                return order, parcel

    def _refunding(self, shopper: Shopper) -> str:
        """Paid by card and not shipped, so that the money takes days and the request can still be withdrawn."""
        asked, bought = self._now - timedelta(hours=18), self._now - timedelta(hours=30)
        order_id = self._order(shopper, _REFUNDING, paid(bought), method="card")
        order = self._session.get_one(Order, order_id)
        order.status = "aftersale"
        order.aftersales.append(
            Aftersale(
                aftersale_id=self._aftersale_id(asked),
                kind="refund",
                status="refunding",
                fault="none",
                reason="不想要了",
                amount_fen=order.amount_fen,
                order_status_before="paid",
                created_at=asked,
                approved_at=asked + timedelta(minutes=20),
                refunding_at=asked + timedelta(minutes=20),
            )
        )
        return order_id

    def _aftersale_id(self, at: datetime) -> str:
        while True:
            candidate = numbers.aftersale_id(at, self._rng)
            if self._session.scalar(select(Aftersale.id).where(Aftersale.aftersale_id == candidate)) is None:
                return candidate

    def _not_mine(self, shopper: Shopper) -> str:
        """Somebody of this fixture alone, whose phone ends differently."""
        stranger = self._person("ordinary")
        if stranger.phone[-4:] == shopper.phone[-4:]:
            stranger.phone = f"{stranger.phone[:7]}{(int(stranger.phone[-4:]) + 1) % 10_000:04d}"
        return self._order(stranger, _NOT_MINE, delivered(self._now - timedelta(days=2)))

    def _fill_stock(self, skus: set[str]) -> None:
        """Conversations must not sell each other out."""
        for sku in skus:
            for option, quantity in self._catalogue[sku].opening_stock.items():
                where = update(Stock).where(Stock.sku == sku, Stock.option == option)
                self._session.execute(where.values(quantity=func.max(Stock.quantity, quantity)))
