from __future__ import annotations

import httpx
import pytest

from bot.core.errors import NotFound
from bot.core.sizes import asked_by
from server.demo_shop import DemoShop
from server.demo_shop.catalogue import CATEGORIES, Catalogue, load_catalogue
from tests.demo_shop.conftest import Buyer


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("跑步鞋", "10231"),
        ("羽绒服", "10101"),
        ("蓝牙耳机", "10301"),
        ("有没有电水壶", "10308"),
        ("10602", "10602"),
        ("扫地机器人", "10307"),
    ],
)
async def test_products_are_found_by_what_shoppers_call_them(http: httpx.AsyncClient, query: str, first: str) -> None:
    products = (await http.get("/products", params={"query": query, "limit": 3})).json()["products"]

    assert products[0]["sku"] == first
    assert len(products) <= 3


@pytest.mark.parametrize("query", ["猫粮", "挖掘机", "zzzz"])
async def test_what_is_not_sold_is_not_found(http: httpx.AsyncClient, query: str) -> None:
    assert (await http.get("/products", params={"query": query})).json() == {"products": []}


async def test_a_product_counts_every_combination(http: httpx.AsyncClient) -> None:
    product = (await http.get("/products/10101")).json()

    assert [s["option"] for s in product["stock"]][:2] == ["黑色/S", "黑色/M"]
    assert product["stock_text"] == "有货（白色/XL 缺货）"
    assert product["price"] == "399.00"


async def test_an_unknown_product_is_not_found(http: httpx.AsyncClient) -> None:
    assert (await http.get("/products/99999")).status_code == 404


async def test_every_product_is_as_documented(http: httpx.AsyncClient) -> None:
    products = (await http.get("/products?limit=100")).json()["products"]

    assert len(products) >= 60
    assert {p["category"] for p in products} == set(CATEGORIES)


async def test_the_storefront_lists_by_category(shop: DemoShop) -> None:
    shoes = await shop.list_products("shoes")

    assert len(shoes) >= 10
    assert {p["category"] for p in shoes} == {"shoes"}
    with pytest.raises(NotFound):
        await shop.product("99999")


async def test_a_search_keeps_to_a_category(http: httpx.AsyncClient) -> None:
    found = (await http.get("/products", params={"category": "shoes", "limit": 100})).json()["products"]

    assert len(found) >= 10
    assert {p["category"] for p in found} == {"shoes"}
    assert (await http.get("/products", params={"category": "cars"})).status_code == 422


def test_every_size_table_can_be_worked_with(catalogue: Catalogue) -> None:
    tables = {p.sku: p.size_table for p in catalogue if p.size_table}

    assert [sku for sku, table in tables.items() if not asked_by(table)] == []
    assert [p.sku for p in catalogue if p.category in ("clothing", "shoes") and p.sku not in tables] == []
    assert [p.sku for p in catalogue if p.size_table and list(p.size_table) != list(p.options["尺码"])] == []


async def test_a_fixture_shopper_has_no_coupons(buyer: Buyer) -> None:
    assert (await buyer.get("/coupons")).json() == {"coupons": []}


@pytest.mark.parametrize(
    ("sku", "current", "wanted", "option"),
    [
        ("10101", "黑色/M", "L", "黑色/L"),
        ("10101", "黑色/M", "白色的L码", "白色/L"),
        ("10101", "黑色/M", "xl", "黑色/XL"),
        ("10101", "黑色/M", "XXL", None),
        ("10101", "黑色/M", "大一点", None),
        ("10231", "黑色/42", "43码", "黑色/43"),
        ("10231", "黑色/42", "白/41", "白色/41"),
        ("10231", "黑色/42", "4", None),
        ("10206", "灰色/38-39", "40-41", "灰色/40-41"),
        ("10502", "01豆沙", "正红", "03正红"),
        ("10502", "01豆沙", "03", "03正红"),
        ("10405", "默认", "大的", None),
    ],
)
def test_options_are_understood_as_they_are_said(catalogue: Catalogue, sku: str, current: str, wanted: str, option: str | None) -> None:
    assert catalogue[sku].find_option(current, wanted) == option


def test_stock_is_counted_for_every_combination_of_options(catalogue: Catalogue) -> None:
    for product in catalogue:
        combinations = 1
        for values in product.options.values():
            combinations *= len(values)
        assert len(product.opening_stock) == combinations, product.sku
