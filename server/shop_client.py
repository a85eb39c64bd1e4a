"""The shop, read only, for people at the desk: the order a conversation is about as the cards of docs/design.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.errors import NotFound, ShopUnavailable
from bot.core.orders import STATUS_TEXT
from server.http import HttpFailed, JsonHttp

_SCANS_SHOWN = 5


@dataclass(frozen=True)
class Snapshot:
    """Cards, each None when there is none; `contact` has the masked `phone` and `address` of the order."""

    order: dict[str, Any] | None = None
    parcel: dict[str, Any] | None = None
    refund: dict[str, Any] | None = None
    contact: dict[str, str] | None = None


class ShopClient:
    """`http` is a client whose base URL and credential are those of the shop (docs/shop-api.yaml)."""

    def __init__(self, http: JsonHttp) -> None:
        self._http = http

    async def snapshot(self, order_id: str, *, shopper_id: str, now: datetime) -> Snapshot:
        """An order of a shopper, its newest parcel and after-sale request. Raises `NotFound` or `ShopUnavailable`."""
        headers = {"X-Shopper-Id": shopper_id, "X-Demo-Now": now.isoformat()}
        order = await self._get(f"/orders/{order_id}", headers)
        parcels = (await self._get(f"/orders/{order_id}/parcels", headers))["parcels"]
        aftersales = (await self._get(f"/orders/{order_id}/aftersales", headers))["aftersales"]
        return Snapshot(
            order=_order_card(order),
            parcel=_parcel_card(parcels[-1], order_id) if parcels else None,
            refund=_refund_card(aftersales[0], order_id) if aftersales else None,
            contact={"phone": order.get("phone_masked") or "", "address": order.get("address_masked") or ""},
        )

    async def product_card(self, sku: str, *, now: datetime) -> dict[str, Any]:
        """A `product_cards` card with one item. Raises `NotFound` or `ShopUnavailable`."""
        product = await self._get(f"/products/{sku}", {"X-Demo-Now": now.isoformat()})
        fields = ("sku", "name", "price", "summary", "stock_text", "url")
        return {"type": "product_cards", "items": [{name: product.get(name) for name in fields}]}

    async def order_card(self, order_id: str, *, shopper_id: str, now: datetime) -> dict[str, Any]:
        """An `order_card`. Raises `NotFound` (also for another shopper's order) or `ShopUnavailable`."""
        return _order_card(await self._get(f"/orders/{order_id}", {"X-Shopper-Id": shopper_id, "X-Demo-Now": now.isoformat()}))

    async def _get(self, path: str, headers: Mapping[str, str]) -> Any:
        try:
            answer = await self._http.get(path, headers=headers)
        except HttpFailed as exc:
            raise ShopUnavailable(f"shop: {exc}") from exc
        if answer.status == 404:
            raise NotFound("the shop does not know this")
        if not answer.is_success:
            raise ShopUnavailable(f"shop: GET {path}: status {answer.status}")
        return answer.body


def _order_card(order: Mapping[str, Any]) -> dict[str, Any]:
    fields = ("sku", "name", "option", "quantity", "price")
    return {
        "type": "order_card",
        "order_id": order["order_id"],
        "status": order["status"],
        "status_text": STATUS_TEXT.get(order["status"], order["status"]),
        "amount": order["amount"],
        "paid_at": order.get("paid_at"),
        "items": [{name: item.get(name) for name in fields} for item in order["items"]],
        "note": order.get("note"),
    }


def _parcel_card(parcel: Mapping[str, Any], order_id: str) -> dict[str, Any]:
    fields = ("courier", "tracking_no", "status", "status_text", "eta")
    scans = list(parcel.get("scans") or [])[:_SCANS_SHOWN]
    return {"type": "parcel_card", "order_id": order_id, **{name: parcel.get(name) for name in fields}, "scans": scans}


def _refund_card(aftersale: Mapping[str, Any], order_id: str) -> dict[str, Any]:
    fields = ("aftersale_id", "kind", "status", "status_text", "amount", "steps")
    return {"type": "refund_card", "order_id": order_id, **{name: aftersale.get(name) for name in fields}}
