"""The demo shop as one object: every operation of docs/shop-api.yaml, and what the storefront and the fixtures need besides."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from bot.core.errors import NotFound
from server.demo_shop import catalogue as catalogue_file
from server.demo_shop import reads, seed, writes
from server.demo_shop.callers import SHOP_ZONE, Caller
from server.demo_shop.catalogue import Catalogue
from server.demo_shop.database import Database
from server.demo_shop.fixtures import FixtureMaker, parse_options
from server.demo_shop.guesses import found
from server.demo_shop.idempotency import Outcome, fingerprint, once, stored_outcome
from server.demo_shop.reads import Desk

T = TypeVar("T")


class DemoShop:
    """Open it with `start`, which makes and fills an empty database, and close it with `close`.

    `product_url` is a pattern with `{sku}`, the page of a product for shoppers.
    """

    def __init__(
        self,
        url: str = "sqlite:///var/demo_shop.db",
        *,
        catalogue_path: Path = catalogue_file.DEFAULT_PATH,
        product_url: str = "/store/#sku:{sku}",
    ) -> None:
        self._database = Database(url)
        self._catalogue_path, self._product_url = catalogue_path, product_url
        self._catalogue = Catalogue([])

    async def start(self, now: datetime | None = None) -> None:
        """Load the catalogue and, on an empty database, write the demo data as of `now` (default: the real time).

        Raises ValueError for a database that the demo shop did not make.
        """
        self._catalogue = await asyncio.to_thread(catalogue_file.load_catalogue, self._catalogue_path)
        moment = clock(now)
        await self._database.write(lambda session: seed.prepare(session, self._catalogue, moment))

    async def close(self) -> None:
        await self._database.close()

    # -- fixtures and storefront ---------------------------------------------------------------------------------------

    async def make_fixture(self, options: Mapping[str, Any] | None, *, now: datetime) -> dict[str, Any]:
        """A fresh shopper with orders dated by `now` (see `fixture_clock`); `options` is the body of POST /demo/fixtures.

        Gives `shopper_id`, `level`, `phone_last4`, `now` and `orders` (contract: Demo fixtures). Raises `Invalid` with its field.
        """
        parsed, moment = parse_options(options), clock(now)
        return await self._database.write(lambda session: FixtureMaker(session, self._catalogue, moment).make(parsed))

    async def demo_shoppers(self) -> list[dict[str, Any]]:
        """The people one can log in as: `shopper_id`, `name`, `level`, `phone_last4`."""
        return await self._database.read(reads.featured_shoppers)

    async def list_products(self, category: str | None = None, query: str = "", *, limit: int = 100) -> list[dict[str, Any]]:
        """Shape `Product`, best match first."""
        wanted = self._catalogue.search(query, category=category)[:limit]
        return await self._database.read(lambda session: reads.product_views(session, wanted, self._product_url))

    async def product(self, sku: str) -> dict[str, Any]:
        """Raises `NotFound`."""
        wanted = self._catalogue.get(sku)
        if wanted is None:
            raise NotFound("没有这件商品。")
        found_products = await self._database.read(lambda s: reads.product_views(s, [wanted], self._product_url))
        return found_products[0]

    async def orders_of(self, shopper_id: str, *, now: datetime | None = None, limit: int = 100) -> list[dict[str, Any]]:
        """Shape `Order`, newest first."""
        return await self.orders(Caller(clock(now), shopper_id), limit=limit)

    # -- reads ---------------------------------------------------------------------------------------------------------

    async def orders(self, caller: Caller, *, status: str | None = None, limit: int = 20) -> list[dict[str, Any]]:
        return await self._read(caller, lambda desk: reads.list_orders(desk, status=status, limit=limit))

    async def order(self, caller: Caller, order_id: str) -> dict[str, Any]:
        return await self._of_order(caller, order_id, lambda desk, order: desk.view(order))

    async def parcels(self, caller: Caller, order_id: str) -> list[dict[str, Any]]:
        return await self._of_order(caller, order_id, lambda desk, order: reads.parcels_of(desk, order.order_id))

    async def order_aftersales(self, caller: Caller, order_id: str) -> list[dict[str, Any]]:
        return await self._of_order(caller, order_id, reads.aftersales_of)

    async def aftersale(self, caller: Caller, aftersale_id: str) -> dict[str, Any]:
        return await self._read(caller, lambda desk: reads.show_aftersale(desk, aftersale_id))

    async def coupons(self, caller: Caller) -> list[dict[str, Any]]:
        return await self._read(caller, reads.coupons_of)

    async def verify(self, caller: Caller, order_id: str, phone_last4: str) -> dict[str, Any]:
        """An order for an anonymous reader; raises `NotFound` and counts, or `RateLimited` after five wrong guesses."""
        shown = await self._database.write(lambda session: reads.check_guess(Desk(session, self._catalogue, caller), order_id, phone_last4))
        # Raised only now, because the count of a wrong guess must be committed.
        return found(shown)

    # -- writes --------------------------------------------------------------------------------------------------------

    async def cancel_order(self, caller: Caller, key: str, order_id: str, *, reason: str | None = None) -> Outcome:
        return await self._write(caller, key, writes.cancel_order, order_id=order_id, reason=reason)

    async def change_address(
        self, caller: Caller, key: str, order_id: str, *, address: str | None = None, receiver: str | None = None, phone: str | None = None
    ) -> Outcome:
        values = {"order_id": order_id, "address": address, "receiver": receiver, "phone": phone}
        return await self._write(caller, key, writes.change_address, **values)

    async def change_option(
        self, caller: Caller, key: str, order_id: str, *, to: str, current: str | None = None, sku: str | None = None
    ) -> Outcome:
        return await self._write(caller, key, writes.change_option, order_id=order_id, to=to, current=current, sku=sku)

    async def change_note(self, caller: Caller, key: str, order_id: str, *, note: str) -> Outcome:
        return await self._write(caller, key, writes.change_note, order_id=order_id, note=note)

    async def request_invoice(
        self, caller: Caller, key: str, order_id: str, *, title: str, tax_no: str | None = None, kind: str = "ordinary"
    ) -> Outcome:
        return await self._write(caller, key, writes.request_invoice, order_id=order_id, title=title, tax_no=tax_no, kind=kind)

    async def open_aftersale(
        self, caller: Caller, key: str, *, order_id: str, kind: str, reason: str, option: str | None = None, sku: str | None = None
    ) -> Outcome:
        values = {"order_id": order_id, "kind": kind, "reason": reason, "option": option, "sku": sku}
        return await self._write(caller, key, writes.open_aftersale, **values)

    async def cancel_aftersale(self, caller: Caller, key: str, aftersale_id: str) -> Outcome:
        return await self._write(caller, key, writes.cancel_aftersale, aftersale_id=aftersale_id)

    async def book_pickup(self, caller: Caller, key: str, aftersale_id: str, *, slot: str) -> Outcome:
        return await self._write(caller, key, writes.book_pickup, aftersale_id=aftersale_id, slot=slot)

    async def compensate(self, caller: Caller, key: str, order_id: str, *, amount: str, reason: str) -> Outcome:
        return await self._write(caller, key, writes.compensate, order_id=order_id, amount=amount, reason=reason)

    async def written(self, caller: Caller, key: str) -> Outcome:
        """The stored outcome of the caller's write; raises `NotFound` when there was none."""
        return await self._read(caller, lambda desk: stored_outcome(desk.session, reads.signed_in(caller), key))

    # -- plumbing ------------------------------------------------------------------------------------------------------

    async def _read(self, caller: Caller, work: Callable[[Desk], T]) -> T:
        return await self._database.read(lambda session: work(Desk(session, self._catalogue, caller)))

    async def _of_order(self, caller: Caller, order_id: str, show: Callable[[Desk, Any], T]) -> T:
        """Something of an order that the caller may read. A reader with a phone may guess wrong, which must be kept."""

        def work(session: Session) -> T | None:
            desk = Desk(session, self._catalogue, caller)
            order = reads.readable_order(desk, order_id)
            return None if order is None else show(desk, order)

        guessing = caller.shopper_id is None and caller.verified_phone is not None
        return found(await (self._database.write(work) if guessing else self._database.read(work)))

    async def _write(self, caller: Caller, key: str, run: Callable[..., dict[str, Any]], **values: Any) -> Outcome:
        shopper_id = reads.signed_in(caller)
        print_ = fingerprint(run.__name__, values)

        def work(session: Session) -> Outcome:
            desk = Desk(session, self._catalogue, caller)
            return once(session, shopper_id, key, print_, lambda: run(desk, **values))

        return await self._database.write(work)


def clock(now: datetime | None = None) -> datetime:
    """`now`, or the real time, in the shop's zone and whole seconds."""
    return (now or datetime.now(SHOP_ZONE)).astimezone(SHOP_ZONE).replace(microsecond=0)
