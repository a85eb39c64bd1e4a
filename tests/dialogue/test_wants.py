"""The wants with a conversation of their own: other option, withdrawal, price difference, late shipment, lost parcel, coupons."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, SHIPPED, StubShop


def _second_item(shop: StubShop, order: str) -> None:
    shop.orders[order]["items"].append({**shop.orders[order]["items"][0], "sku": "10202", "name": "云杉长裤", "option": "灰色/L"})


def test_option_of_an_unshipped_order_is_changed_after_a_yes(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "云杉卫衣 黑色/M”改成 白色/M" in chat.say("还没发的那件改成白色", "modify_order", entities={"sku_option": "白色"})
    assert shop.writes == []
    assert "已修改" in chat.tap("确认修改")
    assert shop.writes == [(f"/orders/{PAID}/options", {"to": "白色/M", "sku": "10101"})]


def test_option_of_a_shipped_order_is_refused_with_the_way_on(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "换货" in chat.say(f"{SHIPPED} 换个颜色", "modify_order", entities={"order_id": SHIPPED})
    assert chat.last["active_form"] is None


@pytest.mark.parametrize("by", ["tap", "name"])
def test_one_of_several_items_is_asked_for(dialogue: Dialogue, shop: StubShop, by: str) -> None:
    _second_item(shop, DELIVERED)
    chat = dialogue.conversation()

    assert "哪" in chat.say(f"{DELIVERED} 我要换货", "request_exchange", entities={"order_id": DELIVERED})
    asked = chat.tap("云杉长裤 灰色/L") if by == "tap" else chat.say("裤子那件", "inform", entities={"product": "长裤"})
    assert "云杉长裤" in asked
    assert "云杉长裤 灰色/L”换成 灰色/XL" in chat.say("灰色/XL", "inform", entities={"sku_option": "灰色/XL"})
    chat.say("确认", "affirm")
    assert shop.writes[0][1]["sku"] == "10202"


@pytest.mark.parametrize(("said", "sku", "shown"), [("裤子那件", "10202", "“云杉长裤 灰色/L”"), ("都退了吧", None, "等 2 件”")])
def test_one_item_of_an_order_goes_back_or_all_of_it(dialogue: Dialogue, shop: StubShop, said: str, sku: str | None, shown: str) -> None:
    _second_item(shop, DELIVERED)
    chat = dialogue.conversation()

    assert "哪" in chat.say(f"{DELIVERED} 不喜欢 我要退货", "request_return", entities={"order_id": DELIVERED, "reason": "不喜欢"})
    assert "整个订单" in [b["title"] for m in chat.last["messages"] for b in m.get("buttons", [])]
    assert shown in chat.say(said, "inform", entities={"product": "长裤"} if sku else {})
    chat.say("确认", "affirm")
    assert shop.writes[0][1].get("sku") == sku


def test_item_that_is_named_at_once_is_not_asked_for_and_can_be_changed(dialogue: Dialogue, shop: StubShop) -> None:
    _second_item(shop, DELIVERED)
    chat = dialogue.conversation()
    said = {"order_id": DELIVERED, "reason": "不喜欢", "product": "长裤"}

    assert "“云杉长裤 灰色/L”" in chat.say(f"{DELIVERED} 长裤不喜欢 我要退货", "request_return", entities=said)
    assert "等 2 件”" in chat.say("算了整单都退", "request_return")
    chat.say("确认", "affirm")
    assert "sku" not in shop.writes[0][1]


def test_request_under_way_is_withdrawn(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED] |= {"status": "aftersale", "aftersales": [{"aftersale_id": "A7", "kind": "return", "status": "approved"}]}
    chat = dialogue.conversation()

    assert "退货退款" in chat.say("退货不退了 帮我撤销申请", "cancel_aftersale")
    assert "已撤销" in chat.say("对", "affirm")
    assert shop.writes == [("/aftersales/A7/cancel", {})]


def test_nothing_to_withdraw_is_said(dialogue: Dialogue, shop: StubShop) -> None:
    assert "没有正在办理" in dialogue.conversation().say("撤销退货申请", "cancel_aftersale")


def test_lower_price_is_paid_back_after_a_yes(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0]["current_price"] = "389.00"
    chat = dialogue.conversation()

    assert "10.00" in chat.say("刚买就降价了", "price_protection")
    assert "已提交" in chat.tap("确认申请")
    assert [body["kind"] for _, body in shop.writes] == ["refund"]


def test_price_that_is_not_lower_is_told(dialogue: Dialogue, shop: StubShop) -> None:
    assert "没有差价" in dialogue.conversation().say(f"{DELIVERED} 退差价", "price_protection", entities={"order_id": DELIVERED})


@pytest.mark.parametrize(
    ("promised", "said", "registered"), [("2026-11-22T18:00:00+08:00", "11月22日 18:00", 0), ("2026-11-20T18:00:00+08:00", "5%", 1)]
)
def test_late_shipment_is_registered_and_made_good(dialogue: Dialogue, shop: StubShop, promised: str, said: str, registered: int) -> None:
    shop.orders[PAID]["promised_ship_by"] = promised
    chat = dialogue.conversation()

    assert said in chat.say("怎么还不发货", "urge_shipment")
    assert [c["order_id"] for c in chat.commands] == [PAID] * registered


@pytest.mark.parametrize(("text", "intent"), [("怎么还不发货", "urge_shipment"), ("查下订单", "query_order"), ("到哪了", "track_package")])
def test_late_shipment_is_made_good_without_being_asked_once(dialogue: Dialogue, shop: StubShop, text: str, intent: str) -> None:
    shop.orders[PAID]["promised_ship_by"] = "2026-11-20T18:00:00+08:00"
    chat = dialogue.conversation()

    said = chat.say(f"{PAID} {text}", intent, entities={"order_id": PAID})
    assert "超过承诺时间" in said
    assert "10.00 元" in said
    assert shop.writes == []
    assert "已补偿" in chat.tap("接受补偿")
    assert shop.writes == [(f"/orders/{PAID}/compensation", {"amount": "10.00", "reason": "没有按承诺的时间发货"})]
    again = chat.say(f"{PAID} {text}", intent, entities={"order_id": PAID}, reset=True)
    assert "超过承诺时间" in again
    assert "接受" not in again


def test_offer_that_is_declined_or_passed_over_does_not_come_back(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[PAID]["promised_ship_by"] = "2026-11-20T18:00:00+08:00"
    chat = dialogue.conversation()

    chat.say("怎么还不发货", "urge_shipment")
    assert "10.00 元" not in chat.say("快点发", "urge_shipment")
    assert chat.last["active_form"] is None
    assert "接受" not in chat.say(f"查 {PAID}", "query_order", entities={"order_id": PAID})
    assert shop.writes == []


@pytest.mark.parametrize(
    ("change", "offered"),
    [
        ({"status": "paid", "promised_ship_by": "2026-11-22T18:00:00+08:00"}, False),
        ({"status": "shipped", "shipped_at": "2026-11-20T20:00:00+08:00", "promised_ship_by": "2026-11-20T18:00:00+08:00"}, True),
        ({"status": "shipped", "shipped_at": "2026-11-20T10:00:00+08:00", "promised_ship_by": "2026-11-20T18:00:00+08:00"}, False),
        ({"status": "delivered", "shipped_at": "2026-11-20T20:00:00+08:00", "promised_ship_by": "2026-11-20T18:00:00+08:00"}, False),
    ],
)
def test_only_what_is_late_and_not_there_yet_is_made_good(
    dialogue: Dialogue, shop: StubShop, change: dict[str, str], offered: bool
) -> None:
    shop.orders[PAID] |= change
    chat = dialogue.conversation()

    chat.say(f"查 {PAID}", "query_order", entities={"order_id": PAID})
    assert ("接受补偿" in chat.buttons) is offered


def test_other_want_of_the_message_comes_before_an_offer(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[PAID]["promised_ship_by"] = "2026-11-20T18:00:00+08:00"
    chat = dialogue.conversation()

    chat.say("怎么还不发货 另外开个发票", "urge_shipment", wants=["urge_shipment", "request_invoice"])
    assert chat.last["active_form"] == "invoice_form"


@pytest.mark.parametrize(
    ("status", "said", "registered"), [("in_transit", "还在路上", 0), ("delivered", "核实", 1), ("lost", "丢件", 1), ("stuck", "核实", 1)]
)
def test_parcel_that_never_came_is_checked(dialogue: Dialogue, shop: StubShop, status: str, said: str, registered: int) -> None:
    shop.parcel_status = status
    chat = dialogue.conversation()

    chat.say("显示签收可是我没收到", "report_not_received")
    assert said in chat.say(SHIPPED, "inform", entities={"order_id": SHIPPED})
    assert len(chat.commands) == registered


@pytest.mark.parametrize("said", ["优惠券咋还是用不了 昨天领的", "你别说领 我领好了的 就是灰的"])
def test_coupon_that_cannot_be_used_is_answered_with_their_coupons(dialogue: Dialogue, shop: StubShop, said: str) -> None:
    hits = [{"id": "promo.coupon_not_usable", "title": "优惠券为什么用不了", "score": 0.4, "answer": "…", "offers": []}]

    answer = dialogue.conversation().say(said, "claim_coupon", band="suggest", hits=hits)
    assert "满 99 元可用" in answer
    assert "过期的券：11月25日 00:00 已过期" in answer
    assert "没到门槛" in answer
    assert "领取" not in answer


def test_usable_coupons_are_listed(dialogue: Dialogue, shop: StubShop) -> None:
    said = dialogue.conversation().say("我有什么券", "claim_coupon")
    assert "满99减20" in said
    assert "过期" not in said


@pytest.mark.parametrize(
    ("text", "intent", "tapped", "kind", "blame"),
    [
        ("杯子碎了", "report_damaged", "退货退款", "return", "碎了"),
        ("给我发成黑的了", "report_wrong_or_missing", "换一件新的", "exchange", "发错或少发：给我发成黑的了"),
    ],
)
def test_problem_is_told_a_remedy_chosen_and_asked_for(
    dialogue: Dialogue, shop: StubShop, text: str, intent: str, tapped: str, kind: str, blame: str
) -> None:
    chat = dialogue.conversation()

    assert "怎么处理" in chat.say(text, intent)
    assert "upload_request" in chat.cards
    assert tapped in chat.tap(tapped)
    assert "已提交" in chat.say("确认", "affirm")
    assert shop.writes[0][1]["kind"] == kind
    assert blame in shop.writes[0][1]["reason"]


def test_a_yes_after_something_was_wrong_is_shown_once_more(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 不喜欢 退货", "request_return", entities={"order_id": DELIVERED, "reason": "不喜欢"})
    assert "要改" in chat.say("不对", "deny")

    assert "请确认退货" in chat.say("确认", "affirm")
    assert shop.writes == []
    chat.say("确认", "affirm")
    assert len(shop.writes) == 1


@pytest.mark.parametrize("said", ["是退款吧", "是退钱吧"])
def test_a_question_back_is_no_yes(dialogue: Dialogue, shop: StubShop, said: str) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 不喜欢 退货", "request_return", entities={"order_id": DELIVERED, "reason": "不喜欢"})
    chat.say(said, "request_refund")

    assert shop.writes == []


@pytest.mark.parametrize(("said", "intent"), [("换一下吧", "request_exchange"), ("嗯，改一下吧", "affirm")])
def test_a_wish_to_change_what_is_shown_is_no_yes(dialogue: Dialogue, shop: StubShop, said: str, intent: str) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 开发票 个人", "request_invoice", entities={"order_id": DELIVERED, "invoice_title": "个人"})
    chat.say(said, intent)

    assert shop.writes == []


def test_a_photo_that_was_sent_is_not_asked_for(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("[图片]", "inform", entities={"image": "f1"}, source="upload")

    assert "照片" in chat.say("杯子碎了", "report_damaged")
    assert "upload_request" not in chat.cards


def test_a_want_for_another_order_is_no_answer_to_what_is_to_be_done(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("衬衫破了个洞", "report_damaged", entities={"product": "衬衫"})
    assert chat.last["requested_slot"] == "remedy"

    answer = chat.say("羽绒服拖好几天了 晚了得赔钱", "request_compensation", entities={"product": "羽绒服"})
    assert "云杉羽绒服" in answer
    assert "寄回" not in answer
    chat.say("不用了", "deny")
    assert chat.last["requested_slot"] == "remedy"


@pytest.mark.parametrize("intent", ["request_compensation", "nlu_fallback"])
def test_missing_part_is_sent_by_a_ticket(dialogue: Dialogue, shop: StubShop, intent: str) -> None:
    chat = dialogue.conversation()
    chat.say("少了一个配件", "report_wrong_or_missing")

    assert "补发" in chat.say("给我补发吧", intent)
    assert "24 小时" in chat.say("对", "affirm")
    assert [c["detail"] for c in chat.commands] == ["补发：少了一个配件"]
    assert shop.writes == []


def test_remedy_that_is_said_at_once_is_not_asked_for(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("开线了", "report_quality")

    assert "退货退款" in chat.say("我要退货", "request_return")
    assert chat.last["requested_slot"] == "confirm"


def test_repair_tells_the_warranty_and_opens_a_ticket(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0]["category"] = "electronics"
    chat = dialogue.conversation()

    chat.say("耳机左边没声音了帮我报修", "request_repair")
    assert "免费维修" in "\n".join(m.get("text", "") for m in chat.last["messages"])
    chat.tap("确认报修")
    assert chat.commands[0]["detail"].startswith("报修：耳机左边没声音")


@pytest.mark.parametrize(
    ("text", "said", "registered"),
    [("同一单扣了我两次钱", "自动退回", 1), ("钱扣了订单还是待付款", "登记核对", 1), ("支付老是失败", "30 分钟", 0)],
)
def test_payment_trouble_is_told_apart(dialogue: Dialogue, shop: StubShop, text: str, said: str, registered: int) -> None:
    shop.orders[PAID]["status"] = "unpaid"
    chat = dialogue.conversation()

    assert said in chat.say(text, "payment_problem")
    assert len(chat.commands) == registered


def test_compensation_within_authority_is_given_after_a_yes(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    said = chat.say(f"{DELIVERED} 质量问题害我跑了三趟 怎么补偿", "request_compensation", entities={"order_id": DELIVERED})
    assert "10.00 元" in said
    chat.tap("接受补偿")
    assert [(path, body["amount"]) for path, body in shop.writes] == [(f"/orders/{DELIVERED}/compensation", "10.00")]


def test_compensation_beyond_authority_goes_to_a_person(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 赔我五百块", "request_compensation", entities={"order_id": DELIVERED, "amount": "500.00"})

    assert [c["reason"] for c in chat.commands] == ["over_authority"]
    assert chat.last["active_form"] is None
    assert shop.writes == []


def test_two_wants_of_one_message_are_handled_one_after_the_other(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    said = f"{DELIVERED} 这单颜色不好看退了吧 另外开个发票"
    chat.say(said, "request_return", entities={"order_id": DELIVERED, "reason": "颜色不好看"}, wants=["request_return", "request_invoice"])

    answer = chat.say("确认", "affirm")
    assert "退货申请已提交" in answer
    assert "申请开票" in answer
    assert "抬头" in answer
    assert "个人" in chat.say("个人", "inform")
    assert "已提交" in chat.say("对", "affirm")
    assert [path for path, _ in shop.writes] == ["/aftersales", f"/orders/{DELIVERED}/invoice"]


def test_stop_ends_both_wants(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("退货 再开个发票", "request_return", wants=["request_return", "request_invoice"])
    chat.say("算了", "stop")

    assert chat.last["active_form"] is None
    assert "没有" not in chat.say("你好", "greet")
    assert chat.last["actions"][0] == "action_small_talk"


def test_reason_that_is_part_of_the_want_is_not_asked_for_again(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    said = chat.say(f"{DELIVERED} 这单质量问题 我要退货", "request_return", entities={"order_id": DELIVERED})
    assert "这单质量问题" in said
    assert chat.last["requested_slot"] == "confirm"


def test_marks_alone_are_no_reason(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 退货", "request_return", entities={"order_id": DELIVERED})

    chat.say("。。。", "inform")
    assert chat.last["requested_slot"] == "reason"


def test_company_after_a_person_is_asked_for_its_tax_number(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 开发票", "request_invoice", entities={"order_id": DELIVERED})
    chat.tap("个人")

    assert "税号" in chat.say("写错了 抬头是杭州云上科技有限公司", "inform", entities={"invoice_title": "杭州云上科技有限公司"})


def test_price_in_a_late_order_is_no_demand(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[PAID]["promised_ship_by"] = "2026-11-20T18:00:00+08:00"
    chat = dialogue.conversation()

    assert "接受" in chat.say("我299元买的卫衣怎么还不发货", "urge_shipment", entities={"amount": "299.00", "product": "卫衣"})
    assert not any(c["type"] == "handoff" for c in chat.commands)


def test_refused_remedy_is_not_taken(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("杯子碎了", "report_damaged")

    assert "为您申请：退货退款" in chat.say("不想换了，直接退货", "request_return")


def test_mixed_order_is_asked_which_item_before_one_is_refused(dialogue: Dialogue, shop: StubShop) -> None:
    _second_item(shop, DELIVERED)
    shop.orders[DELIVERED]["items"][1] |= {"returnable": False, "return_note": "生鲜不支持七天无理由退货"}
    chat = dialogue.conversation()

    assert "哪" in chat.say(f"{DELIVERED} 我要换货", "request_exchange", entities={"order_id": DELIVERED})
    assert "生鲜不支持" in chat.tap("云杉长裤 灰色/L")


def test_form_that_follows_reads_no_number_of_the_first(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    both = {"wants": ["track_package", "cancel_order"], "entities": {"order_id": SHIPPED}}

    answer = chat.say(f"{SHIPPED} 到哪了，另外把没发货的取消了", "track_package", **both)
    assert "杭州" in answer
    assert "确认取消" in answer


def test_second_number_is_for_the_second_want(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    both = {"wants": ["track_package", "cancel_order"], "entities": [("order_id", SHIPPED), ("order_id", PAID)]}
    answer = chat.say(f"{SHIPPED}到哪了 还有那个{PAID}帮我取消", "track_package", **both)

    assert "杭州" in answer
    assert "确认取消“云杉卫衣”" in answer


def test_place_in_a_list_is_no_reason(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 退货", "request_return", entities={"order_id": DELIVERED})

    assert "确认退货" not in chat.say("第一个", "inform")
    assert "原因：不好看" in chat.say("不好看", "inform")


def test_trouble_with_an_order_that_goes_back_already_is_told_so(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 不喜欢 退货", "request_return", entities={"order_id": DELIVERED, "reason": "不喜欢"})
    under_way = {"aftersale_id": "A7", "kind": "return", "status": "requested", "status_text": "待审核", "amount": "399.00", "steps": []}
    shop.orders[DELIVERED] |= {"status": "aftersale", "aftersales": [under_way | {"order_id": DELIVERED}]}
    chat.say("确认", "affirm")

    assert "待审核" in chat.say("色差太大了", "report_quality")


def test_what_is_added_to_a_complaint_is_part_of_it(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("你们客服太差劲了 我要投诉", "complain")

    assert "；昨天打了三个电话都没人接" in chat.say("昨天打了三个电话都没人接", "ask_knowledge")
    chat.say("确认", "affirm")
    assert "没人接" in chat.commands[-1]["detail"]


def test_yes_with_the_verb_of_a_price_difference_asks_for_it(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0]["current_price"] = "389.00"
    chat = dialogue.conversation()
    assert "便宜 10.00" in chat.say("退差价", "price_protection")

    chat.say("可以，退吧", "request_return")
    assert [body["reason"] for _, body in shop.writes] == ["降价，申请价保退差价"]


def test_question_about_another_order_is_no_reason(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 退货", "request_return", entities={"order_id": DELIVERED})
    text = "我卫衣那单能开专票不 还没发货"

    answer = chat.say(
        text, "request_invoice", entities=[("reason", {"value": text, "extractor": "asked"}), ("product", "卫衣")], confidence=0.67
    )
    assert "抬头" in answer
    assert "退货申请" not in answer
    assert chat.last["active_form"] == "invoice_form"
