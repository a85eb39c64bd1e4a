"""A shop at the wire: a few orders in memory, the writes it got, and faults to order."""

from __future__ import annotations

import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.dialogue.stub_goods import GOODS, search

SHIPPED, DELIVERED, PAID, FOREIGN = "20261119000001", "20261118000002", "20261121000003", "20261111000009"


def _order(number: str, status: str, name: str, delivered_at: str | None = None) -> dict[str, Any]:
    item = {"sku": "10101", "name": name, "option": "黑色/M", "quantity": 1, "price": "399.00", "current_price": "399.00"}
    return {
        "order_id": number,
        "status": status,
        "amount": "399.00",
        "paid_at": "2026-11-18T10:00:00+08:00",
        "promised_ship_by": "2026-11-22T18:00:00+08:00",
        "delivered_at": delivered_at,
        "items": [item],
        "aftersales": [],
    }


class StubShop:
    """`fail_before` drops the next n writes without doing them; `fail_after` does them and does not answer in time;
    `lookups_down` keeps what became of a write from being asked; `pickup` is what a request answers about being picked up;
    `signed_by` is who took the parcel of the delivered order, which without it has none."""

    def __init__(self) -> None:
        self.reset()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def reset(self) -> None:
        self.writes: list[tuple[str, dict[str, Any]]] = []
        self.outcomes: dict[str, dict[str, Any]] = {}
        self.fail_before = self.fail_after = 0
        self.down = self.lookups_down = False
        self.pickup: dict[str, Any] | None = None
        self.taken: set[str] = set()
        self.parcel_status = "in_transit"
        self.eta: str | None = "2026-11-22"
        self.signed_by = ""
        self.stock = {s["option"]: s["quantity"] for s in GOODS[0]["stock"]}
        self.orders = {
            SHIPPED: _order(SHIPPED, "shipped", "云杉羽绒服"),
            DELIVERED: _order(DELIVERED, "delivered", "云杉衬衫", "2026-11-18T12:00:00+08:00"),
            PAID: _order(PAID, "paid", "云杉卫衣"),
        }

    def start(self) -> None:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()

    def get(self, path: str) -> tuple[int, Any]:
        if path.startswith("/orders?"):
            return 200, {"orders": list(self.orders.values())}
        if path.startswith("/writes/"):
            if self.lookups_down:
                return 503, {"error": {"code": "unavailable"}}
            found = self.outcomes.get(path.rsplit("/", 1)[1])
            return (200, {"status": 201, "body": found}) if found else (404, {"error": {"code": "not_found", "message": "no"}})
        if path.startswith("/coupons"):
            coupon = {"title": "满99减20新人券", "threshold": "99.00", "status": "usable", "valid_until": "2026-11-25T00:00:00+08:00"}
            return 200, {"coupons": [coupon, coupon | {"title": "过期的券", "status": "expired"}]}
        if path.startswith("/aftersales/"):
            return 200, self._aftersale(path.rsplit("/", 1)[1], DELIVERED, "return")
        if path.startswith("/products?"):
            asked = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
            return 200, {"products": search(asked.get("query", ""), asked.get("category"))[: int(asked["limit"])]}
        if path.startswith("/products/"):
            product = next((p for p in GOODS if p["sku"] == path.rsplit("/", 1)[1]), None)
            if product is None:
                return 404, {"error": {"code": "not_found", "message": "没有找到商品"}}
            stock = [{"option": option, "quantity": quantity} for option, quantity in self.stock.items()]
            return 200, product | ({"stock": stock} if product is GOODS[0] else {})
        number = (re.search(r"\d{14}", path) or [""])[0]
        if number not in self.orders:
            return 404, {"error": {"code": "not_found", "message": "没有找到订单"}}
        if path.endswith("/parcels"):
            scan = {"time": "2026-11-21T08:00:00+08:00", "text": "【杭州市】快件已到达杭州转运中心"}
            parcel = {"tracking_no": "ZT1", "courier": "中通", "status": self.parcel_status, "eta": self.eta, "scans": [scan]}
            signed = {"status": "delivered", "eta": None, "scans": [scan | {"text": f"【杭州】您的快件已签收，签收人：{self.signed_by}。"}]}
            parcels = {SHIPPED: [parcel], DELIVERED: [parcel | signed] if self.signed_by else []}
            return 200, {"parcels": parcels.get(number, [])}
        if path.endswith("/aftersales"):
            return 200, {"aftersales": self.orders[number]["aftersales"]}
        return 200, self.orders[number]

    def write(self, path: str, key: str, body: dict[str, Any]) -> tuple[int, Any]:
        if key in self.outcomes:
            return 200, self.outcomes[key]
        self.writes.append((path, body))
        if path.endswith("/pickup") and self.pickup:
            if body["slot"] in self.taken:
                return 409, {"error": {"code": "not_allowed", "reason": "slot_gone", "message": "这个取件时间已经约不上了，请换一个时间。"}}
            self.pickup["booked"] = body["slot"]
            self.outcomes[key] = self._aftersale(path.split("/")[2], DELIVERED, "return")
            return 200, self.outcomes[key]
        result = self._aftersale(f"A{len(self.writes)}", body.get("order_id", ""), body.get("kind"))
        self.outcomes[key] = result
        return 201, result

    def _aftersale(self, number: str, order_id: str, kind: str | None) -> dict[str, Any]:
        shown = {"aftersale_id": number, "order_id": order_id, "items": [], "kind": kind, "status": "requested", "status_text": "待审核"}
        return {**shown, "amount": "399.00", "steps": [], **({"pickup": dict(self.pickup)} if self.pickup else {})}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        shop = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args: Any) -> None: ...

            def do_GET(self) -> None:
                self.answer(*((503, {"error": {"code": "unavailable"}}) if shop.down else shop.get(self.path)))

            def do_PUT(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                if shop.down or shop.fail_before > 0:
                    shop.fail_before -= 1
                    self.answer(503, {"error": {"code": "unavailable"}})
                    return
                status, result = shop.write(self.path, self.headers["Idempotency-Key"], body)
                if shop.fail_after > 0:
                    shop.fail_after -= 1
                    time.sleep(1)
                self.answer(status, result)

            def answer(self, status: int, payload: Any) -> None:
                data = json.dumps(payload).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        return Handler
