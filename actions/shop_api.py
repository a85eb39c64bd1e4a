"""The one place that knows the shop's URLs and status codes (docs/shop-api.yaml)."""

from __future__ import annotations

import asyncio
import functools
import os
import time
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlencode

import aiohttp

from actions.turn import Turn
from bot.connections import KEPT_OPEN_S
from bot.core.errors import NotFound, RateLimited, ShopUnavailable, ZhangguiError

_READ_TRIES = 2

spent_ms: ContextVar[list[float]] = ContextVar("spent_ms")
"""Milliseconds of every call of the request that is being answered; who answers it sets an empty list."""


class Refused(ZhangguiError):
    """The shop's rules do not allow the write; `reason` is the code of docs/shop-api.yaml, the message is fit for the shopper."""

    code = "not_allowed"

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class ShopApi:
    """Client of the shop API; one for the process, on one connection pool. Times in seconds."""

    def __init__(self, url: str, key: str, *, timeout_s: float) -> None:
        self._url, self._key, self._timeout_s = url.rstrip("/"), key, timeout_s
        self._session: aiohttp.ClientSession | None = None

    def asked_by(self, turn: Turn) -> Shop:
        """The shop as the shopper of this turn may see it."""
        headers = {"Authorization": f"Bearer {self._key}", "X-Demo-Now": turn.now.isoformat()}
        if turn.shopper_id:
            headers["X-Shopper-Id"] = turn.shopper_id
        if turn.client:
            headers["X-Client"] = turn.client
        if turn.slot("phone_last4"):
            headers["X-Verified-Phone"] = str(turn.slot("phone_last4"))
        return Shop(self, headers)

    async def call(self, method: str, path: str, headers: Mapping[str, str], **body: Any) -> Any:
        """One request; raises `NotFound`, `Refused`, `RateLimited`, or `ShopUnavailable` when there is no clear answer."""
        began = time.monotonic()
        try:
            async with self._pool().request(method, self._url + path, headers=headers, **body) as response:
                status, payload = response.status, await response.json()
                retry_after = response.headers.get("Retry-After", "")
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise ShopUnavailable(f"{method} {path}: {type(error).__name__}") from error
        finally:
            spent_ms.get([]).append((time.monotonic() - began) * 1000)
        if status < 300:
            return payload
        fault = payload.get("error") or {}
        if status == 404:
            raise NotFound(fault.get("message", "not found"))
        if (status == 409 and fault.get("code") == "not_allowed") or status in (400, 422):
            raise Refused(fault.get("message", ""), reason=fault.get("reason", ""))
        if status == 429:
            raise RateLimited(fault.get("message", ""), retry_after_s=int(retry_after) if retry_after.isdigit() else None)
        raise ShopUnavailable(f"{method} {path}: status {status} {fault.get('code')}")

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_OPEN_S), timeout=aiohttp.ClientTimeout(total=self._timeout_s)
            )
        return self._session


class Shop:
    """Reads are tried twice; a write whose outcome is unknown is looked up, and sent once more only if it did not happen."""

    def __init__(self, api: ShopApi, headers: Mapping[str, str]) -> None:
        self._api, self._headers = api, dict(headers)

    async def orders(self) -> list[dict[str, Any]]:
        return list((await self._read("/orders?limit=20"))["orders"])

    async def order(self, order_id: str) -> dict[str, Any]:
        return dict(await self._read(f"/orders/{order_id}"))

    async def verify(self, order_id: str, phone_last4: str) -> dict[str, Any]:
        """The order of an anonymous shopper who knows its number and phone; counted as a guess when wrong, so sent once."""
        body = {"order_id": order_id, "phone_last4": phone_last4}
        return dict(await self._api.call("POST", "/orders/verify", self._headers, json=body))

    async def parcels(self, order_id: str) -> list[dict[str, Any]]:
        return list((await self._read(f"/orders/{order_id}/parcels"))["parcels"])

    async def aftersales(self, order_id: str) -> list[dict[str, Any]]:
        return list((await self._read(f"/orders/{order_id}/aftersales"))["aftersales"])

    async def aftersale(self, aftersale_id: str) -> dict[str, Any]:
        return dict(await self._read(f"/aftersales/{aftersale_id}"))

    async def coupons(self) -> list[dict[str, Any]]:
        return list((await self._read("/coupons"))["coupons"])

    async def product(self, sku: str) -> dict[str, Any]:
        return dict(await self._read(f"/products/{sku}"))

    async def products(self, query: str, *, category: str | None = None, limit: int = 20) -> list[dict[str, Any]]:
        """Best match first; all of the category, or of the shop, for an empty query."""
        asked = {"query": query, "limit": str(limit), **({"category": category} if category else {})}
        return list((await self._read(f"/products?{urlencode(asked)}"))["products"])

    async def write(self, method: str, path: str, key: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """A write under an idempotency key. Raises `ShopUnavailable` when its outcome stays unknown."""
        headers = {**self._headers, "Idempotency-Key": key}
        try:
            return dict(await self._api.call(method, path, headers, json=dict(body)))
        except ShopUnavailable:
            outcome = await self.outcome(key)
        if outcome is not None:
            return outcome
        return dict(await self._api.call(method, path, headers, json=dict(body)))

    async def outcome(self, key: str) -> dict[str, Any] | None:
        """What became of a write: its answer, None when the shop never got it; raises `Refused` when the shop refused it."""
        try:
            found = await self._read(f"/writes/{key}")
        except NotFound:
            return None
        if found["status"] >= 400:
            fault = found["body"].get("error") or {}
            raise Refused(fault.get("message", ""), reason=fault.get("reason", ""))
        return dict(found["body"])

    async def _read(self, path: str) -> Any:
        for _ in range(_READ_TRIES - 1):
            try:
                return await self._api.call("GET", path, self._headers)
            except ShopUnavailable:
                continue
        return await self._api.call("GET", path, self._headers)


@functools.lru_cache(maxsize=1)
def shop_api() -> ShopApi:
    """The client of this process, from the environment that the launcher sets; opened at the first use."""
    timeout_s = float(os.environ.get("ZHANGGUI_SHOP_TIMEOUT_S", "3"))
    return ShopApi(os.environ["ZHANGGUI_SHOP_URL"], os.environ["ZHANGGUI_SHOP_KEY"], timeout_s=timeout_s)
