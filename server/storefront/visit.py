"""Who visits the storefront, and what only they may see. The cookie holds a shopper token, so nothing in it can be made up."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from bot.core.errors import Unauthorized
from server.demo import Demo
from server.demo_shop import Caller
from server.demo_shop.callers import SHOP_ZONE
from server.demo_shop.catalogue import load_catalogue
from server.store import conversations

COOKIE = "zhanggui_shopper"


@dataclass(frozen=True)
class Visit:
    """`shopper_id` is None for somebody who is not signed in, and `token` is then empty for one who left.

    `now` is the shopper's clock (a fixture has its own).
    """

    now: datetime
    shopper_id: str | None = None
    name: str = ""
    level: str = ""
    token: str | None = None


class Visits:
    def __init__(self, demo: Demo) -> None:
        self._demo = demo
        self._questions: Mapping[str, list[dict[str, str]]] | None = None

    async def of(self, token: str | None) -> Visit:
        """Whom the cookie names; an old or foreign one names nobody."""
        real_now = self._demo.clock()
        try:
            shopper = self._demo.tokens.verify(token, now=real_now) if token else None
        except Unauthorized:
            shopper = None
        if shopper is None:
            return Visit(datetime.fromtimestamp(real_now, SHOP_ZONE), token=None if token is None else "")
        shift_s = await self._demo.store.read(_clock_shift_of, shopper.id)
        named = {person["shopper_id"]: person["name"] for person in await self.people()}
        now = datetime.fromtimestamp(real_now + shift_s, UTC).astimezone(SHOP_ZONE)
        return Visit(now, shopper.id, named.get(shopper.id, "体验会员"), shopper.level, token)

    async def people(self) -> list[dict[str, Any]]:
        """Whom one can sign in as."""
        return await self._demo.shop.demo_shoppers()

    async def orders(self, visit: Visit) -> list[dict[str, Any]]:
        return await self._demo.shop.orders(self._caller(visit), limit=100)

    async def order(self, visit: Visit, order_id: str) -> dict[str, Any]:
        """An order of the visitor's with its parcels and after-sales; raises `NotFound`."""
        shop, caller = self._demo.shop, self._caller(visit)
        order = await shop.order(caller, order_id)
        parcels, aftersales = await asyncio.gather(shop.parcels(caller, order_id), shop.order_aftersales(caller, order_id))
        return {"order": order, "parcels": parcels, "aftersales": aftersales}

    async def questions(self, sku: str) -> list[dict[str, str]]:
        """What is often asked about a product, from its sheet."""
        if self._questions is None:
            self._questions = await asyncio.to_thread(_read_questions)
        return self._questions.get(sku, [])

    def _caller(self, visit: Visit) -> Caller:
        return Caller(visit.now, visit.shopper_id)


def _read_questions() -> dict[str, list[dict[str, str]]]:
    return {p.sku: [{"question": entry["q"][0], "answer": entry["a"]} for entry in p.faq] for p in load_catalogue()}


def _clock_shift_of(db: Connection, shopper_id: str) -> float:
    return conversations.fixture_of(db, sender="", shopper_id=shopper_id)[1]
