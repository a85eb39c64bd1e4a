"""One seeded shop for all tests; each test has shoppers of its own, made as the demo fixtures make them."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from server.demo_shop import DemoShop, create_router
from tests.demo_shop.openapi import ShopApiDocument

NOW = datetime.fromisoformat("2026-11-21T14:00:00+08:00")
KEY, PREFIX = "test-key", "/demo/shop"


@pytest.fixture(scope="session")
def document() -> ShopApiDocument:
    return ShopApiDocument()


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoShop]:
    opened = DemoShop(f"sqlite:///{tmp_path_factory.mktemp('shop')}/demo_shop.db")
    asyncio.run(opened.start(NOW))
    yield opened
    asyncio.run(opened.close())


@pytest.fixture(scope="session")
def app(shop: DemoShop) -> FastAPI:
    app = FastAPI()
    app.include_router(create_router(shop, key=KEY), prefix=PREFIX)
    return app


@pytest.fixture
async def http(app: FastAPI, document: ShopApiDocument) -> AsyncIterator[httpx.AsyncClient]:
    """The service's client; every answer is held against the document."""

    async def check(response: httpx.Response) -> None:
        await response.aread()
        document.check(response, PREFIX)

    headers = {"Authorization": f"Bearer {KEY}", "X-Demo-Now": NOW.isoformat()}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url=f"http://shop{PREFIX}", headers=headers, event_hooks={"response": [check]}
    ) as client:
        yield client


@dataclass
class Buyer:
    """A shopper of a fixture, asking at the fixture's clock (`later` moves it)."""

    http: httpx.AsyncClient
    made: dict[str, Any]
    now: datetime = NOW

    def __getitem__(self, name: str) -> str:
        """An order number: `buyer["order_shipped"]`."""
        return str(self.made["orders"][name])

    def later(self, **more: float) -> Buyer:
        return Buyer(self.http, self.made, self.now + timedelta(**more))

    @property
    def headers(self) -> dict[str, str]:
        return {"X-Shopper-Id": self.made["shopper_id"], "X-Demo-Now": self.now.isoformat()}

    async def get(self, path: str) -> httpx.Response:
        return await self.http.get(path, headers=self.headers)

    async def write(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> httpx.Response:
        """With a key of its own unless one is given."""
        headers = {**self.headers, "Idempotency-Key": key or uuid.uuid4().hex}
        return await self.http.request(method, path, json=body, headers=headers)

    async def aftersale(self, order: str, kind: str, reason: str = "不喜欢", **more: str) -> httpx.Response:
        return await self.write("POST", "/aftersales", {"order_id": self[order], "kind": kind, "reason": reason, **more})

    async def order(self, name: str) -> dict[str, Any]:
        return dict((await self.get(f"/orders/{self[name]}")).json())


MakeBuyer = Callable[..., Awaitable[Buyer]]


@pytest.fixture
def make_buyer(shop: DemoShop, http: httpx.AsyncClient) -> MakeBuyer:
    async def make(**options: Any) -> Buyer:
        return Buyer(http, await shop.make_fixture(options, now=NOW))

    return make


@pytest.fixture
async def buyer(make_buyer: MakeBuyer) -> Buyer:
    return await make_buyer()


def refusal(response: httpx.Response) -> str:
    """The reason of a refusal; the empty string for any other answer."""
    error = response.json().get("error", {})
    return str(error.get("reason", "")) if response.status_code == 409 else ""


@pytest.fixture
def fresh_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/shop.db"
