"""Rules over orders that the fixtures do not make: several items, reductions, big sales."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from server.demo_shop import rules
from server.demo_shop.catalogue import Product
from server.demo_shop.errors import NotAllowed
from server.demo_shop.lifecycle import resume_order
from server.demo_shop.models import Aftersale, Order, OrderItem
from tests.demo_shop.conftest import NOW


def _order(*prices: int, paid_at: datetime = NOW, **more: object) -> Order:
    items = [
        OrderItem(sku=f"1000{n}", name="衣", category="clothing", option=f"黑色/{size}", quantity=1, price_fen=price)
        for n, (price, size) in enumerate(zip(prices, "SML", strict=False))
    ]
    values: dict[str, object] = {"status": "paid", "shipping_fee_fen": 0, "amount_fen": sum(prices), **more}
    return Order(order_id="20261121000001", items=items, aftersales=[], paid_at=paid_at, address_changes=0, **values)


def _reason(call: object) -> str:
    with pytest.raises(NotAllowed) as caught:
        call()  # type: ignore[operator]
    return caught.value.reason


@pytest.mark.parametrize(
    ("amount_fen", "sku", "with_shipping", "back_fen"),
    [(368_00, None, False, 360_00), (368_00, None, True, 368_00), (368_00, "10000", False, 90_00), (368_00, "10001", True, 270_00)],
)
def test_one_item_of_a_reduced_order_brings_back_its_share(amount_fen: int, sku: str | None, with_shipping: bool, back_fen: int) -> None:
    """400 yuan of goods, reduced by 40, and 8 yuan of shipping."""
    order = _order(100_00, 300_00, amount_fen=amount_fen, shipping_fee_fen=8_00)

    assert rules.refundable_fen(order, sku, with_shipping=with_shipping) == back_fen


def test_one_of_several_items_must_be_named() -> None:
    order = _order(100_00, 200_00)

    assert _reason(lambda: rules.item_for(order, sku=None, current=None)) == "which_item"
    assert rules.item_for(order, sku="10001", current=None).sku == "10001"
    assert rules.item_for(order, sku=None, current="S").sku == "10000"


def test_a_request_on_one_item_leaves_the_others_free() -> None:
    order = _order(100_00, 200_00, status="aftersale", delivered_at=NOW)
    first, second = (Aftersale(sku=sku, kind="return", status="requested", order_status_before="delivered") for sku in ("10000", "10001"))
    order.aftersales = [first]

    assert rules.check_return(order, "10001", "不喜欢", [], NOW).sku == "10001"
    for sku in ("10000", None):
        assert _reason(lambda sku=sku: rules.check_return(order, sku, "不喜欢", [], NOW)) == "already_requested"

    order.aftersales = [second, first]
    for request, status in ((first, "aftersale"), (second, "delivered")):
        request.status = "closed"
        resume_order(request, order)
        assert order.status == status


def test_a_change_before_shipping_needs_the_same_price() -> None:
    item = _order(100_00).items[0]
    dearer = Product(sku="10000", name="衣", category="clothing", price_fen=120_00, summary="")

    assert _reason(lambda: rules.check_price_equal(item, dearer)) == "price_differs"


@pytest.mark.parametrize(
    ("paid_at", "days", "allowed"),
    [
        ("2026-11-15T12:00:00+08:00", 15, True),
        ("2026-11-15T12:00:00+08:00", 16, False),
        ("2026-11-10T12:00:00+08:00", 30, True),
        ("2026-11-10T12:00:00+08:00", 31, False),
        ("2026-06-10T12:00:00+08:00", 30, True),
    ],
)
def test_the_price_is_protected_longer_in_the_big_sales(paid_at: str, days: int, allowed: bool) -> None:
    paid = datetime.fromisoformat(paid_at)
    order = _order(100_00, paid_at=paid)

    def ask() -> rules.Request:
        return rules.check_price_protection(order, {"10000": 90_00}, paid + timedelta(days=days))

    if allowed:
        assert ask().amount_fen == 10_00
    else:
        assert _reason(ask) == "price_protection_over"


@pytest.mark.parametrize(("hours", "price_fen", "allowed"), [(40, 39_90, True), (50, 39_90, False), (40, 60_00, False)])
def test_cheap_damaged_goods_are_refunded_without_return_when_reported_in_time(hours: int, price_fen: int, allowed: bool) -> None:
    order = _order(price_fen, status="delivered", delivered_at=NOW - timedelta(hours=hours))

    def ask() -> rules.Request:
        return rules.check_refund(order, None, "收到就碎了", [], NOW)

    if allowed:
        assert ask().amount_fen == price_fen
    else:
        assert _reason(ask) == "needs_return"


@pytest.mark.parametrize("kind", ["return", "exchange", "refund"])
def test_what_was_not_paid_or_is_closed_has_no_aftersale(kind: str) -> None:
    def ask(order: Order) -> object:
        if kind == "return":
            return rules.check_return(order, None, "不喜欢", [], NOW)
        if kind == "exchange":
            return rules.check_exchange(order, order.items[0], "不喜欢", None, NOW)
        return rules.check_refund(order, None, "不喜欢", [], NOW)

    assert _reason(lambda: ask(_order(100_00, status="unpaid"))) == "not_paid"
    assert _reason(lambda: ask(_order(100_00, status="closed"))) == "already_closed"
