"""What exists in demo mode only: fixtures for tests, and signing in as one of the people of the demo shop."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body

from bot.core.errors import NotFound
from server.clock import Clock
from server.console.auth import Sessions
from server.demo_shop import DemoShop, fixture_clock
from server.store import people
from server.store.database import Store
from server.store.records import Agent, Fixture
from server.tokens import Shopper, ShopperTokens, new_id

_EXAMPLE = {"level": "gold", "delivered": {"days_ago": 3, "category": "shoes"}}


@dataclass(frozen=True)
class Demo:
    shop: DemoShop
    store: Store
    tokens: ShopperTokens
    sessions: Sessions
    clock: Clock

    async def make_fixture(self, options: dict[str, Any] | None) -> dict[str, Any]:
        """A shopper, orders and two people of its own (contract: Demo fixtures). Raises `Invalid` with its field."""
        real_now = self.clock()
        now = fixture_clock(options, today=datetime.fromtimestamp(real_now, UTC))
        made = await self.shop.make_fixture(options, now=now)
        fixture = Fixture(new_id("f"), f"demo-{secrets.token_hex(8)}", made["shopper_id"], now.timestamp() - real_now, real_now)
        staff = await asyncio.to_thread(self._staff, fixture.id)
        await self.store.write(people.add_fixture, fixture, [agent for agent, _ in staff.values()])
        return {
            "sender": fixture.sender,
            "orders": made["orders"],
            "shopper_token": self.tokens.issue(Shopper(made["shopper_id"], made["level"]), now=real_now),
            "phone_last4": made["phone_last4"],
            **{role: {"name": agent.name, "password": password} for role, (agent, password) in staff.items()},
            "now": now.isoformat(),
        }

    async def sign_in(self, shopper_id: str) -> dict[str, Any]:
        """A token for one of the people of the demo shop; raises `NotFound`."""
        known = {person["shopper_id"]: person for person in await self.shop.demo_shoppers()}
        if shopper_id not in known:
            raise NotFound("there is no such demo shopper", field="shopper_id")
        person = known[shopper_id]
        token = self.tokens.issue(Shopper(shopper_id, person["level"]), now=self.clock())
        return {"shopper_token": token, "shopper": person}

    def _staff(self, fixture_id: str) -> dict[str, tuple[Agent, str]]:
        made = {}
        for role in ("agent", "supervisor"):
            password = secrets.token_urlsafe(18)
            name = f"{role}-{secrets.token_hex(4)}"
            made[role] = (self.sessions.new_agent(name, role, password, random=True, fixture_id=fixture_id), password)
        return made


def create_router(demo: Demo) -> APIRouter:
    router = APIRouter(prefix="/demo", tags=["demo"])

    @router.post("/fixtures")
    async def fixtures(
        body: Annotated[dict[str, Any] | None, Body(openapi_examples={"shoes": {"value": _EXAMPLE}})] = None,
    ) -> dict[str, Any]:
        """A fresh shopper with orders, and an agent and a supervisor who see this shopper's conversations only."""
        return await demo.make_fixture(body)

    return router
