"""Rules that need no trained model: numbers, days, values."""

from __future__ import annotations

from datetime import date

import pytest

from bot.nlu.entities.dates import dates
from bot.nlu.entities.numbers import amounts, codes, quantities
from bot.nlu.entities.people import invoice_titles
from bot.nlu.entities.values import value_of
from bot.nlu.normalise import plain

SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "slot", "found"),
    [
        ("订单号20260718003344查一下", None, [("order_id", "20260718003344")]),
        ("2026 0716 0031 25", None, [("order_id", "20260716003125")]),
        ("订单号是 20260718003", None, [("order_id", "20260718003")]),
        ("单号 sf1402233445566", None, [("tracking_no", "SF1402233445566")]),
        ("773212345678901 申通", None, [("tracking_no", "773212345678901")]),
        ("打 +86 138-0013-0013", None, [("phone", "13800130013")]),
        ("税号 9144 0300 MA5F 9P3R 2T", None, [("tax_no", "91440300MA5F9P3R2T")]),
        ("13811112222 的 20260718003344", None, [("phone", "13811112222"), ("order_id", "20260718003344")]),
        ("5678", "phone_last4", [("phone", "5678")]),
        ("88812345", "order_id", [("order_id", "88812345")]),
        ("尺码 180 五天 2 次", None, []),
    ],
)
def test_codes_are_told_apart_by_form_and_by_what_was_asked(text: str, slot: str | None, found: list[tuple[str, str]]) -> None:
    assert [(f.entity, f.value) for f in sorted(codes(plain(text), requested_slot=slot), key=lambda f: f.start)] == sorted(
        found, key=lambda f: plain(text).replace(" ", "").replace("-", "").upper().find(f[1])
    )


@pytest.mark.parametrize(
    ("text", "spans", "values"),
    [
        ("扣了¥199", ["¥199"], ["199.00"]),
        ("两千块钱", ["两千块钱"], ["2000.00"]),
        ("1,299元", ["1,299元"], ["1299.00"]),
        ("3块5", ["3块5"], ["3.50"]),
        ("一块寄回来", [], []),
        ("圆通的", [], []),
    ],
)
def test_amounts_take_their_unit_along(text: str, spans: list[str], values: list[str]) -> None:
    found = amounts(plain(text))

    assert [plain(text)[f.start : f.end] for f in found] == spans
    assert [f.value for f in found] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [("买了两件", ["2"]), ("5盒改2盒", ["5", "2"]), ("十双", ["10"]), ("第二个", []), ("两次 5天 24小时 三个月", []), ("两个工作日", [])],
)
def test_quantities_need_a_measure_word_and_are_no_durations(text: str, values: list[str]) -> None:
    assert [f.value for f in quantities(plain(text))] == values


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("昨天下的单", [("昨天", "2026-11-20")]),
        ("昨晚拍的", [("昨晚", "2026-11-20")]),
        ("下周三上午", [("下周三", "2026-11-25")]),
        ("上周五买的", [("上周五", "2026-11-13")]),
        ("周一发的", [("周一", "2026-11-16")]),
        ("周一再送", [("周一", "2026-11-23")]),
        ("这周日", [("这周日", "2026-11-22")]),
        ("2026-07-19", [("2026-07-19", "2026-07-19")]),
        ("7.22 和 7月20号", [("7.22", "2026-07-22"), ("7月20号", "2026-07-20")]),
        ("上个月3号", [("上个月3号", "2026-10-03")]),
        ("20号以后再送", [("20号", "2026-12-20")]),
        ("三天前", [("三天前", "2026-11-18")]),
        ("双11 618 11.11 五天 1.8米 8号楼 大一号", []),
    ],
)
def test_days_are_dated_by_the_clock_that_is_passed_in(text: str, found: list[tuple[str, str]]) -> None:
    assert [(plain(text)[f.start : f.end], f.value) for f in dates(plain(text), SATURDAY)] == found


@pytest.mark.parametrize(
    ("entity", "typed", "value"),
    [
        ("sku_option", "四十二码", "42码"),
        ("sku_option", "xl的", "XL"),
        ("sku_option", "米白色", "米白色"),
        ("amount", "两百", "200.00"),
        ("quantity", "三箱", "3"),
        ("rating", "五颗星", "5"),
        ("rating", "满分", "5"),
        ("order_id", "2026 0716-0031 25", "20260716003125"),
        ("phone", "+86 13800130013", "13800130013"),
        ("tax_no", "91440300ma5f9p3r2t", "91440300MA5F9P3R2T"),
        ("person", "王女士", "王女士"),
    ],
)
def test_values_are_normalised_as_the_contract_says(entity: str, typed: str, value: str) -> None:
    assert value_of(entity, typed, today=SATURDAY) == value


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("不对,抬头要改成 上海云帆科技有限公司浦东分公司", ["上海云帆科技有限公司浦东分公司"]),
        ("抬头 上海云帆科技有限公司（浦东分公司）", ["上海云帆科技有限公司(浦东分公司)"]),
        ("抬头要北京远山银行股份有限公司广州支行 谢谢", ["北京远山银行股份有限公司广州支行"]),
        ("抬头错了 我要浦东分公司的", ["浦东分公司"]),
        ("杭州青禾文化有限公司 抬头改成浦东分公司", ["杭州青禾文化有限公司", "浦东分公司"]),
        ("发票开个人", ["个人"]),
    ],
)
def test_branch_belongs_to_the_title_of_its_company(text: str, titles: list[str]) -> None:
    assert [f.value for f in invoice_titles(plain(text), "")] == titles
