"""Invoices: for the first time, the same again, with another title, special ones of companies, and tax numbers that cannot be one."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.conftest import Conversation, Dialogue
from tests.dialogue.stub_shop import DELIVERED, StubShop

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
