"""What the desk is shown of an order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from server.http import Answer, JsonHttp
from server.shop_client import ShopClient


class ShopStub:
    """Answers by the last part of the path."""

    def __init__(self, **answers: Any) -> None:
        self._answers = answers

    async def get(self, path: str, **_options: Any) -> Answer:
        return Answer(200, self._answers[path.rpartition("/")[2]])


async def test_the_newest_request_is_shown_which_the_shop_names_first() -> None:
    order = {"order_id": "o1", "status": "refunding", "amount": "9.00", "items": []}
    stub = ShopStub(o1=order, parcels={"parcels": []}, aftersales={"aftersales": [{"aftersale_id": "new"}, {"aftersale_id": "old"}]})

    snapshot = await ShopClient(cast(JsonHttp, stub)).snapshot("o1", shopper_id="s_1", now=datetime.now(UTC))

    assert snapshot.refund is not None
    assert snapshot.refund["aftersale_id"] == "new"
