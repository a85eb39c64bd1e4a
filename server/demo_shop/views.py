"""Rows as the shapes of docs/shop-api.yaml. Money is text in yuan with two decimals, moments are ISO 8601 with the zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.core.aftersales import AFTERSALE_STATUS_TEXT, CHECK, SEND_BACK, refund_due
from bot.core.delivery import PARCEL_TEXT, parcel_status, promised_ship_by
from bot.core.orders import AFTERSALE_TEXT, mask_address, mask_name, mask_phone
from server.demo_shop.catalogue import Catalogue, Product
from server.demo_shop.lifecycle import approval_due, before_pickup
from server.demo_shop.models import Aftersale, Coupon, Invoice, Order, OrderItem, Parcel
from server.demo_shop.pickups import free_windows, window_text

Step = tuple[str, datetime | None]
_METHODS = {"alipay": "支付宝", "wechat": "微信支付", "huabei": "花呗", "card": "银行卡"}


def yuan(fen: int) -> str:
    """19900 → 199.00"""
    return f"{fen // 100}.{fen % 100:02d}"


def iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="seconds")


def words(moment: datetime) -> str:
    """11月21日 14:00"""
    return f"{moment.month}月{moment.day}日 {moment:%H:%M}"


def order_view(order: Order, catalogue: Catalogue) -> dict[str, Any]:
    """Shape `Order`. The row must have been advanced to the moment it is shown at."""
    return {
        "order_id": order.order_id,
        "status": order.status,
        "amount": yuan(order.amount_fen),
        "shipping_fee": yuan(order.shipping_fee_fen),
        "payment_method": order.payment_method if order.paid_at else None,
        "payment_method_text": _METHODS[order.payment_method] if order.paid_at else None,
        "created_at": iso(order.created_at),
        "paid_at": iso(order.paid_at),
        "promised_ship_by": iso(promised_ship_by(order.paid_at)) if order.paid_at else None,
        "shipped_at": iso(order.shipped_at),
        "delivered_at": iso(order.delivered_at),
        "completed_at": iso(order.completed_at),
        "receiver_masked": mask_name(order.receiver),
        "phone_masked": mask_phone(order.phone),
        "address_masked": mask_address(order.address),
        "address_changes": order.address_changes,
        "note": order.note,
        "items": [_item_view(item, catalogue.get(item.sku)) for item in order.items],
        "aftersales": [_brief(a) for a in order.aftersales],
        "invoice": _invoice_view(order.invoice, order) if order.invoice else None,
    }


def _item_view(item: OrderItem, product: Product | None) -> dict[str, Any]:
    """A product that is no longer sold keeps the price of the day."""
    return {
        "sku": item.sku,
        "name": item.name,
        "aliases": [*product.aliases, *product.english] if product else [],
        "category": item.category,
        "option": item.option,
        "quantity": item.quantity,
        "price": yuan(item.price_fen),
        "current_price": yuan(product.price_fen if product else item.price_fen),
        "returnable": product.returnable if product else True,
        "return_note": product.return_note if product else None,
        "image": None,
    }


def _brief(aftersale: Aftersale) -> dict[str, Any]:
    return {
        "aftersale_id": aftersale.aftersale_id,
        "sku": aftersale.sku,
        "kind": aftersale.kind,
        "status": aftersale.status,
        "status_text": AFTERSALE_STATUS_TEXT[aftersale.status],
        "amount": yuan(aftersale.amount_fen),
        "created_at": iso(aftersale.created_at),
    }


def _invoice_view(invoice: Invoice, order: Order) -> dict[str, Any]:
    issue_by = None if order.completed_at is None else max(order.completed_at, invoice.requested_at) + timedelta(hours=24)
    return {
        "title": invoice.title,
        "tax_no": invoice.tax_no,
        "kind": invoice.kind,
        "status": "issued" if invoice.issued_at else "requested",
        "number": invoice.number,
        "requested_at": iso(invoice.requested_at),
        "issue_by": iso(issue_by),
        "issued_at": iso(invoice.issued_at),
        "changes": invoice.changes,
    }


def parcel_view(parcel: Parcel, now: datetime) -> dict[str, Any]:
    """Shape `Parcel`: scans newest first, silence turned into `stuck` and `lost`."""
    status = parcel_status(parcel.status, parcel.last_scan_at, now)
    return {
        "tracking_no": parcel.tracking_no,
        "courier": parcel.courier,
        "status": status,
        "status_text": PARCEL_TEXT[status],
        "eta": None if parcel.eta is None or status in ("delivered", "stuck", "lost") else parcel.eta.date().isoformat(),
        "scans": list(reversed(parcel.scans)),
    }


def aftersale_view(aftersale: Aftersale, order: Order, now: datetime) -> dict[str, Any]:
    """Shape `Aftersale`."""
    deadline = _deadline(aftersale, order)
    slots = [window_text(start) for start in free_windows(now)] if before_pickup(aftersale) else []
    booked = window_text(aftersale.pickup_at) if aftersale.pickup_at else None
    return {
        **_brief(aftersale),
        "order_id": aftersale.order_id,
        "kind_text": AFTERSALE_TEXT[aftersale.kind],
        "reason": aftersale.reason,
        "option": aftersale.option,
        "deadline": iso(deadline),
        "pickup": {"slots": slots, "booked": booked},
        "steps": _steps(aftersale, deadline),
    }


def _deadline(aftersale: Aftersale, order: Order) -> datetime | None:
    """Until when the next step happens: ours, or the shopper's for sending back."""
    if aftersale.status == "requested":
        return approval_due(aftersale.created_at)
    if aftersale.status in ("approved", "pickup_scheduled") and aftersale.approved_at:
        return aftersale.approved_at + SEND_BACK
    if aftersale.status == "returned" and aftersale.received_at:
        return aftersale.received_at + CHECK
    if aftersale.status == "refunding" and aftersale.refunding_at:
        return refund_due(order.payment_method, aftersale.refunding_at)
    return None


def _steps(aftersale: Aftersale, deadline: datetime | None) -> list[dict[str, Any]]:
    """The way of a request in order; the first step to come names its deadline."""
    asked: Step = ("提交申请", aftersale.created_at)
    if aftersale.status == "rejected":
        steps = [asked, ("审核未通过", aftersale.finished_at)]
    elif aftersale.status == "closed":
        done = [step for step in _later_steps(aftersale)[:-1] if step[1] is not None]
        steps = [asked, *done, ("申请已关闭", aftersale.finished_at)]
    else:
        steps = [asked, *_later_steps(aftersale)]
    shown = [_step(text, time) for text, time in steps]
    coming = next((s for s in shown if not s["done"]), None)
    if coming and deadline:
        coming["text"] += f"（预计 {words(deadline)} 前）"
    return shown


def _later_steps(aftersale: Aftersale) -> list[Step]:
    approved: Step = ("审核通过", aftersale.approved_at)
    last: Step = (_last_text(aftersale.kind), aftersale.finished_at)
    if aftersale.kind == "refund":
        return [approved, ("退款处理中", aftersale.refunding_at), last]
    by_courier = f"快递上门取件（{window_text(aftersale.pickup_at)}）" if aftersale.pickup_at else "寄回商品"
    sent: Step = (by_courier, aftersale.sent_at)
    received: Step = ("商家签收验货", aftersale.received_at)
    paying: list[Step] = [] if aftersale.kind == "exchange" else [("退款处理中", aftersale.refunding_at)]
    return [approved, sent, received, *paying, last]


def _last_text(kind: str) -> str:
    return "新商品发出" if kind == "exchange" else "退款到账"


def _step(text: str, time: datetime | None) -> dict[str, Any]:
    return {"text": text, "time": iso(time), "done": time is not None}


def coupon_view(coupon: Coupon, now: datetime) -> dict[str, Any]:
    status = "used" if coupon.used_order_id else "expired" if coupon.valid_until < now else "usable"
    return {
        "coupon_id": coupon.coupon_id,
        "title": coupon.title,
        "amount": yuan(coupon.amount_fen),
        "threshold": yuan(coupon.threshold_fen),
        "status": status,
        "valid_from": iso(coupon.valid_from),
        "valid_until": iso(coupon.valid_until),
    }


def product_view(product: Product, stock: dict[str, int], *, url: str) -> dict[str, Any]:
    """Shape `Product`; `stock` counts every combination of options."""
    return {
        "sku": product.sku,
        "name": product.name,
        "aliases": list(product.aliases),
        "category": product.category,
        "price": yuan(product.price_fen),
        "summary": product.summary,
        "attributes": dict(product.attributes),
        "options": {name: list(values) for name, values in product.options.items()},
        "stock": [{"option": option, "quantity": quantity} for option, quantity in stock.items()],
        "stock_text": _stock_text(stock),
        "size_table": dict(product.size_table) if product.size_table else None,
        "care": product.care,
        "suits": list(product.suits),
        "returnable": product.returnable,
        "return_note": product.return_note,
        "url": url,
    }


def _stock_text(stock: dict[str, int]) -> str:
    empty = [option for option, quantity in stock.items() if quantity <= 0]
    if not empty:
        return "有货"
    return "暂时缺货" if len(empty) == len(stock) else f"有货（{'、'.join(empty)} 缺货）"
