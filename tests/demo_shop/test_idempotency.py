from __future__ import annotations

import asyncio

import pytest

from server.demo_shop import Caller, DemoShop
from tests.demo_shop.conftest import NOW, Buyer, MakeBuyer, refusal


def _body(buyer: Buyer, **change: str) -> dict[str, str]:
    return {"order_id": buyer["order_delivered"], "kind": "return", "reason": "不喜欢", **change}


async def test_the_same_write_again_gives_the_stored_answer(buyer: Buyer) -> None:
    first = await buyer.write("POST", "/aftersales", _body(buyer), key="same-key-1")
    again = await buyer.later(minutes=5).write("POST", "/aftersales", _body(buyer), key="same-key-1")

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json() == first.json()
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert len((await buyer.order("order_delivered"))["aftersales"]) == 1


async def test_five_at_once_are_one_write(buyer: Buyer) -> None:
    answers = await asyncio.gather(*(buyer.write("POST", "/aftersales", _body(buyer), key="race-key-1") for _ in range(5)))

    assert {a.status_code for a in answers} == {200}
    assert len({a.json()["aftersale_id"] for a in answers}) == 1
    assert sum("Idempotency-Replayed" not in a.headers for a in answers) == 1
    assert len((await buyer.order("order_delivered"))["aftersales"]) == 1


async def test_five_processes_at_once_are_one_write(fresh_url: str) -> None:
    """Two shops over one file stand for two processes: the lock is the database's."""
    shops = [DemoShop(fresh_url) for _ in range(2)]
    for shop in shops:
        await shop.start(NOW)
    made = await shops[0].make_fixture({}, now=NOW)
    caller = Caller(NOW, made["shopper_id"])
    number = made["orders"]["order_paid_unshipped"]

    outcomes = await asyncio.gather(*(shops[i % 2].cancel_order(caller, "race-key-2", number) for i in range(5)))

    order = await shops[1].order(caller, number)
    for shop in shops:
        await shop.close()
    assert [o.replayed for o in outcomes].count(False) == 1
    assert all(o.body == outcomes[0].body for o in outcomes)
    assert len(order["aftersales"]) == 1


async def test_one_key_for_two_requests_is_a_conflict(buyer: Buyer) -> None:
    await buyer.write("POST", "/aftersales", _body(buyer), key="same-key-2")

    other_body = await buyer.write("POST", "/aftersales", _body(buyer, reason="太大了"), key="same-key-2")
    other_path = await buyer.write("POST", f"/orders/{buyer['order_paid_unshipped']}/cancel", key="same-key-2")

    assert [(r.status_code, r.json()["error"]["code"]) for r in (other_body, other_path)] == [(409, "conflict")] * 2
    assert (await buyer.order("order_paid_unshipped"))["status"] == "paid"


async def test_a_refusal_is_an_outcome_too(buyer: Buyer) -> None:
    path = f"/orders/{buyer['order_shipped']}/cancel"

    first = await buyer.write("POST", path, key="refused-1")
    again = await buyer.write("POST", path, key="refused-1")
    stored = await buyer.get("/writes/refused-1")

    assert refusal(first) == refusal(again) == "already_shipped"
    assert stored.json() == {"status": 409, "body": first.json()}


async def test_the_outcome_of_a_write_can_be_asked_for(buyer: Buyer, make_buyer: MakeBuyer) -> None:
    done = await buyer.write("POST", "/aftersales", _body(buyer), key="lookup-key-1")
    other = await make_buyer()

    assert (await buyer.get("/writes/lookup-key-1")).json() == {"status": 200, "body": done.json()}
    assert (await buyer.get("/writes/lookup-key-2")).status_code == 404
    assert (await other.get("/writes/lookup-key-1")).status_code == 404


async def test_keys_of_two_shoppers_do_not_meet(buyer: Buyer, make_buyer: MakeBuyer) -> None:
    other = await make_buyer()

    answers = [await b.write("POST", f"/orders/{b['order_paid_unshipped']}/cancel", key="shared-key-1") for b in (buyer, other)]

    assert [a.json()["order_id"] for a in answers] == [b["order_paid_unshipped"] for b in (buyer, other)]


async def test_what_was_not_understood_is_not_stored(buyer: Buyer) -> None:
    for body in ({}, _body(buyer, order_id=buyer["order_unknown"])):
        assert (await buyer.write("POST", "/aftersales", body, key="retry-key-1")).status_code in (404, 422)

    assert (await buyer.get("/writes/retry-key-1")).status_code == 404
    assert (await buyer.write("POST", "/aftersales", _body(buyer), key="retry-key-1")).status_code == 200


@pytest.mark.parametrize("key", ["", "short", "has space 1", "x" * 129])
async def test_a_write_needs_a_usable_key(buyer: Buyer, key: str) -> None:
    headers = {**buyer.headers, "Idempotency-Key": key} if key else buyer.headers

    response = await buyer.http.post("/aftersales", json=_body(buyer), headers=headers)

    assert (response.status_code, response.json()["error"]["field"]) == (422, "Idempotency-Key")


async def test_a_body_that_is_not_json_is_malformed(buyer: Buyer) -> None:
    headers = {**buyer.headers, "Idempotency-Key": "malformed-1", "Content-Type": "application/json"}

    response = await buyer.http.post("/aftersales", content=b"{not json", headers=headers)

    assert (response.status_code, response.json()["error"]["code"]) == (400, "malformed")


async def test_a_body_may_be_left_out_where_nothing_is_needed(buyer: Buyer) -> None:
    headers = {**buyer.headers, "Idempotency-Key": "no-body-1"}

    response = await buyer.http.post(f"/orders/{buyer['order_paid_unshipped']}/cancel", headers=headers)

    assert response.status_code == 200
