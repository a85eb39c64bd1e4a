from __future__ import annotations

import httpx
import pytest

from server.demo_shop import DemoShop
from tests.demo_shop.conftest import Buyer, MakeBuyer, refusal


async def test_a_return_is_requested_with_steps_and_pickup(buyer: Buyer) -> None:
    response = await buyer.aftersale("order_delivered", "return", "不喜欢，想退了")

    made = response.json()
    assert response.status_code == 200
    assert (made["kind"], made["status"], made["amount"], made["sku"]) == ("return", "requested", "409.00", None)
    assert made["deadline"] == "2026-11-21T16:00:00+08:00"
    assert made["pickup"]["slots"][0] == "11月21日 17:00-19:00"
    assert [step["done"] for step in made["steps"]] == [True, False, False, False, False, False]
    assert (await buyer.order("order_delivered"))["status"] == "aftersale"
    assert (await buyer.get(f"/aftersales/{made['aftersale_id']}")).json() == made


async def test_a_return_is_approved_within_two_hours_of_working_time(make_buyer: MakeBuyer) -> None:
    night = (await make_buyer()).later(hours=12)

    made = (await night.aftersale("order_delivered", "return")).json()
    approved = (await night.later(hours=9).get(f"/aftersales/{made['aftersale_id']}")).json()

    assert made["deadline"] == "2026-11-22T10:00:00+08:00"
    assert (approved["status"], approved["deadline"]) == ("approved", "2026-11-29T10:00:00+08:00")


async def test_what_is_not_sent_back_in_seven_days_closes_and_opens_once_more(make_buyer: MakeBuyer) -> None:
    buyer = await make_buyer(delivered={"days_ago": 0})
    quality = "有瑕疵，质量问题"
    await buyer.aftersale("order_delivered", "return", quality)
    later = buyer.later(days=7, hours=3)

    again = await later.aftersale("order_delivered", "return", quality)
    third = await later.later(days=7, hours=3).aftersale("order_delivered", "return", quality)

    assert again.status_code == 200
    assert refusal(third) == "reopened_once"


@pytest.mark.parametrize(
    ("kind", "reason", "days", "refused"),
    [
        ("return", "不喜欢", 7, ""),
        ("return", "不喜欢", 8, "return_window_over"),
        ("return", "洗了一次就开线，质量太差", 15, ""),
        ("return", "洗了一次就开线，质量太差", 16, "return_window_over"),
        ("return", "用了过敏", 30, ""),
        ("exchange", "小了", 15, ""),
        ("exchange", "小了", 16, "exchange_window_over"),
    ],
)
async def test_the_time_limits_count_from_the_day_after_receipt(
    make_buyer: MakeBuyer, kind: str, reason: str, days: int, refused: str
) -> None:
    buyer = await make_buyer(delivered={"days_ago": days})

    response = await buyer.aftersale("order_delivered", kind, reason)

    assert (response.status_code, refusal(response)) == ((409, refused) if refused else (200, ""))


@pytest.mark.parametrize("kind", ["return", "exchange"])
@pytest.mark.parametrize(
    ("order", "reason"),
    [("order_paid_unshipped", "not_shipped"), ("order_shipped", "not_delivered"), ("order_refunding", "already_requested")],
)
async def test_only_what_was_received_goes_back(buyer: Buyer, kind: str, order: str, reason: str) -> None:
    before = await buyer.order(order)

    assert refusal(await buyer.aftersale(order, kind)) == reason
    assert await buyer.order(order) == before


async def test_a_second_request_waits_for_the_first(buyer: Buyer) -> None:
    await buyer.aftersale("order_delivered", "return")

    assert refusal(await buyer.aftersale("order_delivered", "exchange", option="L")) == "already_requested"


@pytest.mark.parametrize(
    ("category", "reason", "refused"),
    [
        ("food", "不想吃了", "not_returnable"),
        ("food", "收到已经变质了", ""),
        ("beauty", "不喜欢", ""),
        ("beauty", "拆封用过了，不喜欢", "not_returnable"),
        ("beauty", "没拆封，不喜欢", ""),
        ("beauty", "拆封用了过敏", ""),
        ("electronics", "不想要了", ""),
    ],
)
async def test_some_goods_go_back_only_for_a_fault(make_buyer: MakeBuyer, category: str, reason: str, refused: str) -> None:
    buyer = await make_buyer(delivered={"category": category})

    assert refusal(await buyer.aftersale("order_delivered", "return", reason)) == refused


@pytest.mark.parametrize(
    ("category", "option", "becomes"),
    [("clothing", "L", "黑色/L"), ("clothing", "大一码 XL", "黑色/XL"), ("shoes", "43码", "黑色/43"), ("shoes", "白色", "白色/42")],
)
async def test_an_exchange_names_the_new_option(make_buyer: MakeBuyer, category: str, option: str, becomes: str) -> None:
    buyer = await make_buyer(delivered={"category": category})

    made = (await buyer.aftersale("order_delivered", "exchange", "不合适", option=option)).json()

    assert (made["kind"], made["option"], made["amount"]) == ("exchange", becomes, "0.00")
    assert [step["text"] for step in made["steps"]][-1] == "新商品发出"


@pytest.mark.parametrize(
    ("category", "option", "reason"),
    [
        ("shoes", "44", ""),
        ("shoes", "47", "unknown_option"),
        ("shoes", "42", "same_option"),
        ("shoes", "黑色", "same_option"),
        ("clothing", "白色 XL", "out_of_stock"),
        ("food", "大的", "not_returnable"),
    ],
)
async def test_an_exchange_needs_an_option_in_stock(make_buyer: MakeBuyer, category: str, option: str, reason: str) -> None:
    buyer = await make_buyer(delivered={"category": category, "days_ago": 2})

    assert refusal(await buyer.aftersale("order_delivered", "exchange", "换一个", option=option)) == reason


async def test_an_exchange_without_an_option_is_for_a_new_piece_of_the_same(buyer: Buyer) -> None:
    made = (await buyer.aftersale("order_delivered", "exchange", "拉链坏了")).json()

    assert made["option"] == "黑色/M"


async def test_an_unshipped_order_is_refunded_in_full_at_once(buyer: Buyer) -> None:
    made = (await buyer.aftersale("order_paid_unshipped", "refund", "不想要了")).json()

    assert (made["status"], made["amount"], made["pickup"]) == ("refunding", "139.00", {"slots": [], "booked": None})
    assert made["deadline"] == "2026-11-22T14:00:00+08:00"
    assert (await buyer.order("order_paid_unshipped"))["status"] == "aftersale"
    assert (await buyer.later(days=1).order("order_paid_unshipped"))["status"] == "closed"


@pytest.mark.parametrize(("hours", "refused"), [(60, "not_delivered"), (170, "")])
async def test_a_lost_parcel_is_refunded(make_buyer: MakeBuyer, hours: int, refused: str) -> None:
    buyer = await make_buyer(shipped={"last_scan_hours_ago": hours})

    assert refusal(await buyer.aftersale("order_shipped", "refund", "一直没收到")) == refused


@pytest.mark.parametrize("reason", ["不想要了", "收到就碎了", "质量不好"])
async def test_what_is_worth_more_comes_back_before_the_money(buyer: Buyer, reason: str) -> None:
    assert refusal(await buyer.aftersale("order_delivered", "refund", reason)) == "needs_return"


async def test_a_lower_price_is_paid_back_once(buyer: Buyer) -> None:
    first = await buyer.aftersale("order_delivered", "refund", "刚买就降价了，退差价")
    second = await buyer.aftersale("order_delivered", "refund", "刚买就降价了，退差价")

    assert (first.json()["amount"], first.json()["status"]) == ("10.00", "refunding")
    assert refusal(second) == "price_protection_used"
    assert (await buyer.order("order_delivered"))["status"] == "delivered"
    assert (await buyer.aftersale("order_delivered", "return")).status_code == 200


@pytest.mark.parametrize(
    ("order", "days", "reason"), [("order_paid_unshipped", 3, "price_not_lower"), ("order_delivered", 60, "price_protection_over")]
)
async def test_a_lower_price_has_its_limits(make_buyer: MakeBuyer, order: str, days: int, reason: str) -> None:
    buyer = await make_buyer(delivered={"days_ago": days})

    assert refusal(await buyer.aftersale(order, "refund", "申请价保")) == reason


async def test_a_request_is_withdrawn_and_the_order_goes_on(buyer: Buyer) -> None:
    made = (await buyer.aftersale("order_delivered", "return")).json()

    response = await buyer.write("POST", f"/aftersales/{made['aftersale_id']}/cancel")

    assert (response.status_code, response.json()["status"]) == (200, "closed")
    assert response.json()["steps"][-1]["text"] == "申请已关闭"
    assert (await buyer.order("order_delivered"))["status"] == "delivered"
    assert (await buyer.aftersale("order_delivered", "return")).status_code == 200


async def test_the_refund_of_the_fixture_can_be_withdrawn_until_the_money_is_there(buyer: Buyer) -> None:
    number = (await buyer.order("order_refunding"))["aftersales"][0]["aftersale_id"]
    path = f"/aftersales/{number}/cancel"

    late = await buyer.later(days=7).write("POST", path)
    done = await buyer.write("POST", path)
    again = await buyer.write("POST", path)

    assert (refusal(late), done.status_code, refusal(again)) == ("already_refunded", 200, "aftersale_ended")
    assert (await buyer.order("order_refunding"))["status"] == "paid"


async def test_goods_on_their_way_back_cannot_be_called_back(shop: DemoShop, http: httpx.AsyncClient) -> None:
    """The seed has returns that the shop is checking."""
    for person in await shop.demo_shoppers():
        buyer = Buyer(http, {**person, "orders": {}})
        for order in (await buyer.get("/orders?status=aftersale")).json()["orders"]:
            if order["aftersales"][0]["status"] == "returned":
                response = await buyer.write("POST", f"/aftersales/{order['aftersales'][0]['aftersale_id']}/cancel")
                assert refusal(response) == "already_sent_back"
                return
    raise AssertionError("the seed has no return that was sent back")


async def test_a_cancelled_order_does_not_come_back(buyer: Buyer) -> None:
    order = (await buyer.write("POST", f"/orders/{buyer['order_paid_unshipped']}/cancel")).json()

    response = await buyer.write("POST", f"/aftersales/{order['aftersales'][0]['aftersale_id']}/cancel")

    assert refusal(response) == "order_cancelled"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": "repair"}, "kind"),
        ({"reason": ""}, "reason"),
        ({"reason": "坏" * 501}, "reason"),
        ({"order_id": 5}, "order_id"),
        ({"extra": 1}, "extra"),
    ],
)
async def test_a_body_that_is_not_as_documented_is_invalid(buyer: Buyer, change: dict[str, object], field: str) -> None:
    body = {"order_id": buyer["order_delivered"], "kind": "return", "reason": "不喜欢"}

    response = await buyer.write("POST", "/aftersales", {**body, **change})

    assert (response.status_code, response.json()["error"]["field"]) == (422, field)
    assert (await buyer.write("POST", "/aftersales", body)).status_code == 200


async def test_an_order_of_one_item_may_be_named_by_that_item(buyer: Buyer) -> None:
    wrong = await buyer.aftersale("order_delivered", "return", sku="10231")
    right = await buyer.aftersale("order_delivered", "return", sku="10101")

    assert refusal(wrong) == "which_item"
    assert (right.json()["amount"], right.json()["sku"]) == ("409.00", None)


async def test_a_pickup_is_booked_and_brings_the_goods_back(buyer: Buyer) -> None:
    made = (await buyer.aftersale("order_delivered", "return")).json()
    path = f"/aftersales/{made['aftersale_id']}"

    booked = (await buyer.write("PUT", f"{path}/pickup", {"slot": made["pickup"]["slots"][0]})).json()
    moved = (await buyer.write("PUT", f"{path}/pickup", {"slot": made["pickup"]["slots"][1]})).json()

    assert (booked["status"], booked["pickup"]["booked"]) == ("requested", "11月21日 17:00-19:00")
    assert moved["steps"][2]["text"] == "快递上门取件（11月22日 09:00-11:00）"
    assert (await buyer.later(hours=4).get(path)).json()["status"] == "pickup_scheduled"
    assert (await buyer.later(days=2, hours=22).get(path)).json()["status"] == "returned"


async def test_a_pickup_needs_a_free_window_and_goods_that_have_not_left(buyer: Buyer) -> None:
    made = (await buyer.aftersale("order_delivered", "return")).json()
    refund = (await buyer.order("order_refunding"))["aftersales"][0]["aftersale_id"]
    slot = {"slot": made["pickup"]["slots"][1]}
    path = f"/aftersales/{made['aftersale_id']}/pickup"

    assert refusal(await buyer.write("PUT", path, {"slot": "11月21日 05:00-07:00"})) == "slot_gone"
    assert refusal(await buyer.write("PUT", f"/aftersales/{refund}/pickup", slot)) == "nothing_to_pick_up"
    assert (await buyer.write("PUT", path, slot)).status_code == 200
    assert refusal(await buyer.later(days=1).write("PUT", path, slot)) == "already_sent_back"
