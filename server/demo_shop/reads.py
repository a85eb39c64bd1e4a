"""Everything that is read from the shop, as functions over a session. Ownership is checked here and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.core.errors import Forbidden, NotFound
from server.demo_shop import views
from server.demo_shop.callers import Caller
from server.demo_shop.catalogue import Catalogue, Product
from server.demo_shop.guesses import found, verified_order
from server.demo_shop.lifecycle import advance
from server.demo_shop.models import Aftersale, Coupon, Order, Parcel, Shopper, Stock


@dataclass(frozen=True)
class Desk:
    """What every operation works with: an open session, the catalogue, and who asks when."""

    session: Session
    catalogue: Catalogue
    caller: Caller

    @property
    def now(self) -> datetime:
        return self.caller.now

    def view(self, order: Order) -> dict[str, Any]:
        return views.order_view(order, self.catalogue)


def signed_in(caller: Caller) -> str:
    """The shopper's id; raises `Forbidden` for anonymous readers."""
    if caller.shopper_id is None:
        raise Forbidden("需要登录后才能操作。")
    return caller.shopper_id


def own_order(desk: Desk, order_id: str) -> Order:
    """An order of the caller's, brought up to now; `NotFound` in the same words for unknown and somebody else's."""
    shopper_id = signed_in(desk.caller)
    order = desk.session.get(Order, order_id)
    return advance(found(order if order and order.shopper_id == shopper_id else None), desk.now)


def readable_order(desk: Desk, order_id: str) -> Order | None:
    """The caller's order, or the one whose phone an anonymous reader knows. None when there is none; a wrong guess is counted."""
    caller = desk.caller
    if caller.shopper_id is not None:
        order = desk.session.get(Order, order_id)
        order = order if order and order.shopper_id == caller.shopper_id else None
    elif caller.verified_phone is not None:
        order = verified_order(desk.session, order_id, caller.verified_phone, caller)
    else:
        order = None
    return order and advance(order, desk.now)


def list_orders(desk: Desk, *, status: str | None, limit: int) -> list[dict[str, Any]]:
    """Newest first; `status` is compared after time has passed over the orders."""
    query = select(Order).where(Order.shopper_id == signed_in(desk.caller), Order.created_at <= desk.now)
    rows = desk.session.scalars(query.order_by(Order.created_at.desc(), Order.order_id.desc()))
    orders = [advance(row, desk.now) for row in rows]
    return [desk.view(o) for o in orders if status in (None, o.status)][:limit]


def parcels_of(desk: Desk, order_id: str) -> list[dict[str, Any]]:
    query = select(Parcel).where(Parcel.order_id == order_id).order_by(Parcel.tracking_no)
    return [views.parcel_view(parcel, desk.now) for parcel in desk.session.scalars(query)]


def aftersales_of(desk: Desk, order: Order) -> list[dict[str, Any]]:
    return [views.aftersale_view(a, order, desk.now) for a in order.aftersales]


def own_aftersale(desk: Desk, aftersale_id: str) -> tuple[Aftersale, Order]:
    """An after-sale of the caller's with its order, brought up to now."""
    shopper_id = signed_in(desk.caller)
    query = select(Order).join(Aftersale).where(Aftersale.aftersale_id == aftersale_id, Order.shopper_id == shopper_id)
    order = desk.session.scalars(query).first()
    if order is None:
        raise NotFound("没有查到这个售后申请。")
    advance(order, desk.now)
    return next(a for a in order.aftersales if a.aftersale_id == aftersale_id), order


def show_aftersale(desk: Desk, aftersale_id: str) -> dict[str, Any]:
    aftersale, order = own_aftersale(desk, aftersale_id)
    return views.aftersale_view(aftersale, order, desk.now)


def check_guess(desk: Desk, order_id: str, last4: str) -> dict[str, Any] | None:
    """The order of an anonymous reader, or None and the wrong guess is counted."""
    order = verified_order(desk.session, order_id, last4, desk.caller)
    return None if order is None else desk.view(advance(order, desk.now))


def coupons_of(desk: Desk) -> list[dict[str, Any]]:
    """Usable ones first, then by their end."""
    query = select(Coupon).where(Coupon.shopper_id == signed_in(desk.caller), Coupon.valid_from <= desk.now)
    shown = [views.coupon_view(c, desk.now) for c in desk.session.scalars(query.order_by(Coupon.valid_until))]
    return sorted(shown, key=lambda c: ("usable", "used", "expired").index(c["status"]))


def stock_of(session: Session, product: Product) -> dict[str, int]:
    """Pieces of every combination, in the catalogue's order."""
    rows = session.scalars(select(Stock).where(Stock.sku == product.sku))
    counted = {row.option: row.quantity for row in rows}
    return {option: counted.get(option, 0) for option in product.opening_stock}


def product_views(session: Session, products: Sequence[Product], url: str) -> list[dict[str, Any]]:
    """Shape `Product`; `url` is a pattern with `{sku}`."""
    return [views.product_view(p, stock_of(session, p), url=url.format(sku=p.sku)) for p in products]


def featured_shoppers(session: Session) -> list[dict[str, Any]]:
    rows = session.scalars(select(Shopper).where(Shopper.featured).order_by(Shopper.shopper_id))
    return [{"shopper_id": s.shopper_id, "name": s.name, "level": s.level, "phone_last4": s.phone[-4:]} for s in rows]
