"""Orders as the fixtures and the seed need them: a life told by a few moments, the rest follows from the shop's rules."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.delivery import courier_for, shipping_fee_fen
from server.demo_shop import numbers, people, scans
from server.demo_shop.catalogue import Catalogue
from server.demo_shop.models import Order, OrderItem, Parcel, Shopper

FREE_SHIPPING_LEVELS = frozenset({"gold", "diamond"})


@dataclass(frozen=True)
class Line:
    """One item of an order; `extra_fen` is how much more it cost on the day of purchase than today."""

    sku: str
    option: str
    quantity: int = 1
    extra_fen: int = 0


@dataclass(frozen=True)
class Life:
    """What has happened to an order. `status` of the order; `parcel` of its parcel and the moment of its latest scan."""

    status: str
    created_at: datetime
    paid_at: datetime | None = None
    shipped_at: datetime | None = None
    delivered_at: datetime | None = None
    completed_at: datetime | None = None
    parcel: str | None = None
    last_scan_at: datetime | None = None


def unpaid(created_at: datetime) -> Life:
    return Life("unpaid", created_at)


def paid(paid_at: datetime) -> Life:
    return Life("paid", paid_at - timedelta(minutes=4), paid_at)


def on_the_way(last_scan_at: datetime, *, parcel: str = "in_transit") -> Life:
    """Shipped so that the parcel, in this status, was last scanned then."""
    shipped = scans.shipped_at(parcel, last_scan_at)
    bought = shipped - timedelta(hours=5)
    return Life("shipped", bought - timedelta(minutes=3), bought, shipped, parcel=parcel, last_scan_at=last_scan_at)


def delivered(delivered_at: datetime, *, confirmed_after: timedelta | None = None) -> Life:
    """Signed for; `confirmed_after` is when the shopper confirmed receipt, None leaves that to the automatic confirmation."""
    shipped = scans.shipped_at("delivered", delivered_at)
    bought = shipped - timedelta(hours=5)
    completed = None if confirmed_after is None else delivered_at + confirmed_after
    status = "delivered" if completed is None else "completed"
    return Life(status, bought - timedelta(minutes=3), bought, shipped, delivered_at, completed, "delivered", delivered_at)


class OrderMaker:
    """Makes rows that fit each other; numbers and details come from `rng`. A shopper has one address; with `near` delivery
    there costs no more than usual."""

    def __init__(self, catalogue: Catalogue, rng: random.Random, *, near: bool) -> None:
        self._catalogue, self._rng, self._near = catalogue, rng, near
        self._places: dict[str, tuple[str, str, str]] = {}

    def make(
        self, shopper: Shopper, lines: Sequence[Line], life: Life, *, method: str = "alipay", reduction_fen: int = 0, note: str = ""
    ) -> tuple[Order, Parcel | None]:
        """An order and its parcel, if it has one."""
        place = self._place(shopper.shopper_id)
        address = people.address(place)
        items = [self._item(line) for line in lines]
        goods = sum(i.price_fen * i.quantity for i in items)
        fee = 0 if shopper.level in FREE_SHIPPING_LEVELS else shipping_fee_fen(goods, address)
        order = Order(
            order_id=numbers.order_id(life.created_at, self._rng),
            shopper_id=shopper.shopper_id,
            status=life.status,
            amount_fen=goods - reduction_fen + fee,
            shipping_fee_fen=fee,
            payment_method=method,
            created_at=life.created_at,
            paid_at=life.paid_at,
            shipped_at=life.shipped_at,
            delivered_at=life.delivered_at,
            completed_at=life.completed_at,
            receiver=shopper.name,
            phone=shopper.phone,
            address=address,
            address_changes=0,
            note=note,
            items=items,
        )
        return order, self._parcel(order, life, place)

    def _place(self, shopper_id: str) -> tuple[str, str, str]:
        if shopper_id not in self._places:
            self._places[shopper_id] = people.place(self._rng, near=self._near)
        return self._places[shopper_id]

    def _item(self, line: Line) -> OrderItem:
        product = self._catalogue[line.sku]
        return OrderItem(
            sku=line.sku,
            name=product.name,
            category=product.category,
            option=line.option,
            quantity=line.quantity,
            price_fen=product.price_fen + line.extra_fen,
        )

    def _parcel(self, order: Order, life: Life, where: tuple[str, str, str]) -> Parcel | None:
        if life.parcel is None or life.last_scan_at is None:
            return None
        courier = courier_for(order.items[0].category, order.amount_fen)
        at = life.last_scan_at
        return scans.parcel(order.order_id, courier, where, status=life.parcel, last_scan_at=at, rng=self._rng)
