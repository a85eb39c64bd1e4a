"""Tables of the demo shop. Money is whole fen, moments are aware and kept as seconds; what a shopper reads is made in views.py."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Dialect, ForeignKey, Integer, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from server.demo_shop.callers import SHOP_ZONE


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as whole seconds since 1970 so that it sorts and compares without a time zone."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, SHOP_ZONE)


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: Moment, list[dict[str, Any]]: JSON, dict[str, Any]: JSON}


class Meta(Base):
    """One row per key: who made this database, and with which version of tables and seed."""

    __tablename__ = "meta"
    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str]


class Shopper(Base):
    __tablename__ = "shopper"
    shopper_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str]
    phone: Mapped[str] = mapped_column(String(11))
    level: Mapped[str] = mapped_column(String(10))
    featured: Mapped[bool] = mapped_column(default=False)


class Order(Base):
    """`status` is what was last written; `lifecycle.advance` says what it is at a given moment."""

    __tablename__ = "shop_order"
    order_id: Mapped[str] = mapped_column(String(14), primary_key=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shopper.shopper_id"), index=True)
    status: Mapped[str] = mapped_column(String(10))
    amount_fen: Mapped[int]
    shipping_fee_fen: Mapped[int]
    payment_method: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    receiver: Mapped[str]
    phone: Mapped[str] = mapped_column(String(11))
    address: Mapped[str]
    address_changes: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(default="")

    items: Mapped[list[OrderItem]] = relationship(back_populates="order", lazy="selectin", order_by="OrderItem.id")
    aftersales: Mapped[list[Aftersale]] = relationship(back_populates="order", lazy="selectin", order_by="Aftersale.id.desc()")
    invoice: Mapped[Invoice | None] = relationship(back_populates="order", lazy="selectin")


class OrderItem(Base):
    """`name`, `category` and `price_fen` are those of the day of purchase."""

    __tablename__ = "order_item"
    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("shop_order.order_id"), index=True)
    sku: Mapped[str] = mapped_column(String(20))
    name: Mapped[str]
    category: Mapped[str] = mapped_column(String(20))
    option: Mapped[str] = mapped_column(String(40))
    quantity: Mapped[int]
    price_fen: Mapped[int]

    order: Mapped[Order] = relationship(back_populates="items", lazy="raise")


class Parcel(Base):
    """`scans` are oldest first: `{"time": ISO, "text": …, "city": …}`; `status` is what the courier last said."""

    __tablename__ = "parcel"
    tracking_no: Mapped[str] = mapped_column(String(20), primary_key=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("shop_order.order_id"), index=True)
    courier: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20))
    eta: Mapped[datetime | None]
    last_scan_at: Mapped[datetime | None]
    scans: Mapped[list[dict[str, Any]]]


class Aftersale(Base):
    """`order_status_before` is what the order returns to when this is withdrawn; None leaves the order's status alone."""

    __tablename__ = "aftersale"
    id: Mapped[int] = mapped_column(primary_key=True)
    aftersale_id: Mapped[str] = mapped_column(String(20), unique=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("shop_order.order_id"), index=True)
    sku: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20))
    fault: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    option: Mapped[str | None] = mapped_column(String(40))
    amount_fen: Mapped[int]
    order_status_before: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    pickup_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    refunding_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(back_populates="aftersales", lazy="raise")


class Invoice(Base):
    __tablename__ = "invoice"
    order_id: Mapped[str] = mapped_column(ForeignKey("shop_order.order_id"), primary_key=True)
    title: Mapped[str]
    tax_no: Mapped[str | None] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(10))
    number: Mapped[str | None] = mapped_column(String(20))
    requested_at: Mapped[datetime]
    issued_at: Mapped[datetime | None]
    changes: Mapped[int] = mapped_column(default=0)

    order: Mapped[Order] = relationship(back_populates="invoice", lazy="raise")


class Coupon(Base):
    __tablename__ = "coupon"
    coupon_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    shopper_id: Mapped[str] = mapped_column(ForeignKey("shopper.shopper_id"), index=True)
    title: Mapped[str]
    amount_fen: Mapped[int]
    threshold_fen: Mapped[int]
    valid_from: Mapped[datetime]
    valid_until: Mapped[datetime]
    used_order_id: Mapped[str | None] = mapped_column(String(14), index=True)


class Stock(Base):
    __tablename__ = "stock"
    sku: Mapped[str] = mapped_column(String(20), primary_key=True)
    option: Mapped[str] = mapped_column(String(40), primary_key=True)
    quantity: Mapped[int]


class Write(Base):
    """The stored outcome of a write under its shopper's idempotency key, in the same transaction as the write itself."""

    __tablename__ = "write"
    shopper_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[dict[str, Any]]


class Guess(Base):
    """One wrong guess of a phone's last digits; `subject` is `order:<number>` or `client:<hash>`."""

    __tablename__ = "guess"
    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[datetime]
