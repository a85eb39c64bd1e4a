"""The shop API of docs/shop-api.yaml over the demo shop: parse, call, serialise."""

from __future__ import annotations

import hmac
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Header, Query, Response

from bot.core.errors import Invalid, Unauthorized
from server.demo_shop import bodies
from server.demo_shop.callers import SHOP_ZONE, Caller
from server.demo_shop.faults import ShopRoute
from server.demo_shop.idempotency import Outcome
from server.demo_shop.shop import DemoShop, clock

Status = Literal["unpaid", "paid", "shipped", "delivered", "completed", "aftersale", "closed"]
Category = Literal["clothing", "shoes", "electronics", "home", "beauty", "food"]
Limit = Annotated[int, Query(ge=1, le=100)]
Key = Annotated[str, Header(alias="Idempotency-Key", pattern=r"^[A-Za-z0-9_.:-]{8,128}$")]


def _caller(
    x_shopper_id: Annotated[str | None, Header(max_length=64)] = None,
    x_demo_now: Annotated[str | None, Header()] = None,
    x_client: Annotated[str | None, Header(max_length=64)] = None,
    x_verified_phone: Annotated[str | None, Header()] = None,
) -> Caller:
    digits = x_verified_phone if x_verified_phone and x_verified_phone.isdigit() and len(x_verified_phone) == 4 else None
    return Caller(_moment(x_demo_now), x_shopper_id or None, x_client or None, digits)


def _moment(text: str | None) -> datetime:
    """The clock of a fixture, or the real time."""
    if not text:
        return clock()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid(f"X-Demo-Now must be an ISO 8601 moment, got {text!r}", field="X-Demo-Now") from None
    return clock(moment if moment.tzinfo else moment.replace(tzinfo=SHOP_ZONE))


By = Annotated[Caller, Depends(_caller)]


def create_router(shop: DemoShop, *, key: str) -> APIRouter:
    """All endpoints without a prefix; `key` is the service credential that `Authorization: Bearer` must carry."""

    def check_key(authorization: Annotated[str | None, Header()] = None) -> None:
        if not hmac.compare_digest((authorization or "").encode(), f"Bearer {key}".encode()):
            raise Unauthorized("The shop API asks for Authorization: Bearer <key>.")

    router = APIRouter(route_class=ShopRoute, dependencies=[Depends(check_key)], tags=["shop"], include_in_schema=False)
    _add_reads(router, shop)
    _add_writes(router, shop)
    _add_goods(router, shop)
    return router


def _add_reads(router: APIRouter, shop: DemoShop) -> None:
    @router.get("/orders")
    async def orders(by: By, status: Status | None = None, limit: Limit = 20) -> dict[str, Any]:
        return {"orders": await shop.orders(by, status=status, limit=limit)}

    @router.post("/orders/verify")
    async def verify(by: By, body: bodies.Verify) -> dict[str, Any]:
        return await shop.verify(by, body.order_id, body.phone_last4)

    @router.get("/orders/{order_id}")
    async def order(by: By, order_id: str) -> dict[str, Any]:
        return await shop.order(by, order_id)

    @router.get("/orders/{order_id}/parcels")
    async def parcels(by: By, order_id: str) -> dict[str, Any]:
        return {"parcels": await shop.parcels(by, order_id)}

    @router.get("/orders/{order_id}/aftersales")
    async def order_aftersales(by: By, order_id: str) -> dict[str, Any]:
        return {"aftersales": await shop.order_aftersales(by, order_id)}

    @router.get("/aftersales/{aftersale_id}")
    async def aftersale(by: By, aftersale_id: str) -> dict[str, Any]:
        return await shop.aftersale(by, aftersale_id)

    @router.get("/writes/{key}")
    async def written(by: By, key: str) -> dict[str, Any]:
        outcome = await shop.written(by, key)
        return {"status": outcome.status, "body": outcome.body}


def _add_writes(router: APIRouter, shop: DemoShop) -> None:
    @router.post("/orders/{order_id}/cancel")
    async def cancel_order(by: By, key: Key, response: Response, order_id: str, body: bodies.CancelOrder | None = None) -> dict[str, Any]:
        reason = body.reason if body else None
        return _answer(response, await shop.cancel_order(by, key, order_id, reason=reason))

    @router.put("/orders/{order_id}/address")
    async def change_address(by: By, key: Key, response: Response, order_id: str, body: bodies.Address) -> dict[str, Any]:
        return _answer(response, await shop.change_address(by, key, order_id, **body.model_dump()))

    @router.put("/orders/{order_id}/options")
    async def change_option(by: By, key: Key, response: Response, order_id: str, body: bodies.Options) -> dict[str, Any]:
        done = await shop.change_option(by, key, order_id, to=body.to, current=body.from_, sku=body.sku)
        return _answer(response, done)

    @router.put("/orders/{order_id}/note")
    async def change_note(by: By, key: Key, response: Response, order_id: str, body: bodies.Note) -> dict[str, Any]:
        return _answer(response, await shop.change_note(by, key, order_id, note=body.note))

    @router.post("/orders/{order_id}/invoice")
    async def invoice(by: By, key: Key, response: Response, order_id: str, body: bodies.InvoiceRequest) -> dict[str, Any]:
        return _answer(response, await shop.request_invoice(by, key, order_id, **body.model_dump()))

    @router.post("/orders/{order_id}/compensation")
    async def compensate(by: By, key: Key, response: Response, order_id: str, body: bodies.Compensation) -> dict[str, Any]:
        return _answer(response, await shop.compensate(by, key, order_id, **body.model_dump()))

    @router.post("/aftersales")
    async def open_aftersale(by: By, key: Key, response: Response, body: bodies.AftersaleRequest) -> dict[str, Any]:
        return _answer(response, await shop.open_aftersale(by, key, **body.model_dump()))

    @router.put("/aftersales/{aftersale_id}/pickup")
    async def book_pickup(by: By, key: Key, response: Response, aftersale_id: str, body: bodies.Pickup) -> dict[str, Any]:
        return _answer(response, await shop.book_pickup(by, key, aftersale_id, slot=body.slot))

    @router.post("/aftersales/{aftersale_id}/cancel")
    async def cancel_aftersale(
        by: By, key: Key, response: Response, aftersale_id: str, body: bodies.Nothing | None = None
    ) -> dict[str, Any]:
        return _answer(response, await shop.cancel_aftersale(by, key, aftersale_id))


def _add_goods(router: APIRouter, shop: DemoShop) -> None:
    @router.get("/products")
    async def products(
        query: Annotated[str, Query(max_length=200)] = "", category: Category | None = None, limit: Limit = 20
    ) -> dict[str, Any]:
        return {"products": await shop.list_products(category, query, limit=limit)}

    @router.get("/products/{sku}")
    async def product(sku: str) -> dict[str, Any]:
        return await shop.product(sku)

    @router.get("/coupons")
    async def coupons(by: By) -> dict[str, Any]:
        return {"coupons": await shop.coupons(by)}


def _answer(response: Response, outcome: Outcome) -> dict[str, Any]:
    response.status_code = outcome.status
    if outcome.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return outcome.body
