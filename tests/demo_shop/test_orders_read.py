from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest

from tests.demo_shop.conftest import Buyer, MakeBuyer


async def test_orders_are_listed_newest_first(buyer: Buyer) -> None:
    orders = (await buyer.get("/orders")).json()["orders"]

    assert len(orders) == 4
    created = [order["created_at"] for order in orders]
    assert created == sorted(created, reverse=True)


async def test_orders_can_be_asked_for_by_status(buyer: Buyer) -> None:
    orders = (await buyer.get("/orders?status=shipped")).json()["orders"]

    assert [order["order_id"] for order in orders] == [buyer["order_shipped"]]


async def test_a_limit_cuts_the_list(buyer: Buyer) -> None:
    assert len((await buyer.get("/orders?limit=2")).json()["orders"]) == 2


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "status=lost"])
async def test_a_query_out_of_range_is_invalid(buyer: Buyer, query: str) -> None:
    response = await buyer.get(f"/orders?{query}")

    assert response.status_code == 422
    assert response.json()["error"]["field"] == query.split("=")[0]


async def test_an_order_shows_masked_data_only(buyer: Buyer) -> None:
    order = await buyer.order("order_paid_unshipped")

    assert order["phone_masked"][3:7] == "****"
    assert order["phone_masked"].endswith(buyer.made["phone_last4"])
    assert order["address_masked"].endswith("****")
    assert order["receiver_masked"][1:].strip("*") == ""


async def test_an_unknown_order_and_somebody_elses_get_the_same_answer(buyer: Buyer) -> None:
    answers = [await buyer.get(f"/orders/{buyer[name]}") for name in ("order_not_mine", "order_unknown")]

    assert [a.status_code for a in answers] == [404, 404]
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize("part", ["", "/parcels", "/aftersales"])
async def test_parts_of_somebody_elses_order_are_not_found(buyer: Buyer, part: str) -> None:
    mine = await buyer.get(f"/orders/{buyer['order_delivered']}{part}")
    others = await buyer.get(f"/orders/{buyer['order_not_mine']}{part}")

    assert (mine.status_code, others.status_code) == (200, 404)


async def test_a_parcel_on_its_way_has_its_newest_scan_first(buyer: Buyer) -> None:
    parcels = (await buyer.get(f"/orders/{buyer['order_shipped']}/parcels")).json()["parcels"]

    (parcel,) = parcels
    times = [scan["time"] for scan in parcel["scans"]]
    assert parcel["status"] == "in_transit"
    assert times == sorted(times, reverse=True)
    assert times[0] == "2026-11-21T08:00:00+08:00"


async def test_an_unshipped_order_has_no_parcel(buyer: Buyer) -> None:
    response = await buyer.get(f"/orders/{buyer['order_paid_unshipped']}/parcels")

    assert response.json() == {"parcels": []}


@pytest.mark.parametrize(("hours", "status"), [(47, "in_transit"), (48, "stuck"), (167, "stuck"), (168, "lost")])
async def test_silence_makes_a_parcel_stuck_and_then_lost(make_buyer: MakeBuyer, hours: int, status: str) -> None:
    buyer = await make_buyer(shipped={"last_scan_hours_ago": hours})

    parcels = (await buyer.get(f"/orders/{buyer['order_shipped']}/parcels")).json()["parcels"]

    assert parcels[0]["status"] == status
    assert (parcels[0]["eta"] is None) == (status != "in_transit")


async def test_receipt_is_confirmed_ten_days_after_shipping(make_buyer: MakeBuyer) -> None:
    buyer = await make_buyer(delivered={"days_ago": 1})
    shipped = (await buyer.order("order_delivered"))["shipped_at"]

    before = await buyer.later(days=7).order("order_delivered")
    after = await buyer.later(days=9).order("order_delivered")

    assert (before["status"], after["status"]) == ("delivered", "completed")
    assert datetime.fromisoformat(after["completed_at"]) == datetime.fromisoformat(shipped) + timedelta(days=10)


async def test_a_read_in_the_future_changes_nothing(buyer: Buyer) -> None:
    await buyer.later(days=300).order("order_delivered")

    assert (await buyer.order("order_delivered"))["status"] == "delivered"


async def test_the_refund_of_the_fixture_arrives_in_time(buyer: Buyer) -> None:
    now = (await buyer.get(f"/orders/{buyer['order_refunding']}/aftersales")).json()["aftersales"][0]
    later = (await buyer.later(days=7).get(f"/aftersales/{now['aftersale_id']}")).json()

    assert now["status"] == "refunding"
    assert later["status"] == "refunded"
    assert [step["done"] for step in later["steps"]] == [True] * 4
    assert (await buyer.later(days=7).order("order_refunding"))["status"] == "closed"


async def test_somebody_elses_aftersale_is_not_found(buyer: Buyer, make_buyer: MakeBuyer) -> None:
    number = (await buyer.order("order_refunding"))["aftersales"][0]["aftersale_id"]
    other = await make_buyer()

    assert (await buyer.get(f"/aftersales/{number}")).status_code == 200
    assert (await other.get(f"/aftersales/{number}")).status_code == 404


@pytest.mark.parametrize("path", ["/orders", "/coupons", "/aftersales/AS1", "/writes/some-key-1"])
async def test_an_anonymous_reader_is_refused_personal_lists(http: httpx.AsyncClient, path: str) -> None:
    response = await http.get(path)

    assert response.status_code == 403


@pytest.mark.parametrize("header", [None, "Bearer wrong", "test-key", "Basic dGVzdA=="])
async def test_without_the_key_nothing_is_answered(http: httpx.AsyncClient, buyer: Buyer, header: str | None) -> None:
    headers = {**buyer.headers, "Authorization": header or ""}

    response = await http.get(f"/orders/{buyer['order_shipped']}", headers=headers)

    assert response.status_code == 401
    assert "test-key" not in response.text


async def test_a_clock_that_is_no_moment_is_invalid(http: httpx.AsyncClient, buyer: Buyer) -> None:
    response = await http.get("/orders", headers={**buyer.headers, "X-Demo-Now": "tomorrow"})

    assert response.status_code == 422
    assert response.json()["error"]["field"] == "X-Demo-Now"


async def test_without_a_given_clock_the_real_time_counts(http: httpx.AsyncClient, buyer: Buyer) -> None:
    headers = {**buyer.headers, "X-Demo-Now": ""}

    assert (await http.get("/orders", headers=headers)).status_code == 200
