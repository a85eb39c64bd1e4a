from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.core.aftersales import came_instead, days_allowed, fault_of, no_return_if_damaged, opened, refund_due, shop_pays_freight
from bot.core.delivery import auto_confirm_at, courier_for, in_double11, parcel_status, promised_ship_by, shipped_late, shipping_fee_fen
from bot.core.orders import free_items, is_company_title, mask_address, mask_name, standing

NOW = datetime.fromisoformat("2026-11-21T14:00:00+08:00")


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-10-31T19:59:59+08:00", False),
        ("2026-10-31T20:00:00+08:00", True),
        ("2026-11-11T23:59:59+08:00", True),
        ("2026-11-12T00:00:00+08:00", False),
    ],
)
def test_double11_runs_from_halloween_evening_to_the_end_of_the_eleventh(moment: str, inside: bool) -> None:
    assert in_double11(datetime.fromisoformat(moment)) is inside


def test_promises_are_longer_in_double11() -> None:
    busy = NOW.replace(day=5)

    assert (promised_ship_by(NOW) - NOW, promised_ship_by(busy) - busy) == (timedelta(hours=48), timedelta(hours=72))
    assert (auto_confirm_at(NOW) - NOW, auto_confirm_at(busy) - busy) == (timedelta(days=10), timedelta(days=15))


@pytest.mark.parametrize(
    ("status", "hours", "at_now"),
    [("in_transit", 47, "in_transit"), ("in_transit", 48, "stuck"), ("collected", 168, "lost"), ("delivered", 900, "delivered")],
)
def test_a_parcel_without_movement_is_stuck_and_then_lost(status: str, hours: int, at_now: str) -> None:
    assert parcel_status(status, NOW - timedelta(hours=hours), NOW) == at_now


@pytest.mark.parametrize(
    ("goods_fen", "address", "fee_fen"),
    [
        (58_99, "上海市浦东新区", 8_00),
        (59_00, "上海市浦东新区", 0),
        (198_99, "新疆维吾尔自治区乌鲁木齐市", 15_00),
        (199_00, "西藏自治区拉萨市", 0),
    ],
)
def test_shipping_is_free_from_an_amount_that_depends_on_the_region(goods_fen: int, address: str, fee_fen: int) -> None:
    assert shipping_fee_fen(goods_fen, address) == fee_fen


@pytest.mark.parametrize(
    ("category", "amount_fen", "courier"), [("electronics", 20_00, "顺丰"), ("home", 500_01, "顺丰"), ("home", 500_00, "中通")]
)
def test_the_courier_follows_from_goods_and_value(category: str, amount_fen: int, courier: str) -> None:
    assert courier_for(category, amount_fen) == courier


@pytest.mark.parametrize(
    ("reason", "fault"),
    [
        ("不喜欢，想退了", "none"),
        ("尺码不合适", "none"),
        ("不是质量问题，就是不想要", "none"),
        ("质量挺好的，只是颜色不喜欢", "none"),
        ("拍错了", "none"),
        ("穿一次就开线", "quality"),
        ("耳机坏了", "quality"),
        ("收到杯子碎了", "damaged"),
        ("东西收到是破的", "damaged"),
        ("袋子破了 漏米了", "damaged"),
        ("发错颜色了", "wrong_item"),
        ("少发了一件", "missing"),
        ("用了之后过敏", "allergy"),
        ("显示签收了但我没收到", "not_received"),
        ("刚买就降价，退差价", "price_drop"),
        ("it arrived broken", "damaged"),
        ("you sent the wrong size", "wrong_item"),
    ],
)
def test_a_reason_says_whose_fault_it_is(reason: str, fault: str) -> None:
    assert fault_of(reason) == fault


def test_the_shop_pays_for_its_faults_and_gives_more_time() -> None:
    assert (shop_pays_freight("quality"), shop_pays_freight("none")) == (True, False)
    assert [days_allowed("return", f) for f in ("none", "quality", "allergy")] == [7, 15, 30]
    assert days_allowed("exchange", "none") == 15


@pytest.mark.parametrize(
    ("method", "arrives"),
    [("huabei", "2026-11-21T14"), ("alipay", "2026-11-22T14"), ("wechat", "2026-11-22T14"), ("card", "2026-11-27T14")],
)
def test_money_takes_as_long_as_its_way(method: str, arrives: str) -> None:
    """21 November 2026 is a Saturday."""
    assert refund_due(method, NOW).isoformat().startswith(arrives)


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("浙江省杭州市西湖区文三路90号", "浙江省杭州市西湖区****"),
        ("上海市浦东新区世纪大道100号", "上海市浦东新区****"),
        ("公司前台", "公司前****"),
        ("", "****"),
    ],
)
def test_an_address_is_masked_below_the_district(address: str, masked: str) -> None:
    assert mask_address(address) == masked


def test_a_name_keeps_its_first_character_only() -> None:
    assert (mask_name("王小明"), mask_name("李雷"), mask_name("A")) == ("王**", "李*", "A*")


@pytest.mark.parametrize(
    ("title", "company"), [("个人", False), ("张三", False), ("杭州云上科技有限公司", True), ("第一中学校", True), ("Acme Ltd", True)]
)
def test_a_company_title_is_told_from_a_persons(title: str, company: bool) -> None:
    assert is_company_title(title) is company


@pytest.mark.parametrize(
    ("status", "shipped_at", "late"),
    [
        ("paid", None, True),
        ("shipped", "2026-11-20T17:00:00+08:00", False),
        ("shipped", "2026-11-20T19:00:00+08:00", True),
        ("delivered", "2026-11-20T19:00:00+08:00", False),
        ("closed", None, False),
    ],
)
def test_order_is_late_from_its_promise_until_it_arrives(status, shipped_at, late):
    order = {"status": status, "promised_ship_by": "2026-11-20T18:00:00+08:00", "shipped_at": shipped_at}

    assert shipped_late(order, datetime.fromisoformat("2026-11-21T14:00:00+08:00")) is late
    assert not shipped_late({**order, "promised_ship_by": None}, datetime.fromisoformat("2026-11-21T14:00:00+08:00"))


@pytest.mark.parametrize(
    ("reason", "done"),
    [
        ("已经拆封用过了", True),
        ("打开试了一下不喜欢", True),
        ("拆开了但没用过", True),
        ("没拆封", False),
        ("还没有拆封 买重复了", False),
        ("未开封", False),
        ("从来没用过 包装都没打开", False),
        ("全新未拆封未使用", False),
        ("I opened it", True),
        ("never opened", False),
        ("it is unopened", False),
        ("I haven't used it", False),
        ("不喜欢", False),
    ],
)
def test_opened_goods_are_told_from_those_that_were_not(reason: str, done: bool) -> None:
    assert opened(reason) is done


def test_damage_of_a_cheap_item_needs_no_return_for_two_days() -> None:
    order = {"delivered_at": "2026-11-20T12:00:00+08:00"}
    cheap, dear = ({"price": price, "quantity": 1} for price in ("14.90", "50.00"))
    now = datetime.fromisoformat("2026-11-21T14:00:00+08:00")

    assert no_return_if_damaged(order, cheap, now)
    assert not no_return_if_damaged(order, dear, now)
    assert not no_return_if_damaged(order, {**cheap, "quantity": 4}, now)
    assert not no_return_if_damaged(order, cheap, now + timedelta(days=2))


@pytest.mark.parametrize(
    ("text", "came"), [("给我发成杯子了", True), ("里面是个杯子", True), ("杯子碎了", False), ("收到的杯子碎了", False)]
)
def test_what_came_instead_is_told_from_what_was_ordered(text: str, came: bool) -> None:
    assert came_instead(text) is came


def test_items_outside_a_request_stand_as_they_were_received() -> None:
    request = {"status": "requested", "sku": "1"}
    order = {"status": "aftersale", "delivered_at": "2026-11-20T12:00:00+08:00", "items": [{"sku": "1"}, {"sku": "2"}]}

    assert (standing(order | {"aftersales": [request]}), free_items(order | {"aftersales": [request]})) == ("delivered", [{"sku": "2"}])
    assert standing(order | {"aftersales": [request | {"sku": None}]}) == "aftersale"
    assert standing(order | {"aftersales": [request, request | {"sku": "2"}]}) == "aftersale"
