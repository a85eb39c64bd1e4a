"""What the shop allows. Pure functions over an order that was advanced to `now`: they change nothing and raise `NotAllowed`.

The numbers are the facts of the knowledge topics `order.*`, `return.*`, `refund.*`, `invoice.*` and `promo.price_protection`;
those that the assistant needs as well live in `bot/core`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.aftersales import DAMAGE_REPORT, GOODWILL_FEN, NO_RETURN_BELOW_FEN, days_allowed, fault_of, opened, shop_pays_freight
from bot.core.delivery import parcel_status, shipping_fee_fen
from bot.core.orders import INVOICE_CHANGE_DAYS, INVOICE_DAYS, is_clear_address, is_company_title, plain_tax_no, price_protection_days
from server.demo_shop.catalogue import Product
from server.demo_shop.errors import NotAllowed
from server.demo_shop.lifecycle import before_pickup, is_open
from server.demo_shop.models import Aftersale, Invoice, Order, OrderItem, Parcel
from server.demo_shop.pickups import window_named

_SENT = ("shipped", "delivered", "completed")
_RECEIVED = ("delivered", "completed")
_MOBILE = re.compile(r"1\d{10}")


@dataclass(frozen=True)
class Request:
    """An after-sale that may be opened. `sku` None means the whole order; `immediate` needs nobody's approval."""

    kind: str
    fault: str
    amount_fen: int
    sku: str | None = None
    option: str | None = None
    immediate: bool = False
    keeps_status: bool = False


def check_cancel(order: Order) -> None:
    """Only unshipped orders (fact order.cancel)."""
    _refuse_open_aftersale(order)
    _refuse_closed(order)
    if order.status in _SENT:
        raise NotAllowed("already_shipped")


def check_change(order: Order) -> None:
    """Anything of an order that can change until it is shipped."""
    _refuse_open_aftersale(order)
    _refuse_closed(order)
    if order.status in _SENT:
        raise NotAllowed("already_shipped")


def check_contact(order: Order, phone: str | None) -> None:
    """Who receives the parcel, until it is shipped."""
    check_change(order)
    if phone is not None and not _MOBILE.fullmatch(phone):
        raise NotAllowed("phone_unclear")


def check_address(order: Order, address: str) -> None:
    """Once, before shipping (fact order.modify_address), and only where delivery costs the same."""
    check_change(order)
    if order.address_changes >= 1:
        raise NotAllowed("address_changed_once")
    if not is_clear_address(address):
        raise NotAllowed("address_unclear")
    goods = sum(item.price_fen * item.quantity for item in order.items)
    if shipping_fee_fen(goods, address) > order.shipping_fee_fen:
        raise NotAllowed("fee_differs")


def item_for(order: Order, *, sku: str | None, current: str | None) -> OrderItem:
    """The one item meant; raises `which_item` when several could be."""
    items = [i for i in order.items if sku in (None, i.sku)]
    if current and len(items) > 1:
        items = [i for i in items if current in i.option] or items
    if len(items) != 1:
        raise NotAllowed("which_item")
    return items[0]


def new_option(item: OrderItem, product: Product | None, wanted: str, stock: dict[str, int]) -> str:
    """The option an item can change to: of the same product at the same price, in stock (fact order.modify_item)."""
    found = product.find_option(item.option, wanted) if product else None
    if found is None:
        known = "；".join(f"{name}：{'、'.join(values)}" for name, values in (product.options if product else {}).items())
        raise NotAllowed("unknown_option", f"这件商品没有“{wanted}”这个规格。可选的有 {known}。" if known else None)
    if found == item.option:
        raise NotAllowed("same_option")
    if stock.get(found, 0) < item.quantity:
        raise NotAllowed("out_of_stock", f"{found} 暂时没有库存。")
    return found


def check_price_equal(item: OrderItem, product: Product) -> None:
    """A change before shipping needs the same price today (fact order.modify_item)."""
    if item.price_fen != product.price_fen:
        raise NotAllowed("price_differs")


def check_return(order: Order, item_sku: str | None, reason: str, products: Sequence[Product], now: datetime) -> Request:
    """Send goods back for money."""
    fault = _fault(reason)
    _check_received(order, item_sku)
    _check_window(order, "return", fault, now)
    _check_returnable(fault, reason, products)
    return Request("return", fault, refundable_fen(order, item_sku, with_shipping=shop_pays_freight(fault)), sku=item_sku)


def check_exchange(order: Order, item: OrderItem, reason: str, product: Product | None, now: datetime) -> Request:
    """Swap for a new piece of the same; the caller puts in another option that `new_option` found."""
    fault = _fault(reason)
    _check_received(order, item.sku)
    _check_window(order, "exchange", fault, now)
    if product is not None:
        _check_returnable(fault, reason, [product])
    return Request("exchange", fault, 0, sku=item.sku, option=item.option)


def check_refund(order: Order, item_sku: str | None, reason: str, parcels: Sequence[Parcel], now: datetime) -> Request:
    """Money without goods (fact refund.only): not shipped, lost, or damaged and cheap."""
    fault = fault_of(reason)
    _check_requestable(order, item_sku)
    if order.status == "paid":
        return Request("refund", fault, order.amount_fen, immediate=True)
    if _lost(parcels, now):
        return Request("refund", "not_received", order.amount_fen)
    if order.status == "shipped":
        raise NotAllowed("not_delivered")
    goods = refundable_fen(order, item_sku, with_shipping=False)
    if fault == "damaged" and goods < NO_RETURN_BELOW_FEN and order.delivered_at and now <= order.delivered_at + DAMAGE_REPORT:
        return Request("refund", fault, refundable_fen(order, item_sku, with_shipping=True), sku=item_sku)
    raise NotAllowed("needs_return")


def check_price_protection(order: Order, current_fen: dict[str, int], now: datetime) -> Request:
    """The difference to today's price, within 15 days of payment, 30 in the big sales (fact promo.price_protection)."""
    if order.paid_at is None:
        raise NotAllowed("not_paid")
    if order.status == "closed":
        raise NotAllowed("already_closed")
    if any(a.fault == "price_drop" and a.status != "closed" for a in order.aftersales):
        raise NotAllowed("price_protection_used")
    if now > order.paid_at + timedelta(days=price_protection_days(order.paid_at)):
        raise NotAllowed("price_protection_over")
    difference = sum(max(i.price_fen - current_fen.get(i.sku, i.price_fen), 0) * i.quantity for i in order.items)
    if difference <= 0:
        raise NotAllowed("price_not_lower")
    return Request("refund", "price_drop", difference, immediate=True, keeps_status=True)


def check_compensation(order: Order, amount_fen: int) -> None:
    """Goodwill of the assistant itself: up to 10 yuan (fact service.compensation), for an order that was paid."""
    if order.paid_at is None:
        raise NotAllowed("not_paid")
    if amount_fen > GOODWILL_FEN:
        raise NotAllowed("beyond_authority")


def refundable_fen(order: Order, item_sku: str | None, *, with_shipping: bool) -> int:
    """What comes back for one item or for all: its share of what was paid, so that reductions are deducted proportionally
    (fact return.partial); the shipping fee only where the shop pays it (fact refund.shipping_fee)."""
    paid = order.amount_fen - order.shipping_fee_fen
    listed = sum(i.price_fen * i.quantity for i in order.items)
    meant = sum(i.price_fen * i.quantity for i in order.items if item_sku in (None, i.sku))
    share = paid if meant == listed else paid * meant // listed
    return share + (order.shipping_fee_fen if with_shipping and meant == listed else 0)


def check_withdraw(aftersale: Aftersale, order: Order) -> None:
    """A request can be withdrawn until the goods are on their way, a refund without goods until the money has arrived."""
    if aftersale.status == "refunded":
        raise NotAllowed("already_refunded")
    if not is_open(aftersale):
        raise NotAllowed("aftersale_ended")
    if order.status == "closed":
        raise NotAllowed("order_cancelled")
    if aftersale.sent_at is not None or aftersale.status == "returned":
        raise NotAllowed("already_sent_back")


def check_pickup(aftersale: Aftersale, slot: str, now: datetime) -> datetime:
    """When the window begins that is booked (fact return.pickup); until the goods are on their way it can be another one."""
    if aftersale.sent_at is not None or aftersale.status == "returned":
        raise NotAllowed("already_sent_back")
    if not is_open(aftersale):
        raise NotAllowed("aftersale_ended")
    if not before_pickup(aftersale):
        raise NotAllowed("nothing_to_pick_up")
    start = window_named(slot, now)
    if start is None:
        raise NotAllowed("slot_gone")
    return start


def check_invoice(order: Order, title: str, tax_no: str | None, kind: str, now: datetime) -> None:
    """Up to a year after completion (fact order.invoice_with_order); a company needs its tax number (fact invoice.company)."""
    if order.status == "unpaid":
        raise NotAllowed("not_paid")
    _refuse_closed(order)
    if tax_no is None and (kind == "special" or is_company_title(title)):
        raise NotAllowed("tax_no_missing")
    if order.completed_at and now > order.completed_at + timedelta(days=INVOICE_DAYS):
        raise NotAllowed("invoice_window_over")


def tax_number(said: str | None) -> str | None:
    """A tax number in its plain form; raises `tax_no_unclear` when it cannot be one."""
    if said is None:
        return None
    plain = plain_tax_no(said)
    if plain is None:
        raise NotAllowed("tax_no_unclear")
    return plain


def check_invoice_change(invoice: Invoice, now: datetime) -> None:
    """The title changes once within 30 days (fact invoice.change); before issue it is still only a request."""
    if invoice.changes >= 1:
        raise NotAllowed("invoice_changed_once")
    if invoice.issued_at and now > invoice.issued_at + timedelta(days=INVOICE_CHANGE_DAYS):
        raise NotAllowed("invoice_change_over")


def _fault(reason: str) -> str:
    """A price drop is no ground for sending goods back."""
    fault = fault_of(reason)
    return "none" if fault == "price_drop" else fault


def _refuse_closed(order: Order) -> None:
    if order.status == "closed":
        raise NotAllowed("already_closed")


def _refuse_open_aftersale(order: Order, sku: str | None = None) -> None:
    """One request at a time for an item; `sku` None and a request without one are for the whole order."""
    if any(is_open(a) and a.order_status_before is not None and (sku is None or a.sku in (None, sku)) for a in order.aftersales):
        raise NotAllowed("already_requested")


def _check_requestable(order: Order, sku: str | None) -> None:
    _refuse_open_aftersale(order, sku)
    _refuse_closed(order)
    if order.status == "unpaid":
        raise NotAllowed("not_paid")


def _check_received(order: Order, sku: str | None) -> None:
    _check_requestable(order, sku)
    if order.status == "paid":
        raise NotAllowed("not_shipped")
    if order.status not in (*_RECEIVED, "aftersale") or order.delivered_at is None:
        raise NotAllowed("not_delivered")
    lapsed = sum(1 for a in order.aftersales if a.status == "closed" and a.approved_at and a.sent_at is None and _lapsed(a))
    if lapsed >= 2:
        raise NotAllowed("reopened_once")


def _lapsed(aftersale: Aftersale) -> bool:
    """Closed by its deadline, not withdrawn (fact return.deadline)."""
    return (
        aftersale.finished_at is not None
        and aftersale.approved_at is not None
        and (aftersale.finished_at >= aftersale.approved_at + timedelta(days=7))
    )


def _check_window(order: Order, kind: str, fault: str, now: datetime) -> None:
    assert order.delivered_at is not None
    days = days_allowed(kind, fault)
    if now.date() > order.delivered_at.date() + timedelta(days=days):
        name = "换货" if kind == "exchange" else "退货"
        raise NotAllowed(f"{kind}_window_over", f"已经超过签收后 {days} 天的{name}时间，不能再申请{name}。")


def _check_returnable(fault: str, reason: str, products: Sequence[Product]) -> None:
    if shop_pays_freight(fault):
        return
    for product in products:
        restricted = not product.returnable or (product.return_note and opened(reason))
        if restricted and product.return_note:
            raise NotAllowed("not_returnable", f"{product.return_note}。如果有质量问题、破损或发错，请说明情况，我们来处理。")


def _lost(parcels: Sequence[Parcel], now: datetime) -> bool:
    return bool(parcels) and all(parcel_status(p.status, p.last_scan_at, now) == "lost" for p in parcels)
