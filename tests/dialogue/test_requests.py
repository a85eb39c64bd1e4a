"""After-sales requests: which goods they are about, a change of mind on the way, and what the shop gives without a return."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.conftest import Conversation, Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, SHIPPED, StubShop


def _second_item(shop: StubShop, **more: Any) -> None:
    item = shop.orders[DELIVERED]["items"][0]
    shop.orders[DELIVERED]["items"].append({**item, "sku": "10202", "name": "云杉洗脸巾", "option": "默认", "price": "14.90", **more})


FREIGHT = {"id": "ship.fee", "title": "运费怎么算", "answer": "满 59 元包邮。", "score": 0.5}


def _request(number: str, kind: str = "refund", sku: str | None = None, order: str = SHIPPED) -> dict[str, Any]:
    request = {"aftersale_id": number, "sku": sku, "kind": kind, "status": "requested", "status_text": "待审核", "amount": "399.00"}
    return request | {"order_id": order, "steps": []}


def _other_order_is_refunded(shop: StubShop) -> None:
    shop.orders[SHIPPED] |= {"status": "aftersale", "aftersales": [_request("A7")]}


def _to_exchange(chat: Conversation) -> None:
    chat.say(f"{DELIVERED} 小了 换货", "request_exchange", entities={"order_id": DELIVERED, "reason": "小了"})


@pytest.mark.parametrize(("text", "shown"), [("不换了", "没有提交"), ("那退货吧 不换了", "确认退货申请：“云杉衬衫”，原因：小了")])
def test_request_that_is_being_made_is_left_or_becomes_another(dialogue: Dialogue, shop: StubShop, text: str, shown: str) -> None:
    _other_order_is_refunded(shop)
    chat = dialogue.conversation()
    _to_exchange(chat)

    assert shown in chat.say(text, "cancel_aftersale")
    assert "撤销" not in "".join(chat.words)


def test_remedy_is_changed_without_a_look_at_other_requests(dialogue: Dialogue, shop: StubShop) -> None:
    _other_order_is_refunded(shop)
    chat = dialogue.conversation()
    chat.say("衬衫拉链坏了", "report_quality", entities={"product": "衬衫"})
    chat.tap("换一件新的")

    assert "为您申请：退货退款" in chat.say("那退货吧 不换了", "cancel_aftersale")
    assert "没有提交" in chat.say("都不要了", "cancel_aftersale")


def test_request_of_another_order_is_withdrawn_when_it_is_named(dialogue: Dialogue, shop: StubShop) -> None:
    _other_order_is_refunded(shop)
    chat = dialogue.conversation()
    _to_exchange(chat)

    assert "确认撤销“云杉羽绒服”" in chat.say("羽绒服的退款撤了吧", "cancel_aftersale", entities={"product": "羽绒服"})


def test_withdrawal_is_not_offered_for_an_order_that_is_not_talked_about(dialogue: Dialogue, shop: StubShop) -> None:
    _other_order_is_refunded(shop)
    chat = dialogue.conversation()
    chat.say(DELIVERED, "inform", entities={"order_id": DELIVERED})

    assert "没有正在办理的售后" in chat.say("别退款", "cancel_aftersale")
    assert "order_list" not in chat.cards
    assert chat.last["active_form"] is None


def test_product_that_no_order_has_is_told_so_and_nothing_is_taken_instead(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "“微波炉”" in chat.say("微波炉坏了 换一台", "request_exchange", entities={"product": "微波炉"})
    assert "order_list" in chat.cards
    assert chat.last["requested_slot"] == "order_id"


def test_product_of_a_guide_goes_by_its_names(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(language="en")
    shop.orders[DELIVERED]["items"][0]["category"] = "clothing"

    assert "Kettle" in chat.say("the kettle does not heat, is it under warranty?", "request_repair")
    assert chat.last["requested_slot"] == "order_id"


@pytest.mark.parametrize(("text", "intent"), [("不是衬衫 是卫衣", "inform"), ("不是那件衬衫", "deny")])
def test_product_that_is_not_meant_is_dropped(dialogue: Dialogue, shop: StubShop, text: str, intent: str) -> None:
    shop.orders[PAID] |= {"status": "delivered", "delivered_at": "2026-11-20T12:00:00+08:00"}
    chat = dialogue.conversation()
    chat.say("衬衫开线了 换一件", "request_exchange", entities={"product": "衬衫", "reason": "开线了"})

    chat.say(text, intent, entities=[("product", "衬衫"), *([("product", "卫衣")] if "卫衣" in text else [])])
    assert chat.last["slots"]["order_id"] == PAID
    assert shop.writes == []


def test_what_came_instead_is_not_looked_for(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "怎么处理" in chat.say("你们发错了 发了个杯子给我", "report_wrong_or_missing", entities={"product": "杯子"})


def test_what_came_is_no_refusal_of_the_order(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("你们发错了", "report_wrong_or_missing")

    said = chat.say("换吧 里面是个杯子，我买的不是杯子", "request_exchange", entities={"product": "杯子"})
    assert "“云杉衬衫 黑色/M”，情况：你们发错了。为您申请：换一件新的" in said


def test_change_of_mind_that_sounds_like_giving_up(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("拉链坏了", "report_quality")
    chat.tap("退货退款")

    assert "为您申请：换一件新的" in chat.say("算了还是换", "stop")


def test_fault_that_is_told_later_belongs_to_it(dialogue: Dialogue, shop: StubShop) -> None:
    _second_item(shop)
    shop.orders[DELIVERED]["delivered_at"] = "2026-11-20T12:00:00+08:00"
    chat = dialogue.conversation()
    chat.say("收到有个坏的", "report_quality")
    chat.say("洗脸巾破了 包装都裂开了", "report_damaged", entities={"product": "洗脸巾"})

    assert "退款，不用退回" in chat.buttons
    assert "收到有个坏的；洗脸巾破了 包装都裂开了。为您申请：退款" in chat.say("直接退钱", "request_refund")


def test_damage_of_a_cheap_item_is_refunded_without_return(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["delivered_at"] = "2026-11-20T12:00:00+08:00"
    _second_item(shop)
    chat = dialogue.conversation()

    assert "哪" in chat.say("东西收到是破的 退钱", "request_refund")
    assert SHIPPED not in str(chat.last["messages"])
    assert "退款，不用退回" in chat.say("洗脸巾", "inform", entities={"product": "洗脸巾"})
    chat.say("确认", "affirm")
    assert shop.writes[0][1] == {"order_id": DELIVERED, "kind": "refund", "reason": "东西收到是破的 退钱", "sku": "10202"}


def test_kind_that_was_said_is_kept_when_the_item_is_told(dialogue: Dialogue, shop: StubShop) -> None:
    _second_item(shop)
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 破了 我要退货", "request_return", entities={"order_id": DELIVERED, "reason": "破了"})

    said = chat.say("只有洗脸巾啊说了多少遍", "report_wrong_or_missing", entities={"product": "洗脸巾"}, confidence=0.66)
    assert "“云杉洗脸巾 默认”，原因：破了" in said


def test_item_is_chosen_by_its_place(dialogue: Dialogue, shop: StubShop) -> None:
    _second_item(shop)
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 有质量问题", "report_quality", entities={"order_id": DELIVERED})

    chat.say("第二个", "inform")
    assert chat.last["slots"]["item"] == "10202"


def test_title_of_a_button_may_be_typed(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    _to_exchange(chat)

    assert "换成 黑色/L" in chat.say("黑色/L", "request_exchange")


def test_request_on_one_item_leaves_the_others_free(dialogue: Dialogue, shop: StubShop) -> None:
    _second_item(shop)
    shop.orders[DELIVERED] |= {"status": "aftersale", "aftersales": [_request("A8", "return", "10101", DELIVERED)]}
    chat = dialogue.conversation()

    assert "怎么处理" in chat.say("洗脸巾破了", "report_damaged", entities={"product": "洗脸巾"})
    assert "待审核" in dialogue.conversation().say("衬衫破了", "report_damaged", entities={"product": "衬衫"})


def test_withdrawal_names_the_item_and_goes_on_with_what_is_wanted_instead(dialogue: Dialogue, shop: StubShop) -> None:
    _second_item(shop)
    shop.orders[DELIVERED] |= {"status": "aftersale", "aftersales": [_request("A8", "exchange", "10101", DELIVERED)]}
    chat = dialogue.conversation()

    assert "“云杉衬衫 黑色/M”的换货" in chat.say("换货取消掉 改成退货退钱", "cancel_aftersale")
    assert "申请退货" in chat.say("嗯", "affirm")


@pytest.mark.parametrize(("want", "asked"), [("request_return", "换货取消掉 改成退货退钱"), ("cancel_aftersale", "换货撤了 改成退货吧")])
def test_no_to_a_withdrawal_is_the_end_of_it(dialogue: Dialogue, shop: StubShop, want: str, asked: str) -> None:
    _second_item(shop)
    shop.orders[DELIVERED] |= {"status": "aftersale", "aftersales": [_request("A8", "exchange", "10101", DELIVERED)]}
    chat = dialogue.conversation()
    assert "的换货" in chat.say(f"衬衫{asked}", want, entities={"product": "衬衫"})

    chat.say("不 先不撤了", "deny")
    assert chat.last["active_form"] is None
    assert shop.writes == []


def test_exchange_stands_without_an_amount(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED] |= {"status": "aftersale", "aftersales": [_request("A8", "exchange", "10101", DELIVERED)]}

    said = dialogue.conversation().say(f"{DELIVERED} 换货到哪了", "query_refund", entities={"order_id": DELIVERED})
    assert "换货进度" in said
    assert "元" not in said


def test_repair_is_one_of_the_remedies_under_warranty(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0]["category"] = "electronics"
    chat = dialogue.conversation()
    chat.say("充不进电了", "report_quality")

    assert "保修维修" in chat.buttons
    assert "免费维修" in chat.say("我不要换也不要退 就问能不能保修", "ask_knowledge", confidence=0.43)


def test_order_on_its_way_is_refused_at_the_door(dialogue: Dialogue, shop: StubShop) -> None:
    said = dialogue.conversation().say(f"{SHIPPED} 我要退货", "request_return", entities={"order_id": SHIPPED})

    assert "拒收" in said
    assert "退货期" not in said


def test_reason_is_what_blames_and_not_how_it_is_said(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 我要退货", "request_return", entities={"order_id": DELIVERED})

    assert "原因：不太喜欢 就是穿着显胖。" in chat.say("说了呀 不太喜欢 就是穿着显胖", "inform")


def test_goods_without_a_warranty_are_told_so(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0]["category"] = "clothing"
    shop.orders[DELIVERED]["delivered_at"] = "2026-11-01T12:00:00+08:00"

    said = dialogue.conversation().say("衬衫袖口开线了 帮我修一下", "request_repair", entities={"product": "衬衫"})
    assert "没有保修期" in said


def test_repair_that_is_charged_for_comes_after_what_is_free(dialogue: Dialogue, shop: StubShop) -> None:
    shop.orders[DELIVERED]["items"][0]["category"] = "clothing"
    chat = dialogue.conversation()

    assert "免费退货或换货" in chat.say("衬衫袖口开线了 能修吗", "request_repair", entities={"product": "衬衫"})
    assert chat.buttons == ["换一件新的", "退货退款", "付费维修"]
    assert "没有保修期" in chat.tap("付费维修")
    assert "请确认报修" in chat.say("就是刚才那单", "inform")
    assert "不收任何费用" not in chat.tap("确认申请")
    assert chat.commands[0]["detail"].startswith("报修：衬衫袖口开线")


@pytest.mark.parametrize(
    ("reason", "kind", "said"),
    [("尺码小了", "exchange", "运费由您承担"), ("不喜欢", "return", "最多 12 元"), ("开线了", "exchange", "来回运费都由我们承担")],
)
def test_freight_is_told_for_the_request_that_was_made(dialogue: Dialogue, shop: StubShop, reason: str, kind: str, said: str) -> None:
    shop.orders[DELIVERED] |= {"status": "aftersale", "aftersales": [_request("A8", kind, None, DELIVERED) | {"reason": reason}]}
    shop.orders[DELIVERED]["items"][0]["category"] = "clothing"
    chat = dialogue.conversation()
    chat.say(DELIVERED, "inform", entities={"order_id": DELIVERED})
    assert ("查换货进度" in chat.buttons) == (kind == "exchange")

    assert said in chat.say("那旧的寄过去要我出运费吗", "ask_knowledge", hits=[FREIGHT], band="suggest")
    assert "满 59 元" not in chat.say("我问要不要我出钱 运费", "ask_knowledge", hits=[FREIGHT], band="answer")
    assert "满 59 元" in chat.say("满多少包邮 运费怎么算", "ask_knowledge", hits=[FREIGHT], band="answer")


def test_freight_of_the_request_that_is_being_made_goes_with_the_rest_of_the_question(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 尺码小了 我要退货", "request_return", entities={"order_id": DELIVERED, "reason": "尺码小了"})

    exchange = FREIGHT | {"id": "return.exchange", "answer": "可以换，15 天内支持。"}
    answer = chat.say("换大一码要多久，运费我出吗", "ask_knowledge", hits=[exchange], band="answer")
    assert "15 天内支持" in answer
    assert "寄回的运费由您承担" in answer
    assert chat.last["requested_slot"] == "confirm"


def test_order_that_does_not_hold_the_broken_thing_is_not_taken(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("杯子把都断了", "report_damaged", entities={"product": "杯子"})

    answer = chat.say(
        f"不是杯子 是保温壶 订单号{DELIVERED}", "deny", entities=[("product", "杯子"), ("product", "保温壶"), ("order_id", DELIVERED)]
    )
    assert "没有“保温壶”" in answer
    assert chat.last["requested_slot"] == "order_id"


def test_order_number_in_a_question_is_looked_up(dialogue: Dialogue, shop: StubShop) -> None:
    assert "云杉羽绒服" in dialogue.conversation().say(f"{SHIPPED} 是不是这个", "affirm", entities={"order_id": SHIPPED})


def test_pickup_that_goes_with_a_withdrawn_request_is_told(dialogue: Dialogue, shop: StubShop) -> None:
    shop.pickup = {"slots": [], "booked": "11月22日 09:00-11:00"}
    shop.orders[DELIVERED] |= {"status": "aftersale", "aftersales": [_request("A8", "return", None, DELIVERED)]}
    chat = dialogue.conversation()
    chat.say("退货撤销吧", "cancel_aftersale")

    assert "上门取件（11月22日 09:00-11:00）" in chat.say("确认", "affirm")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("我付的钱什么时候到账", False),
        ("退货付了钱的发票还有用吗", False),
        ("希望尽快钱到账", False),
        ("寄回去要我掏钱吗", True),
        ("谁出钱", True),
        ("我还要花邮寄的钱吗", True),
    ],
)
def test_freight_is_told_where_it_is_asked(dialogue: Dialogue, shop: StubShop, text: str, told: bool) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 尺码小了 我要退货", "request_return", entities={"order_id": DELIVERED, "reason": "尺码小了"})

    other = FREIGHT | {"id": "refund.when", "answer": "看售后进度。"}
    answer = chat.say(text, "ask_knowledge", hits=[other], band="answer")
    assert "看售后进度" in answer
    assert ("运费由您承担" in answer) == told


@pytest.mark.parametrize("form", ["repair_form", "problem_form"])
def test_freight_of_a_repair_is_told_by_its_article(dialogue: Dialogue, shop: StubShop, form: str) -> None:
    shop.orders[DELIVERED]["items"][0]["category"] = "clothing"
    chat = dialogue.conversation()
    if form == "repair_form":
        shop.orders[DELIVERED]["delivered_at"] = "2026-09-10T12:00:00+08:00"
        chat.say(f"{DELIVERED} 拉链坏了 帮我报修", "request_repair", entities={"order_id": DELIVERED})
    else:
        chat.say("衬衫拉链坏了 能修吗", "request_repair", entities={"product": "衬衫"})
        chat.tap("付费维修")
    assert chat.last["active_form"] == form

    repair = FREIGHT | {"id": "warranty.how", "answer": "超过 30 天，单程运费由您承担。"}
    answer = chat.say("寄过去的运费谁出", "ask_knowledge", hits=[repair], band="answer")
    assert "来回运费都由我们承担" not in answer
    assert "超过 30 天" in answer
