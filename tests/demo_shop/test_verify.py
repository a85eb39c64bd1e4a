"""The way in without signing in: order number and the last four digits of its phone."""

from __future__ import annotations

from datetime import datetime, timedelta

import httpx
import pytest

from server.demo_shop.guesses import locked_until
from tests.demo_shop.conftest import NOW, Buyer


def _wrong(buyer: Buyer) -> str:
    return f"{(int(buyer.made['phone_last4']) + 7) % 10_000:04d}"


async def _verify(buyer: Buyer, order: str, last4: str, *, client: str = "c-default", now: datetime = NOW) -> httpx.Response:
    headers = {"X-Client": f"{client}-{buyer.made['shopper_id']}", "X-Demo-Now": now.isoformat()}
    return await buyer.http.post("/orders/verify", json={"order_id": order, "phone_last4": last4}, headers=headers)


async def test_number_and_phone_open_an_order_for_reading(buyer: Buyer) -> None:
    response = await _verify(buyer, buyer["order_shipped"], buyer.made["phone_last4"])

    assert response.status_code == 200
    assert response.json() == await buyer.order("order_shipped")


async def test_wrong_phone_unknown_order_and_somebody_elses_get_the_same_words(buyer: Buyer) -> None:
    answers = [
        await _verify(buyer, buyer["order_shipped"], _wrong(buyer)),
        await _verify(buyer, buyer["order_unknown"], buyer.made["phone_last4"]),
        await _verify(buyer, buyer["order_not_mine"], buyer.made["phone_last4"]),
    ]

    assert {a.status_code for a in answers} == {404}
    assert len({a.content for a in answers}) == 1


async def test_five_wrong_guesses_lock_an_order_for_an_hour(buyer: Buyer) -> None:
    for number in range(5):
        assert (await _verify(buyer, buyer["order_shipped"], _wrong(buyer), client=f"c{number}")).status_code == 404
    right = buyer.made["phone_last4"]

    locked = await _verify(buyer, buyer["order_shipped"], right, client="c9")
    nearly = await _verify(buyer, buyer["order_shipped"], right, client="c9", now=NOW + timedelta(minutes=59))
    after = await _verify(buyer, buyer["order_shipped"], right, client="c9", now=NOW + timedelta(minutes=61))

    assert (locked.status_code, nearly.status_code, after.status_code) == (429, 429, 200)
    assert 3500 < int(locked.headers["Retry-After"]) <= 3601
    assert int(nearly.headers["Retry-After"]) <= 61


async def test_five_wrong_guesses_lock_an_address_for_every_order(buyer: Buyer) -> None:
    for number in range(5):
        assert (await _verify(buyer, f"2026112000000{number}", "0000")).status_code == 404

    same = await _verify(buyer, buyer["order_shipped"], buyer.made["phone_last4"])
    other = await _verify(buyer, buyer["order_shipped"], buyer.made["phone_last4"], client="other")

    assert (same.status_code, other.status_code) == (429, 200)


async def test_an_unknown_number_locks_like_a_known_one(buyer: Buyer) -> None:
    for number in range(5):
        await _verify(buyer, buyer["order_unknown"], "1234", client=f"u{number}")

    assert (await _verify(buyer, buyer["order_unknown"], "1234", client="u9")).status_code == 429


async def test_a_right_guess_does_not_forgive_the_wrong_ones(buyer: Buyer) -> None:
    for _ in range(4):
        await _verify(buyer, buyer["order_shipped"], _wrong(buyer))
    assert (await _verify(buyer, buyer["order_shipped"], buyer.made["phone_last4"])).status_code == 200

    await _verify(buyer, buyer["order_shipped"], _wrong(buyer))

    assert (await _verify(buyer, buyer["order_shipped"], buyer.made["phone_last4"])).status_code == 429


async def test_the_owner_reads_on_while_the_way_is_locked(buyer: Buyer) -> None:
    for _ in range(6):
        await _verify(buyer, buyer["order_shipped"], _wrong(buyer))

    assert (await buyer.get(f"/orders/{buyer['order_shipped']}")).status_code == 200


@pytest.mark.parametrize("part", ["", "/parcels", "/aftersales"])
async def test_a_verified_reader_may_read_the_order_and_its_parts(buyer: Buyer, part: str) -> None:
    path = f"/orders/{buyer['order_shipped']}{part}"

    right = await buyer.http.get(path, headers={"X-Verified-Phone": buyer.made["phone_last4"]})
    none = await buyer.http.get(path)

    assert (right.status_code, none.status_code) == (200, 404)


async def test_a_wrong_phone_in_the_header_counts_as_a_guess(buyer: Buyer) -> None:
    path = f"/orders/{buyer['order_shipped']}/parcels"

    statuses = [(await buyer.http.get(path, headers={"X-Verified-Phone": _wrong(buyer)})).status_code for _ in range(6)]

    assert statuses == [404] * 5 + [429]


async def test_a_signed_in_shopper_gets_nothing_more_by_a_phone(buyer: Buyer) -> None:
    headers = {**buyer.headers, "X-Verified-Phone": "0000"}

    mine = await buyer.http.get(f"/orders/{buyer['order_shipped']}", headers=headers)
    others = await buyer.http.get(f"/orders/{buyer['order_not_mine']}", headers=headers)

    assert (mine.status_code, others.status_code) == (200, 404)


async def test_a_verified_reader_cannot_write(buyer: Buyer) -> None:
    headers = {"X-Verified-Phone": buyer.made["phone_last4"], "Idempotency-Key": "anonymous-1"}

    response = await buyer.http.post(f"/orders/{buyer['order_paid_unshipped']}/cancel", headers=headers)

    assert response.status_code == 403
    assert (await buyer.order("order_paid_unshipped"))["status"] == "paid"


@pytest.mark.parametrize("last4", ["123", "12345", "12a4", ""])
async def test_a_guess_must_be_four_digits(buyer: Buyer, last4: str) -> None:
    assert (await _verify(buyer, buyer["order_shipped"], last4)).status_code == 422


@pytest.mark.parametrize(
    ("minutes_ago", "locked_for"), [((0, 1, 2, 3), None), ((0, 1, 2, 3, 4), 60), ((10, 20, 30, 40, 50), 50), ((0, 20, 40, 59, 60), None)]
)
def test_five_failures_within_an_hour_lock_for_an_hour_after_the_last(minutes_ago: tuple[int, ...], locked_for: int | None) -> None:
    until = locked_until([NOW - timedelta(minutes=m) for m in minutes_ago])

    assert until == (None if locked_for is None else NOW + timedelta(minutes=locked_for))
