"""Invoices: for the first time, the same again, with another title, special ones of companies, and tax numbers that cannot be one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.conftest import Conversation, Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, SHIPPED, StubShop

COMPANY, TAX_NO = "杭州云上科技有限公司", "91330106MA2B1C3D4E"
ISSUED = {
    "title": "个人",
    "tax_no": None,
    "kind": "ordinary",
    "status": "issued",
    "requested_at": "2026-11-18T14:00:00+08:00",
    "issued_at": "2026-11-19T14:00:00+08:00",
    "changes": 0,
}


def _ask(chat: Conversation, text: str, **entities: str) -> str:
    return chat.say(f"{DELIVERED} {text}", "request_invoice", entities={"order_id": DELIVERED, **entities})


def _sent(shop: StubShop) -> list[dict[str, Any]]:
    return [body for path, body in shop.writes if path == f"/orders/{DELIVERED}/invoice"]


def test_special_invoice_asks_for_a_company_and_its_tax_number(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "抬头" in _ask(chat, "我要开增值税专用发票")
    assert "只能开给公司" in chat.tap("个人")
    assert "税号" in chat.say(COMPANY, "inform", entities={"invoice_title": COMPANY})
    assert "增值税专用发票" in chat.say(TAX_NO, "inform", entities={"tax_no": TAX_NO})
    chat.say("确认", "affirm")
    assert _sent(shop) == [{"title": COMPANY, "tax_no": TAX_NO, "kind": "special"}]


@pytest.mark.parametrize(("typed", "count"), [("9133010", "7"), ("税号是 9133-0106-MA2B", "12")])
def test_number_that_cannot_be_one_is_told_how_it_should_look(dialogue: Dialogue, shop: StubShop, typed: str, count: str) -> None:
    chat = dialogue.conversation()
    _ask(chat, f"开发票 抬头{COMPANY}", invoice_title=COMPANY)

    answer = chat.say(typed, "inform")

    assert f"有 {count} 位" in answer
    assert "15 到 20 位" in answer
    assert chat.last["requested_slot"] == "tax_no"
    assert TAX_NO in chat.say("9133 0106 MA2B 1C3D 4E", "inform")


def test_invoice_is_sent_again(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["invoice"] = ISSUED
    chat = dialogue.conversation()

    assert "再发一次到您的邮箱" in _ask(chat, "发票没收到 重新发一下")
    chat.say("确认", "affirm")
    assert _sent(shop) == [{"title": "个人", "kind": "ordinary"}]


def test_order_that_has_an_invoice_is_told_so_and_the_title_can_be_changed(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["invoice"] = ISSUED
    chat = dialogue.conversation()

    answer = _ask(chat, "开发票")
    assert "已经有发票了" in answer
    chat.say(COMPANY, "inform", entities={"invoice_title": COMPANY})
    assert "只能改一次" in chat.say(TAX_NO, "inform", entities={"tax_no": TAX_NO})
    chat.say("确认", "affirm")
    assert _sent(shop) == [{"title": COMPANY, "tax_no": TAX_NO, "kind": "ordinary"}]


@pytest.mark.parametrize(("invoice", "why"), [({"changes": 1}, "已经改过一次"), ({"issued_at": "2026-10-01T14:00:00+08:00"}, "超过 30 天")])
def test_change_that_is_no_longer_possible_is_refused_before_the_title_is_asked(
    dialogue: Dialogue, shop: StubShop, invoice: dict[str, Any], why: str
) -> None:
    shop.orders[DELIVERED]["invoice"] = ISSUED | invoice
    chat = dialogue.conversation()

    assert why in _ask(chat, "发票抬头写错了 帮我改一下")
    assert chat.last["active_form"] is None
    assert "再发一次" in chat.tap("重新发一份")


def test_same_invoice_again_before_it_is_issued_waits(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["invoice"] = ISSUED | {"status": "requested", "issued_at": None}

    assert "已经申请过了" in _ask(dialogue.conversation(), "开发票 抬头个人", invoice_title="个人")


def test_invoice_after_a_year_is_refused(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED] |= {"status": "completed", "completed_at": "2025-11-01T14:00:00+08:00"}

    assert "超过 1 年" in _ask(dialogue.conversation(), "开发票")


@pytest.mark.parametrize("said", ["公司的", "开公司", "单位抬头"])
def test_for_a_company_is_no_title_yet(dialogue: Dialogue, shop: StubShop, said: str) -> None:
    chat = dialogue.conversation()
    assert "抬头" in _ask(chat, "开发票")

    assert "抬头" in chat.say(said, "inform")
    assert "税号" in chat.say(COMPANY, "inform")


def _special(shop: StubShop) -> None:
    shop.orders[DELIVERED]["invoice"] = ISSUED | {"title": COMPANY, "tax_no": TAX_NO, "kind": "special"}


def test_change_of_the_title_keeps_kind_and_tax_number(dialogue: Dialogue, shop: StubShop) -> None:
    _special(shop)
    chat = dialogue.conversation()
    new = "杭州云上智能科技有限公司"

    shown = _ask(chat, f"抬头弄错了 应该是{new}", invoice_title=new)
    assert "增值税专用发票" in shown
    assert TAX_NO in shown
    chat.say("确认", "affirm")
    assert _sent(shop) == [{"title": new, "tax_no": TAX_NO, "kind": "special"}]


def test_another_company_is_asked_for_its_number_which_may_be_said_to_be_the_same(dialogue: Dialogue, shop: StubShop) -> None:
    _special(shop)
    chat = dialogue.conversation()

    assert "税号" in _ask(chat, "改抬头 上海晨星贸易行公司", invoice_title="上海晨星贸易行公司")
    assert chat.last["requested_slot"] == "tax_no"
    assert TAX_NO in chat.say("税号一样的啊 刚不是给过了", "inform")


def test_change_of_the_number_alone_keeps_the_title(dialogue: Dialogue, shop: StubShop) -> None:
    _special(shop)
    other = "91330106MA2B1C3D4Q"

    shown = _ask(dialogue.conversation(), f"税号改成{other}", tax_no=other)
    assert COMPANY in shown
    assert other in shown


def test_yes_with_a_correction_is_shown_again(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _ask(chat, "开发票", invoice_title=COMPANY, tax_no=TAX_NO)

    assert "增值税专用发票" in chat.say("确认 专票哈", "affirm")
    assert _sent(shop) == []
    chat.say("确认", "affirm")
    assert _sent(shop) == [{"title": COMPANY, "tax_no": TAX_NO, "kind": "special"}]


def test_title_corrected_at_the_confirmation_keeps_the_number_of_the_same_company(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _ask(chat, "开发票", invoice_title=COMPANY, tax_no=TAX_NO)

    assert TAX_NO in chat.say("确认 抬头改成杭州云尚科技有限公司", "affirm", entities={"invoice_title": "杭州云尚科技有限公司"})
    chat.say("抬头改成上海晨星贸易行公司", "request_invoice", entities={"invoice_title": "上海晨星贸易行公司"})
    assert chat.last["requested_slot"] == "tax_no"


def test_number_that_must_be_looked_up_is_waited_for(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _ask(chat, "开发票", invoice_title=COMPANY)

    answer = chat.say("税号我得问下财务 等下", "request_invoice", confidence=0.6)
    assert "不急" in answer
    assert "统一社会信用代码" not in answer
    assert TAX_NO in chat.say(f"问到了 {TAX_NO}", "inform", entities={"tax_no": TAX_NO})


def test_mail_address_is_no_tax_number(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _ask(chat, "开发票", invoice_title=COMPANY)

    answer = chat.say("发票发哪个邮箱 我换成 caiwu@yunfan.cn", "request_invoice")
    assert "账号里的邮箱" in answer
    assert "位，税号应该" not in answer


def test_as_before_takes_title_and_number_of_the_latest_invoice(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[PAID]["invoice"] = ISSUED | {"title": COMPANY, "tax_no": TAX_NO, "kind": "special"}

    shown = _ask(dialogue.conversation(), "发票也要 抬头跟刚才一样")
    assert COMPANY in shown
    assert TAX_NO in shown
    assert "增值税专用发票" in shown


def test_invoice_is_over_what_was_not_paid_back(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["aftersales"] = [{"aftersale_id": "A1", "kind": "refund", "status": "refunded", "amount": "10.00"}]

    assert "389.00 元" in _ask(dialogue.conversation(), "开发票 个人", invoice_title="个人")


def test_two_orders_are_invoiced_one_after_the_other(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    both = [("product", "羽绒服"), ("product", "卫衣"), ("invoice_title", "个人")]

    assert "羽绒服" in chat.say("羽绒服那单和卫衣那单都要开票 个人", "request_invoice", entities=both)
    assert "为“云杉卫衣”开具" in chat.say("确认", "affirm")
    chat.say("确认", "affirm")
    assert [(path.split("/")[2], body["title"]) for path, body in shop.writes] == [(SHIPPED, "个人"), (PAID, "个人")]
    assert chat.last["active_form"] is None


BRANCH = f"{COMPANY}浦东分公司"


def test_title_corrected_where_it_is_shown_keeps_the_tax_number(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _ask(chat, f"开票 抬头{COMPANY} 税号{TAX_NO}", invoice_title=COMPANY, tax_no=TAX_NO)

    shown = chat.say(f"等下 税号对 抬头少写了 是{BRANCH}", "request_invoice", entities={"invoice_title": BRANCH})
    assert f"抬头 {BRANCH}" in shown
    assert TAX_NO in shown


def test_branch_that_is_named_alone_is_one_of_the_company(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _ask(chat, f"开票 抬头{COMPANY} 税号{TAX_NO}", invoice_title=COMPANY, tax_no=TAX_NO)

    shown = chat.say("怎么还是旧的 要的是浦东分公司 不是总公司", "deny", entities={"invoice_title": "浦东分公司"}, confidence=0.4)
    assert f"抬头 {BRANCH}" in shown
    chat.say("好的 开吧", "request_invoice")
    assert _sent(shop) == [{"title": BRANCH, "tax_no": TAX_NO, "kind": "ordinary"}]


REQUESTED = {"status": "requested", "issued_at": None, "title": COMPANY, "tax_no": TAX_NO}


def test_title_of_an_invoice_that_is_not_issued_yet_is_changed(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["invoice"] = ISSUED | REQUESTED
    chat = dialogue.conversation()

    assert "税号" in _ask(chat, "我要浦东分公司的", invoice_title="浦东分公司")
    shown = chat.say(TAX_NO, "inform", entities={"tax_no": TAX_NO})
    assert f"抬头 {BRANCH}" in shown
    assert "只能改一次" in shown


def test_invoice_that_was_requested_is_not_offered_to_be_sent(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["invoice"] = ISSUED | REQUESTED
    chat = dialogue.conversation()

    answer = _ask(chat, "发票开了没")
    assert "还没开出" in answer
    assert "再发一次" not in answer
    assert "申请退货" not in chat.buttons
    assert chat.last["active_form"] is None
    assert "可以改 1 次" in chat.say("那怎么改抬头", "request_invoice")


def test_other_address_for_the_mail_is_answered_honestly(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["invoice"] = ISSUED | REQUESTED
    assert "换不了邮箱" in _ask(dialogue.conversation(), "发票能不能重发到另一个邮箱 boss@yunfan.com")

    shop.reset()
    chat = dialogue.conversation()
    _ask(chat, "开票 个人", invoice_title="个人")
    answer = chat.say("对 开吧 发到 caiwu@yunfan.com", "affirm")
    assert "换不了邮箱" in answer
    assert _sent(shop) == []
    assert "已提交" in chat.say("那就这样开吧", "affirm")


def test_invoice_of_an_order_under_exchange_is_told(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED] |= {"invoice": ISSUED | REQUESTED, "status": "aftersale"}

    assert "还没开出" in _ask(dialogue.conversation(), "发票开了没")


def test_other_invoice_beside_a_price_difference_is_of_the_other_order(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0]["current_price"] = "389.00"
    shop.orders[DELIVERED]["invoice"] = ISSUED | REQUESTED
    chat = dialogue.conversation()
    chat.say("开发票", "request_invoice")
    assert "便宜 10.00" in chat.say("衬衫那单退差价", "price_protection", entities={"product": "衬衫"})

    assert "云杉羽绒服" in chat.say("第一个那单发票也开一下 个人的就行", "request_invoice", entities={"invoice_title": "个人"})
    other = [("product", "衬衫"), ("product", "卫衣"), ("invoice_title", "个人"), ("product", "衬衫")]
    shown = chat.say("不是衬衫 是卫衣那单开个人的 衬衫的差价还要退", "nlu_fallback", entities=other)
    assert "云杉卫衣" in shown
    chat.say("确认", "affirm")
    assert [path for path, _ in shop.writes] == [f"/orders/{PAID}/invoice"]
    assert chat.last["active_form"] == "price_form"
