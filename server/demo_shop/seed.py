"""Fills an empty database: many shoppers with orders in every state, relative to the moment of the first start."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from bot.core.aftersales import NO_RETURN_BELOW_FEN
from server.demo_shop import numbers, people
from server.demo_shop.catalogue import Catalogue
from server.demo_shop.lifecycle import advance
from server.demo_shop.models import Base, Coupon, Invoice, Meta, Order, Shopper, Stock
from server.demo_shop.orders_built import Line, OrderMaker
from server.demo_shop.seed_lives import SCENARIOS, Claim, Scenario, ago_from, claim_rows

_VERSION = "2"
_SEED = 20260901
_FEATURED = (("林小满", "ordinary"), ("陈雨桐", "silver"), ("王建国", "gold"), ("周若曦", "diamond"), ("Emma Wilson", "ordinary"))
_OTHERS = 45
_LEVELS = ("ordinary",) * 5 + ("silver",) * 3 + ("gold", "diamond")
_METHODS = ("alipay", "alipay", "wechat", "wechat", "huabei", "card")
_NOTES = ("", "", "", "", "周末送货", "请放门口", "送人的，麻烦包装好一点")
_COMPANIES = (("杭州云上科技有限公司", "91330106MA2B1C3D4E"), ("上海浦江贸易有限公司", "91310115MA1K4X7T2Q"))
_COUPONS = (
    ("满99减20新人券", 20_00, 99_00, 7),
    ("满200减30生日券", 30_00, 200_00, 15),
    ("满300减40店铺券", 40_00, 300_00, 30),
    ("延迟发货补偿券", 8_00, 0, 30),
)
"""Title, value, threshold, days of validity."""


def prepare(session: Session, catalogue: Catalogue, now: datetime) -> None:
    """Make and fill the tables unless that was done before; a database of an older version is made anew.

    Raises ValueError for a database with tables that are not the demo shop's.
    """
    connection = session.connection()
    present = set(inspect(connection).get_table_names())
    if present and "meta" not in present:
        raise ValueError(f"this database was not made by the demo shop; it holds {', '.join(sorted(present)[:5])}")
    made = session.get(Meta, "demo_shop") if present else None
    if made is not None and made.value == _VERSION:
        return
    session.expunge_all()
    Base.metadata.drop_all(connection)
    Base.metadata.create_all(connection)
    session.add(Meta(key="demo_shop", value=_VERSION))
    session.add_all(Stock(sku=p.sku, option=option, quantity=quantity) for p in catalogue for option, quantity in p.opening_stock.items())
    _Seed(session, catalogue, now).fill()


class _Seed:
    def __init__(self, session: Session, catalogue: Catalogue, now: datetime) -> None:
        self._session, self._catalogue, self._now = session, catalogue, now
        self._rng = random.Random(_SEED)
        self._maker = OrderMaker(catalogue, self._rng, near=False)
        self._ago = ago_from(now, self._rng)
        self._numbers: set[str] = set()
        self._paid: dict[str, list[str]] = {}

    def fill(self) -> None:
        shoppers = list(self._shoppers())
        self._session.add_all(shoppers)
        self._session.flush()
        for shopper, scenario in self._plan(shoppers):
            self._order(shopper, scenario)
        for shopper in shoppers:
            self._coupons(shopper)

    def _shoppers(self) -> Iterator[Shopper]:
        for place, (name, level) in enumerate(_FEATURED, 1):
            yield people.shopper(f"s_demo{place}", level, self._rng, name=name, featured=True)
        for place in range(1, _OTHERS + 1):
            yield people.shopper(f"s_{place:04d}", _LEVELS[place % len(_LEVELS)], self._rng)

    def _plan(self, shoppers: list[Shopper]) -> Iterator[tuple[Shopper, Scenario]]:
        """Featured shoppers meet every state between them, several each; the others draw by weight."""
        featured, others = shoppers[: len(_FEATURED)], shoppers[len(_FEATURED) :]
        for place, scenario in enumerate(SCENARIOS):
            yield featured[place % len(featured)], scenario
            yield others[place % len(others)], scenario
        common = [s for s in SCENARIOS if s.name in ("paid", "in_transit", "delivered", "confirmed")]
        for shopper in featured:
            yield from ((shopper, scenario) for scenario in common)
        for drawn in self._rng.choices(SCENARIOS, weights=[s.weight for s in SCENARIOS], k=270):
            yield self._rng.choice(others), drawn

    def _order(self, shopper: Shopper, scenario: Scenario) -> None:
        life = scenario.life(self._ago)
        method = "card" if scenario.name.endswith("refunding") else self._rng.choice(_METHODS)
        lines = self._lines(scenario.claim)
        note = self._rng.choice(_NOTES)
        order, parcel = self._maker.make(shopper, lines, life, method=method, reduction_fen=self._reduction(lines), note=note)
        if order.order_id in self._numbers:
            return self._order(shopper, scenario)
        self._numbers.add(order.order_id)
        if order.paid_at is not None:
            self._paid.setdefault(shopper.shopper_id, []).append(order.order_id)
        if scenario.claim is not None:
            order.aftersales.append(claim_rows(scenario.claim, order, self._aftersale_id(order), self._now))
        self._invoice(order)
        self._session.add(advance(order, self._now))
        self._session.flush()
        if parcel is not None:
            self._session.add(parcel)

    def _lines(self, claim: Claim | None) -> list[Line]:
        """Goods that the claim, if there is one, may be about."""
        fitting = [p for p in self._catalogue if p.return_note is None] if claim else list(self._catalogue)
        if claim and claim.fault == "damaged":
            fitting = [p for p in fitting if p.price_fen < NO_RETURN_BELOW_FEN]
        products = self._rng.sample(fitting, k=1 if claim else self._rng.choice((1, 1, 1, 1, 2, 3)))
        extra = 0 if claim else self._rng.choice((0, 0, 0, 5_00, 10_00))
        return [Line(p.sku, self._rng.choice(list(p.opening_stock)), extra_fen=extra) for p in products]

    def _reduction(self, lines: list[Line]) -> int:
        """每满300减40 (fact promo.full_reduction), taken part in by every third order."""
        goods = sum(self._catalogue[line.sku].price_fen + line.extra_fen for line in lines)
        return goods // 300_00 * 40_00 if self._rng.random() < 1 / 3 else 0

    def _aftersale_id(self, order: Order) -> str:
        while (made := numbers.aftersale_id(order.created_at, self._rng)) in self._numbers:
            pass
        self._numbers.add(made)
        return made

    def _invoice(self, order: Order) -> None:
        """Every fourth order that was paid; issued when its time has come."""
        if order.paid_at is None or order.status == "closed" or self._rng.random() > 0.25:
            return
        company = self._rng.choice((None, None, *_COMPANIES))
        title, tax_no = company or ("个人", None)
        order.invoice = Invoice(title=title, tax_no=tax_no, kind="ordinary", requested_at=order.paid_at, changes=0)

    def _coupons(self, shopper: Shopper) -> None:
        used_in = self._paid.get(shopper.shopper_id, [])
        for title, amount, threshold, days in self._rng.sample(_COUPONS, k=self._rng.choice((1, 2, 3))):
            start = self._now - timedelta(days=self._rng.uniform(0, 1.5 * days))
            coupon_id = f"C{self._rng.randrange(10**8):08d}"
            used = self._rng.choice(used_in) if used_in and self._rng.random() < 0.2 else None
            self._session.add(
                Coupon(
                    coupon_id=coupon_id,
                    shopper_id=shopper.shopper_id,
                    title=title,
                    amount_fen=amount,
                    threshold_fen=threshold,
                    valid_from=start,
                    valid_until=start + timedelta(days=days),
                    used_order_id=used,
                )
            )
