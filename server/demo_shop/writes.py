"""Everything that changes an order, as functions over a session inside a write transaction. A rule is asked before any change."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select, update

from bot.core.aftersales import fault_of
from server.demo_shop import numbers, rules, views
from server.demo_shop.errors import NotAllowed
from server.demo_shop.lifecycle import is_open, resume_order
from server.demo_shop.models import Aftersale, Coupon, Invoice, Order, OrderItem, Parcel, Stock
from server.demo_shop.reads import Desk, own_aftersale, own_order, stock_of


def cancel_order(desk: Desk, order_id: str, *, reason: str | None) -> dict[str, Any]:
    """Unpaid: closed. Paid: closed, and the money starts on its way back at once."""
    order = own_order(desk, order_id)
    rules.check_cancel(order)
    if order.status == "paid":
        request = rules.Request("refund", "none", order.amount_fen, immediate=True)
        _open(desk, order, request, reason or "取消订单")
    _put_back(desk, order)
    order.status = "closed"
    desk.session.flush()
    return desk.view(order)


def change_address(desk: Desk, order_id: str, *, address: str | None, receiver: str | None, phone: str | None) -> dict[str, Any]:
    """`address` None: only who receives the parcel, which is no change of the address."""
    order = own_order(desk, order_id)
    rules.check_contact(order, phone)
    if address is not None or not (receiver or phone):
        rules.check_address(order, address or "")
        order.address, order.address_changes = address or "", order.address_changes + 1
    order.receiver, order.phone = receiver or order.receiver, phone or order.phone
    return desk.view(order)


def change_option(desk: Desk, order_id: str, *, to: str, current: str | None, sku: str | None) -> dict[str, Any]:
    order = own_order(desk, order_id)
    rules.check_change(order)
    item = rules.item_for(order, sku=sku, current=current)
    option = _free_option(desk, item, to)
    rules.check_price_equal(item, desk.catalogue[item.sku])
    _move_stock(desk, item.sku, item.option, item.quantity)
    _move_stock(desk, item.sku, option, -item.quantity)
    item.option = option
    return desk.view(order)


def change_note(desk: Desk, order_id: str, *, note: str) -> dict[str, Any]:
    """Until shipping (fact order.note)."""
    order = own_order(desk, order_id)
    rules.check_change(order)
    order.note = note
    return desk.view(order)


def request_invoice(desk: Desk, order_id: str, *, title: str, tax_no: str | None, kind: str) -> dict[str, Any]:
    """A first request, a resend (the same title again) or the one change of the title."""
    order = own_order(desk, order_id)
    tax_no = rules.tax_number(tax_no)
    rules.check_invoice(order, title, tax_no, kind, desk.now)
    present = order.invoice
    if present is None:
        order.invoice = Invoice(title=title, tax_no=tax_no, kind=kind, requested_at=desk.now, changes=0)
    elif (present.title, present.tax_no, present.kind) != (title, tax_no, kind):
        rules.check_invoice_change(present, desk.now)
        present.title, present.tax_no, present.kind, present.changes = title, tax_no, kind, present.changes + 1
        present.requested_at, present.issued_at, present.number = desk.now, None, None
    return desk.view(order)


def open_aftersale(desk: Desk, *, order_id: str, kind: str, reason: str, option: str | None, sku: str | None) -> dict[str, Any]:
    order = own_order(desk, order_id)
    request = _checked_request(desk, order, kind=kind, reason=reason, option=option, sku=sku)
    aftersale = _open(desk, order, request, reason)
    if not request.keeps_status:
        order.status = "aftersale"
    desk.session.flush()
    return views.aftersale_view(aftersale, order, desk.now)


def compensate(desk: Desk, order_id: str, *, amount: str, reason: str) -> dict[str, Any]:
    """A coupon without a threshold for 30 days, once an order; its number is made of the order's."""
    order = own_order(desk, order_id)
    rules.check_compensation(order, round(Decimal(amount) * 100))
    coupon_id = f"K{order_id}"
    if desk.session.get(Coupon, coupon_id) is not None:
        raise NotAllowed("already_compensated")
    coupon = Coupon(
        coupon_id=coupon_id,
        shopper_id=order.shopper_id,
        title=f"{amount} 元补偿券",
        amount_fen=round(Decimal(amount) * 100),
        threshold_fen=0,
        valid_from=desk.now,
        valid_until=desk.now + timedelta(days=30),
        used_order_id=None,
    )
    desk.session.add(coupon)
    return views.coupon_view(coupon, desk.now)


def book_pickup(desk: Desk, aftersale_id: str, *, slot: str) -> dict[str, Any]:
    """A courier comes to the door; booking again is another time."""
    aftersale, order = own_aftersale(desk, aftersale_id)
    aftersale.pickup_at = rules.check_pickup(aftersale, slot, desk.now)
    if aftersale.status == "approved":
        aftersale.status = "pickup_scheduled"
    return views.aftersale_view(aftersale, order, desk.now)


def cancel_aftersale(desk: Desk, aftersale_id: str) -> dict[str, Any]:
    """The order goes on where it was."""
    aftersale, order = own_aftersale(desk, aftersale_id)
    rules.check_withdraw(aftersale, order)
    aftersale.status, aftersale.finished_at = "closed", desk.now
    resume_order(aftersale, order)
    return views.aftersale_view(aftersale, order, desk.now)


def _checked_request(desk: Desk, order: Order, *, kind: str, reason: str, option: str | None, sku: str | None) -> rules.Request:
    if kind == "exchange":
        item = rules.item_for(order, sku=sku, current=None)
        request = rules.check_exchange(order, item, reason, desk.catalogue.get(item.sku), desk.now)
        return replace(request, option=_free_option(desk, item, option)) if option else request
    item_sku = _partial(order, sku)
    if kind == "return":
        sold = [product for item in order.items if sku in (None, item.sku) and (product := desk.catalogue.get(item.sku))]
        return rules.check_return(order, item_sku, reason, sold, desk.now)
    if fault_of(reason) == "price_drop":
        current = {p.sku: p.price_fen for item in order.items if (p := desk.catalogue.get(item.sku))}
        return rules.check_price_protection(order, current, desk.now)
    return rules.check_refund(order, item_sku, reason, _parcels(desk, order.order_id), desk.now)


def _partial(order: Order, sku: str | None) -> str | None:
    """None when the whole order is meant, also by naming its only item."""
    if sku is None:
        return None
    if all(item.sku != sku for item in order.items):
        raise NotAllowed("which_item")
    return sku if len(order.items) > 1 else None


def _parcels(desk: Desk, order_id: str) -> list[Parcel]:
    return list(desk.session.scalars(select(Parcel).where(Parcel.order_id == order_id)))


def _open(desk: Desk, order: Order, request: rules.Request, reason: str) -> Aftersale:
    started = desk.now if request.immediate else None
    aftersale = Aftersale(
        aftersale_id=_fresh_id(desk),
        sku=request.sku,
        kind=request.kind,
        status="refunding" if request.immediate else "requested",
        fault=request.fault,
        reason=reason,
        option=request.option,
        amount_fen=request.amount_fen,
        order_status_before=None if request.keeps_status else _status_without_requests(order),
        created_at=desk.now,
        approved_at=started,
        refunding_at=started,
    )
    order.aftersales.insert(0, aftersale)
    desk.session.flush()
    return aftersale


def _status_without_requests(order: Order) -> str:
    before = (a.order_status_before for a in order.aftersales if is_open(a) and a.order_status_before is not None)
    return next(before, order.status)


def _fresh_id(desk: Desk) -> str:
    rng = random.SystemRandom()
    while True:
        candidate = numbers.aftersale_id(desk.now, rng)
        if desk.session.scalar(select(Aftersale.id).where(Aftersale.aftersale_id == candidate)) is None:
            return candidate


def _free_option(desk: Desk, item: OrderItem, wanted: str) -> str:
    product = desk.catalogue.get(item.sku)
    return rules.new_option(item, product, wanted, stock_of(desk.session, product) if product else {})


def _put_back(desk: Desk, order: Order) -> None:
    """Goods of a cancelled order are for sale again, a coupon that is still valid can be used again (fact promo.coupon_refund)."""
    for item in order.items:
        _move_stock(desk, item.sku, item.option, item.quantity)
    restored = update(Coupon).where(Coupon.used_order_id == order.order_id, Coupon.valid_until > desk.now)
    desk.session.execute(restored.values(used_order_id=None))


def _move_stock(desk: Desk, sku: str, option: str, quantity: int) -> None:
    where = (Stock.sku == sku, Stock.option == option)
    desk.session.execute(update(Stock).where(*where).values(quantity=Stock.quantity + quantity))
