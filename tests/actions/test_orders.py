"""Which product of an order a message names: by the canonical value of what was recognised, by the catalogue's names, not by chance."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.orders import mentions
from actions.turn import Turn

EARBUDS = {"sku": "10301", "name": "云杉听风真无线蓝牙耳机", "aliases": ["蓝牙耳机", "耳机", "无线耳机"]}
HEADPHONES = {"sku": "10302", "name": "云杉静谷头戴降噪耳机", "aliases": ["头戴式耳机", "头戴耳机", "降噪耳机"]}
PHONE = {"sku": "10304", "name": "云杉远峰5G手机 环保装", "aliases": ["手机", "5G手机"]}
QUILT = {"sku": "10404", "name": "云杉加厚保暖大豆冬被", "aliases": ["冬被", "被子"]}
CREAM = {"sku": "10501", "name": "云杉松雾神经酰胺面霜", "aliases": ["面霜", "保湿霜"]}


def _turn(text: str, products: list[dict[str, Any]]) -> Turn:
    entities = [{"entity": "product", **product} for product in products]
    return Turn.of(Tracker("c", {}, {"text": text, "entities": entities}, [], False, None, {}, None))


@pytest.mark.parametrize(
    ("text", "products", "item", "named"),
    [
        ("头戴耳机那单", [{"value": "头戴耳机", "sku": ["10302"]}], HEADPHONES, True),
        ("头戴耳机那单", [{"value": "头戴耳机", "sku": ["10302"]}], EARBUDS, False),
        ("耳机那单", [{"value": "耳机", "sku": ["10301"]}], EARBUDS, True),
        ("耳机那单", [{"value": "耳机", "sku": ["10301"]}], HEADPHONES, True),
        ("带绒的被子那单", [{"value": "带绒的被子"}], QUILT, True),
        ("我买的那个冬被到哪了", [], QUILT, True),
        ("手机号换了", [], PHONE, False),
        ("手机那单", [], PHONE, True),
        ("这单的防晒霜呢", [{"value": "防晒霜", "sku": ["10504"]}], CREAM, False),
        ("我要退货", [], CREAM, False),
    ],
)
def test_products_are_recognised_precisely(text: str, products: list[dict[str, Any]], item: dict[str, Any], named: bool) -> None:
    assert mentions(_turn(text, products), item) is named
