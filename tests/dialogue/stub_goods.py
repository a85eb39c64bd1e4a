"""The goods of the stub shop: few, and each there for a reason."""

from __future__ import annotations

import itertools
from typing import Any

SIZES = {"S": "身高155-162 体重90-110斤", "M": "身高163-168 体重111-130斤", "L": "身高169-175 体重131-150斤"}


def _product(
    sku: str,
    name: str,
    category: str,
    price: str,
    aliases: list[str],
    *,
    options: dict[str, list[str]] | None = None,
    out: tuple[str, ...] = (),
    suits: tuple[str, ...] = (),
    size_table: dict[str, str] | None = None,
    attributes: dict[str, str] | None = None,
) -> dict[str, Any]:
    combos = ["/".join(values) for values in itertools.product(*options.values())] if options else ["默认"]
    return {
        "sku": sku,
        "name": name,
        "aliases": aliases,
        "category": category,
        "price": price,
        "summary": f"{name}的简介，细节见商品页。",
        "attributes": attributes or {},
        "options": options or {},
        "stock": [{"option": o, "quantity": 0 if o in out or "*" in out else 8} for o in combos],
        "stock_text": "暂时缺货" if "*" in out else "有货",
        "size_table": size_table,
        "suits": list(suits),
        "url": f"/store/{sku}",
    }


GOODS = [
    _product(
        "10101",
        "云杉短款羽绒服",
        "clothing",
        "399.00",
        ["羽绒服", "羽绒外套"],
        options={"颜色": ["黑色", "白色"], "尺码": ["S", "M", "L"]},
        out=("白色/L",),
        suits=("送妈妈", "冬季"),
        size_table=SIZES,
    ),
    _product("10102", "云杉针织衫", "clothing", "169.00", ["针织衫", "毛衣"], suits=("送妈妈", "通勤"), size_table=SIZES),
    _product("10108", "云杉冲锋衣外套", "clothing", "459.00", ["冲锋衣"], options={"尺码": ["S", "M"]}, out=("*",)),
    _product("10301", "云杉无线耳机", "electronics", "199.00", ["蓝牙耳机", "耳机"], options={"颜色": ["黑色", "白色"]}, suits=("通勤",)),
    _product("10302", "云杉头戴降噪耳机", "electronics", "599.00", ["头戴耳机", "耳机"], options={"颜色": ["黑色"]}, suits=("通勤",)),
    _product(
        "10309",
        "云杉蓝牙音箱",
        "electronics",
        "99.00",
        ["蓝牙音箱", "音箱"],
        options={"颜色": ["黑色"]},
        suits=("露营",),
        attributes={"防水": "IPX7", "质保": "1年"},
    ),
    _product("10408", "云杉不粘炒锅", "home", "199.00", ["炒锅"], suits=("送妈妈",), attributes={"质保": "2年"}),
]


def search(query: str, category: str | None) -> list[dict[str, Any]]:
    of_category = [p for p in GOODS if category in (None, p["category"])]
    return [p for p in of_category if any(n in query or query in n for n in (p["name"], *p["aliases"]))] if query else of_category
