"""Contract: Demo fixtures."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.core.errors import Invalid
from server.demo_shop import DemoShop, fixture_clock
from tests.demo_shop.conftest import NOW, Buyer, MakeBuyer

NAMES = ["order_paid_unshipped", "order_shipped", "order_delivered", "order_refunding", "order_not_mine", "order_unknown"]


def _hours_ago(moment: str) -> float:
    return (NOW - datetime.fromisoformat(moment)) / timedelta(hours=1)


async def test_a_fixture_names_its_orders_and_its_shopper(buyer: Buyer) -> None:
    assert list(buyer.made["orders"]) == NAMES
    assert all(re.fullmatch(r"20\d{12}", number) for number in buyer.made["orders"].values())
    assert re.fullmatch(r"\d{4}", buyer.made["phone_last4"])
    assert buyer.made["level"] == "ordinary"


async def test_the_defaults_are_those_of_the_contract(buyer: Buyer) -> None:
    unshipped, shipped, delivered, refunding = [await buyer.order(name) for name in NAMES[:4]]
    parcel = (await buyer.get(f"/orders/{buyer['order_shipped']}/parcels")).json()["parcels"][0]

    assert [o["status"] for o in (unshipped, shipped, delivered, refunding)] == ["paid", "shipped", "delivered", "aftersale"]
    assert _hours_ago(unshipped["paid_at"]) == 20
    assert _hours_ago(parcel["scans"][0]["time"]) == 6
    assert _hours_ago(delivered["delivered_at"]) == 72
    assert delivered["items"][0]["category"] == "clothing"
    assert refunding["aftersales"][0]["status"] == "refunding"


async def test_the_options_date_the_orders(make_buyer: MakeBuyer) -> None:
    buyer = await make_buyer(
        level="silver", unshipped={"paid_hours_ago": 60}, shipped={"last_scan_hours_ago": 55}, delivered={"days_ago": 1.5}
    )

    unshipped, delivered = await buyer.order("order_paid_unshipped"), await buyer.order("order_delivered")

    assert buyer.made["level"] == "silver"
    assert _hours_ago(unshipped["paid_at"]) == 60
    assert _hours_ago(delivered["delivered_at"]) == 36
    assert unshipped["promised_ship_by"] < NOW.isoformat()


@pytest.mark.parametrize("category", ["clothing", "shoes", "electronics", "home", "beauty", "food"])
async def test_the_delivered_item_is_of_the_category_and_ten_yuan_cheaper_now(make_buyer: MakeBuyer, category: str) -> None:
    buyer = await make_buyer(delivered={"category": category})

    (item,) = (await buyer.order("order_delivered"))["items"]

    assert item["category"] == category
    assert float(item["price"]) - float(item["current_price"]) == 10


@pytest.mark.parametrize(("category", "size"), [("clothing", "M"), ("shoes", "42")])
async def test_clothes_and_shoes_have_other_sizes_in_stock(make_buyer: MakeBuyer, shop: DemoShop, category: str, size: str) -> None:
    buyer = await make_buyer(delivered={"category": category})

    (item,) = (await buyer.order("order_delivered"))["items"]
    colour, own = item["option"].split("/")
    stock = {s["option"]: s["quantity"] for s in (await shop.product(item["sku"]))["stock"]}

    assert own == size
    assert all(quantity > 0 for option, quantity in stock.items() if option.startswith(colour))


async def test_the_unshipped_item_is_white_with_black_in_stock_at_the_same_price(buyer: Buyer, shop: DemoShop) -> None:
    (item,) = (await buyer.order("order_paid_unshipped"))["items"]
    stock = {s["option"]: s["quantity"] for s in (await shop.product(item["sku"]))["stock"]}

    assert item["option"].startswith("白色")
    assert stock[item["option"].replace("白色", "黑色")] > 0
    assert item["price"] == item["current_price"]


async def test_a_new_fixture_fills_up_what_others_bought(make_buyer: MakeBuyer, shop: DemoShop) -> None:
    for _ in range(3):
        buyer = await make_buyer()
        await buyer.write("PUT", f"/orders/{buyer['order_paid_unshipped']}/options", {"to": "黑色"})

    await make_buyer()

    stock = {s["option"]: s["quantity"] for s in (await shop.product("10103"))["stock"]}
    assert stock["黑色/M"] >= 35


async def test_the_last_two_orders_are_not_the_shoppers(buyer: Buyer) -> None:
    listed = {o["order_id"] for o in (await buyer.get("/orders")).json()["orders"]}

    assert listed == {buyer[name] for name in NAMES[:4]}


async def test_the_order_that_is_not_mine_belongs_to_this_fixture_alone(buyer: Buyer) -> None:
    headers = {"X-Verified-Phone": buyer.made["phone_last4"]}

    response = await buyer.http.get(f"/orders/{buyer['order_not_mine']}", headers=headers)

    assert response.status_code == 404


async def test_many_fixtures_never_share_an_order(make_buyer: MakeBuyer) -> None:
    made = [(await make_buyer()).made for _ in range(20)]

    numbers = [number for m in made for name, number in m["orders"].items() if name != "order_unknown"]
    unknown = {m["orders"]["order_unknown"] for m in made}
    assert len(set(numbers)) == len(numbers)
    assert not unknown & set(numbers)
    assert len({m["shopper_id"] for m in made}) == 20


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"level": "platinum"}, "level"),
        ({"level": ["gold"]}, "level"),
        ({"colour": "red"}, "colour"),
        ({"delivered": {"category": "cars"}}, "delivered.category"),
        ({"delivered": {"weeks_ago": 1}}, "delivered.weeks_ago"),
        ({"delivered": 3}, "delivered"),
        ({"delivered": {"days_ago": -1}}, "delivered.days_ago"),
        ({"delivered": {"days_ago": True}}, "delivered.days_ago"),
        ({"shipped": {"last_scan_hours_ago": "6"}}, "shipped.last_scan_hours_ago"),
        ({"unshipped": {"paid_hours_ago": float("nan")}}, "unshipped.paid_hours_ago"),
    ],
)
async def test_an_option_out_of_range_is_named(shop: DemoShop, options: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        await shop.make_fixture(options, now=NOW)

    assert caught.value.field == field


def test_the_clock_of_a_fixture_is_two_in_the_afternoon_unless_given() -> None:
    today = datetime.fromisoformat("2026-11-21T20:30:00+00:00")

    assert fixture_clock({}, today=today).isoformat() == "2026-11-22T14:00:00+08:00"
    assert fixture_clock({"now": "2026-11-21T03:00:00+08:00"}, today=today).isoformat() == "2026-11-21T03:00:00+08:00"
    assert fixture_clock({"now": "2026-11-21T03:00:00"}, today=today).isoformat() == "2026-11-21T03:00:00+08:00"


@pytest.mark.parametrize(
    "now", ["tomorrow", 5, ["2026-11-21"], "1999-12-31", "2101-01-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59"]
)
def test_a_clock_that_is_no_moment_is_invalid(now: Any) -> None:
    with pytest.raises(Invalid) as caught:
        fixture_clock({"now": now}, today=NOW)

    assert caught.value.field == "now"
