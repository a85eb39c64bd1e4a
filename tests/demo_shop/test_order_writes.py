from __future__ import annotations

import httpx
import pytest

from server.demo_shop import DemoShop
from tests.demo_shop.conftest import NOW, Buyer, MakeBuyer, refusal

ADDRESS = "上海市浦东新区世纪大道100号8楼"


async def _cancel(buyer: Buyer, order: str) -> httpx.Response:
    return await buyer.write("POST", f"/orders/{buyer[order]}/cancel", {"reason": "拍错了"})


async def _move(buyer: Buyer, order: str, address: str = ADDRESS, **more: str) -> httpx.Response:
    return await buyer.write("PUT", f"/orders/{buyer[order]}/address", {"address": address, **more})


async def _options(buyer: Buyer, order: str, to: str, **more: str) -> httpx.Response:
    return await buyer.write("PUT", f"/orders/{buyer[order]}/options", {"to": to, **more})


async def _invoice(buyer: Buyer, order: str, title: str = "个人", **more: str) -> httpx.Response:
    return await buyer.write("POST", f"/orders/{buyer[order]}/invoice", {"title": title, **more})


async def _unpaid(shop: DemoShop, http: httpx.AsyncClient) -> Buyer:
    """A seeded shopper with an order that was placed within the last half hour and never paid."""
    for shopper in await shop.demo_shoppers():
        for order in await shop.orders_of(shopper["shopper_id"], now=NOW):
            if order["paid_at"] is None and order["created_at"] > "2026-11-21T13:30":
                return Buyer(http, {**shopper, "orders": {"order_unpaid": order["order_id"]}})
    raise AssertionError("the seed has no unpaid order")


async def test_an_unshipped_order_is_cancelled_and_refunded(buyer: Buyer) -> None:
    response = await _cancel(buyer, "order_paid_unshipped")

    order = response.json()
    assert response.status_code == 200
    assert order["status"] == "closed"
    assert [(a["kind"], a["status"], a["amount"]) for a in order["aftersales"]] == [("refund", "refunding", "139.00")]
    assert await buyer.order("order_paid_unshipped") == order


async def test_a_cancelled_order_gives_its_goods_back_to_the_stock(buyer: Buyer, shop: DemoShop) -> None:
    before = {s["option"]: s["quantity"] for s in (await shop.product("10103"))["stock"]}

    await _cancel(buyer, "order_paid_unshipped")

    after = {s["option"]: s["quantity"] for s in (await shop.product("10103"))["stock"]}
    assert after["白色/M"] == before["白色/M"] + 1


async def test_an_unpaid_order_is_closed_without_a_refund(shop: DemoShop, http: httpx.AsyncClient) -> None:
    buyer = await _unpaid(shop, http)
    invoice = await _invoice(buyer, "order_unpaid")

    order = (await _cancel(buyer, "order_unpaid")).json()

    assert refusal(invoice) == "not_paid"
    assert (order["status"], order["aftersales"], order["payment_method"]) == ("closed", [], None)


async def test_an_unpaid_order_closes_after_half_an_hour(shop: DemoShop, http: httpx.AsyncClient) -> None:
    buyer = await _unpaid(shop, http)

    assert (await buyer.later(minutes=31).order("order_unpaid"))["status"] == "closed"


@pytest.mark.parametrize(
    ("order", "reason"),
    [("order_shipped", "already_shipped"), ("order_delivered", "already_shipped"), ("order_refunding", "already_requested")],
)
async def test_what_is_on_its_way_cannot_be_cancelled(buyer: Buyer, order: str, reason: str) -> None:
    before = await buyer.order(order)

    response = await _cancel(buyer, order)

    assert refusal(response) == reason
    assert response.json()["error"]["message"].endswith("。")
    assert await buyer.order(order) == before


async def test_a_closed_order_cannot_be_changed_again(buyer: Buyer) -> None:
    await _cancel(buyer, "order_paid_unshipped")

    again = await _cancel(buyer, "order_paid_unshipped")
    moved = await _move(buyer, "order_paid_unshipped")
    invoiced = await _invoice(buyer, "order_paid_unshipped")

    # The refund of a cancelled order is still open.
    assert (refusal(again), refusal(moved), refusal(invoiced)) == ("already_requested", "already_requested", "already_closed")
    assert refusal(await _cancel(buyer.later(days=2), "order_paid_unshipped")) == "already_closed"


@pytest.mark.parametrize("name", ["order_not_mine", "order_unknown"])
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/orders/{}/cancel", None),
        ("PUT", "/orders/{}/address", {"address": ADDRESS}),
        ("PUT", "/orders/{}/options", {"to": "黑色"}),
        ("POST", "/orders/{}/invoice", {"title": "个人"}),
        ("POST", "/aftersales", {"order_id": "{}", "kind": "return", "reason": "不喜欢"}),
    ],
)
async def test_nobody_writes_to_somebody_elses_order(buyer: Buyer, name: str, method: str, path: str, body: dict[str, str] | None) -> None:
    filled = {k: v.format(buyer[name]) for k, v in body.items()} if body else None

    assert (await buyer.write(method, path.format(buyer[name]), filled)).status_code == 404


async def test_an_address_changes_once_before_shipping(buyer: Buyer) -> None:
    first = await _move(buyer, "order_paid_unshipped", receiver="李雷", phone="13900001234")
    second = await _move(buyer, "order_paid_unshipped", "北京市朝阳区建国路88号")

    order = await buyer.order("order_paid_unshipped")
    assert first.status_code == 200
    assert refusal(second) == "address_changed_once"
    assert order["address_masked"] == "上海市浦东新区****"
    assert (order["receiver_masked"], order["phone_masked"], order["address_changes"]) == ("李*", "139****1234", 1)


async def test_who_receives_it_changes_without_the_address(buyer: Buyer) -> None:
    before = await buyer.order("order_paid_unshipped")

    changed = await buyer.write("PUT", f"/orders/{buyer['order_paid_unshipped']}/address", {"phone": "13900001234"})

    order = await buyer.order("order_paid_unshipped")
    assert changed.status_code == 200
    assert (order["phone_masked"], order["address_masked"], order["address_changes"]) == ("139****1234", before["address_masked"], 0)


@pytest.mark.parametrize(
    ("address", "more", "reason"),
    [
        ("公司", {}, "address_unclear"),
        ("我家楼下的快递柜", {}, "address_unclear"),
        ("新疆维吾尔自治区乌鲁木齐市天山区解放路1号", {}, "fee_differs"),
        (ADDRESS, {"phone": "12345"}, "phone_unclear"),
    ],
)
async def test_an_address_must_be_usable(buyer: Buyer, address: str, more: dict[str, str], reason: str) -> None:
    assert refusal(await _move(buyer, "order_paid_unshipped", address, **more)) == reason
    assert (await buyer.order("order_paid_unshipped"))["address_changes"] == 0


async def test_a_shipped_order_keeps_its_address(buyer: Buyer) -> None:
    assert refusal(await _move(buyer, "order_shipped")) == "already_shipped"


@pytest.mark.parametrize(
    ("to", "option"), [("黑色", "黑色/M"), ("黑", "黑色/M"), ("L", "白色/L"), ("l码", "白色/L"), ("黑色 XL 码", "黑色/XL")]
)
async def test_colour_and_size_change_before_shipping(buyer: Buyer, shop: DemoShop, to: str, option: str) -> None:
    before = {s["option"]: s["quantity"] for s in (await shop.product("10103"))["stock"]}

    order = (await _options(buyer, "order_paid_unshipped", to)).json()

    after = {s["option"]: s["quantity"] for s in (await shop.product("10103"))["stock"]}
    assert order["items"][0]["option"] == option
    assert (after[option], after["白色/M"]) == (before[option] - 1, before["白色/M"] + 1)


@pytest.mark.parametrize(
    ("order", "to", "reason"),
    [
        ("order_paid_unshipped", "紫色", "unknown_option"),
        ("order_paid_unshipped", "白色", "same_option"),
        ("order_shipped", "浅灰", "already_shipped"),
        ("order_refunding", "湖蓝", "already_requested"),
    ],
)
async def test_an_option_that_cannot_be_is_refused(buyer: Buyer, order: str, to: str, reason: str) -> None:
    before = await buyer.order(order)

    assert refusal(await _options(buyer, order, to)) == reason
    assert await buyer.order(order) == before


async def test_an_unknown_option_is_answered_with_the_known_ones(buyer: Buyer) -> None:
    message = (await _options(buyer, "order_paid_unshipped", "紫色")).json()["error"]["message"]

    assert "黑色、白色" in message


async def test_a_personal_invoice_is_requested_and_sent_again(buyer: Buyer) -> None:
    first = (await _invoice(buyer, "order_delivered")).json()["invoice"]
    again = (await _invoice(buyer, "order_delivered")).json()["invoice"]

    assert (first["title"], first["tax_no"], first["kind"], first["status"]) == ("个人", None, "ordinary", "requested")
    assert again == first


async def test_an_invoice_is_issued_a_day_after_receipt_is_confirmed(buyer: Buyer) -> None:
    await _invoice(buyer, "order_delivered")

    order = await buyer.later(days=20).order("order_delivered")

    assert order["invoice"]["status"] == "issued"
    assert order["invoice"]["issued_at"] == order["invoice"]["issue_by"]
    assert order["invoice"]["number"].isdigit()


@pytest.mark.parametrize(
    ("title", "more", "reason"),
    [
        ("杭州云上科技有限公司", {}, "tax_no_missing"),
        ("张三", {"kind": "special"}, "tax_no_missing"),
        ("杭州云上科技有限公司", {"tax_no": "12345"}, "tax_no_unclear"),
    ],
)
async def test_a_company_needs_its_tax_number(buyer: Buyer, title: str, more: dict[str, str], reason: str) -> None:
    refused = await _invoice(buyer, "order_delivered", title, **more)
    accepted = await _invoice(buyer, "order_delivered", title, **{**more, "tax_no": "9133 0106 ma2b1c3d4e"})

    assert refusal(refused) == reason
    assert accepted.json()["invoice"]["tax_no"] == "91330106MA2B1C3D4E"


async def test_the_title_of_an_invoice_changes_once(buyer: Buyer) -> None:
    await _invoice(buyer, "order_delivered")

    first = await _invoice(buyer, "order_delivered", "张三")
    second = await _invoice(buyer, "order_delivered", "李四")

    assert (first.json()["invoice"]["title"], first.json()["invoice"]["changes"]) == ("张三", 1)
    assert refusal(second) == "invoice_changed_once"


async def test_the_title_stays_thirty_days_after_issue(buyer: Buyer) -> None:
    await _invoice(buyer, "order_delivered")

    assert refusal(await _invoice(buyer.later(days=50), "order_delivered", "张三")) == "invoice_change_over"


async def test_an_invoice_can_be_asked_for_up_to_a_year(make_buyer: MakeBuyer) -> None:
    within, beyond = await make_buyer(delivered={"days_ago": 360}), await make_buyer(delivered={"days_ago": 400})

    assert (await _invoice(within, "order_delivered")).status_code == 200
    assert refusal(await _invoice(beyond, "order_delivered")) == "invoice_window_over"


async def test_an_invoice_of_an_unshipped_order_waits_for_receipt(buyer: Buyer) -> None:
    invoice = (await _invoice(buyer, "order_paid_unshipped")).json()["invoice"]

    assert (invoice["status"], invoice["issue_by"]) == ("requested", None)


async def test_goodwill_is_a_coupon_once_an_order_and_within_authority(buyer: Buyer) -> None:
    path = f"/orders/{buyer['order_delivered']}/compensation"
    much = await buyer.write("POST", path, {"amount": "10.01", "reason": "晚了三天"})
    given = await buyer.write("POST", path, {"amount": "5.00", "reason": "晚了三天"})
    again = await buyer.write("POST", path, {"amount": "5.00", "reason": "晚了三天"})

    assert refusal(much) == "beyond_authority"
    assert (given.json()["amount"], given.json()["threshold"], given.json()["status"]) == ("5.00", "0.00", "usable")
    assert refusal(again) == "already_compensated"


async def test_a_note_can_be_written_until_shipping(buyer: Buyer) -> None:
    written = await buyer.write("PUT", f"/orders/{buyer['order_paid_unshipped']}/note", {"note": "送货前请打电话"})
    late = await buyer.write("PUT", f"/orders/{buyer['order_shipped']}/note", {"note": "送货前请打电话"})

    assert written.json()["note"] == "送货前请打电话"
    assert refusal(late) == "already_shipped"
    assert (await buyer.order("order_shipped"))["note"] == ""
