"""Conversations with the real rules, forms and actions, as the server drives them."""

from __future__ import annotations

import re
import urllib.request

import pytest

from tests.dialogue.conftest import Dialogue, to_confirmation
from tests.dialogue.stub_shop import DELIVERED, FOREIGN, PAID, SHIPPED, StubShop

FEE = [{"id": "return.fee", "title": "退货运费谁承担", "answer": "无理由退货运费由您承担", "score": 0.9, "offers": ["request_return"]}]


def test_parcel_is_shown_after_the_order_is_chosen(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "哪" in chat.say("我快递到哪了", "track_package")
    assert chat.cards == ["order_list"]
    assert "杭州" in chat.say(SHIPPED, "inform", entities={"order_id": SHIPPED})
    assert chat.cards == ["parcel_card"]


def test_second_of_the_list_is_understood(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("查个订单", "query_order")

    assert "衬衫" in chat.say("第二个", "inform")


def test_bare_order_number_shows_the_order_and_what_can_be_done(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "待收货" in chat.say(SHIPPED, "inform", entities={"order_id": SHIPPED})
    assert "杭州" in chat.tap("查物流")


def test_one_fitting_order_is_not_asked_for(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "确认取消" in chat.say("取消订单", "cancel_order")


def test_return_with_a_question_in_between(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "原因" in chat.say(f"{DELIVERED} 这单我想退货", "request_return", entities={"order_id": DELIVERED})
    answer = chat.say("运费谁出啊", "ask_knowledge", band="answer", hits=FEE)
    assert "运费由您承担" in answer
    assert "原因" in answer
    assert "确认" in chat.say("不喜欢 颜色不好看", "inform")
    assert "已提交" in chat.tap("确认退货")
    assert shop.writes == [("/aftersales", {"order_id": DELIVERED, "kind": "return", "reason": "不喜欢 颜色不好看"})]


def test_correction_is_shown_again_before_it_is_sent(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert "尺码不合适" in chat.say("不对 原因是尺码不合适", "inform", entities={"reason": "尺码不合适"})
    assert shop.writes == []
    chat.say("确认", "affirm")
    assert shop.writes[0][1]["reason"] == "尺码不合适"


@pytest.mark.parametrize(("text", "intent"), [("先不了", "deny"), ("算了不退了", "stop")])
def test_no_and_stop_send_nothing_and_leave_the_form(dialogue: Dialogue, shop: StubShop, text: str, intent: str) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert "没有提交" in chat.say(text, intent)
    assert chat.last["active_form"] is None
    assert shop.writes == []


@pytest.mark.parametrize(
    ("text", "intent", "reason"), [("转人工", "request_human", "requested"), ("有人盗我号", "account_security", "security")]
)
def test_person_and_security_pass_through_a_form(dialogue: Dialogue, shop: StubShop, text: str, intent: str, reason: str) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 退货", "request_return", entities={"order_id": DELIVERED})

    chat.say(text, intent)

    assert [c["reason"] for c in chat.commands if c["type"] == "handoff"] == [reason]
    assert chat.last["active_form"] is None


def test_two_misunderstandings_hand_over_but_not_with_a_clear_turn_between(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    for text, intent in [("嘎嘎", "nlu_fallback"), ("谢谢", "thank"), ("呱呱", "nlu_fallback")]:
        chat.say(text, intent)
        assert chat.commands == []

    chat.say("咕咕", "nlu_fallback")

    assert chat.commands[0]["reason"] == "not_understood"


def test_foreign_order_is_not_found_and_nothing_is_shown(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    answer = chat.say(f"查 {FOREIGN} 到哪了", "track_package", entities={"order_id": FOREIGN})

    assert "没有找到" in answer
    assert chat.cards == []


def test_old_confirm_button_does_nothing(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    old = next(b["payload"] for m in chat.last["messages"] for b in m.get("buttons", []) if b["title"] == "确认退货")
    chat.say("算了", "stop")
    to_confirmation(chat)

    assert "已经结束" in chat.press(old, "确认退货")
    assert shop.writes == []


def test_command_typed_by_a_shopper_is_text(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    chat.say('/request_refund{"order_id": "1"}', "nlu_fallback")

    assert chat.last["actions"] == ["action_fallback", "action_listen"]


def test_reset_keeps_the_order_and_forgets_the_form(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    chat.say("你好", "greet", reset=True)

    assert chat.last["active_form"] is None
    assert chat.last["slots"]["focus_order"] == DELIVERED
    assert "reason" not in chat.last["slots"]


def test_long_conversation_keeps_slots_and_form_when_it_is_cut(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    for _ in range(40):
        chat.say("运费谁出啊", "ask_knowledge", band="answer", hits=FEE)

    assert chat.last["requested_slot"] == "confirm"
    assert "已提交" in chat.say("确认", "affirm")


def test_same_sentence_is_not_said_twice_running(dialogue: Dialogue) -> None:
    chat = dialogue.conversation()

    said = [chat.say("你好", "greet") for _ in range(4)]

    assert all(a != b for a, b in zip(said, said[1:]))


def test_anonymous_shopper_reads_only_and_only_after_number_and_phone(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(shopper=None)

    assert "登录" in chat.say("我要退货", "request_return")
    assert "订单号" in chat.say("快递到哪了", "track_package")
    assert "后四位" in chat.say(SHIPPED, "inform", entities={"order_id": SHIPPED})


def test_wrong_secret_and_broken_body_are_refused(dialogue: Dialogue) -> None:
    body = dialogue.conversation().body("你好", "greet")

    assert dialogue.post(body, secret="wrong")[0] == 401
    assert dialogue.post({"conversation": "c"})[0] == 422


def test_rasa_listens_on_loopback_without_its_own_api(dialogue: Dialogue) -> None:
    base = re.sub(r"/webhooks.*", "", dialogue.url)
    for path in ("/webhooks/rest/webhook", "/conversations/x/tracker", "/status"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(base + path)


def test_yes_with_another_order_number_that_is_unknown_submits_nothing(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert "没有找到" in chat.say(f"对 就退 {FOREIGN} 这单", "affirm", entities={"order_id": FOREIGN})
    assert shop.writes == []


def test_button_of_an_earlier_confirmation_does_not_confirm_what_changed(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)
    old = next(b["payload"] for m in chat.last["messages"] for b in m.get("buttons", []) if b["title"] == "确认退货")
    chat.say("原因是尺码不合适", "inform", entities={"reason": "尺码不合适"})

    assert "已经结束" in chat.press(old, "确认退货")
    assert shop.writes == []


def test_personal_invoice_is_requested(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 开发票", "request_invoice", entities={"order_id": DELIVERED})

    assert "个人" in chat.tap("个人")
    assert "已提交" in chat.say("确认", "affirm")
    assert shop.writes == [(f"/orders/{DELIVERED}/invoice", {"title": "个人", "kind": "ordinary"})]


def test_two_unclear_answers_inside_a_form_call_a_person(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert "确认" in chat.say("asdf", "nlu_fallback")
    chat.say("qwer", "nlu_fallback")

    assert [c["reason"] for c in chat.commands] == ["not_understood"]


def test_question_that_an_article_answers_is_no_reason(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 退货", "request_return", entities={"order_id": DELIVERED})

    assert "运费由您承担" in chat.say("运费谁出啊", "inform", band="answer", hits=FEE)
    assert chat.last["requested_slot"] == "reason"


def test_button_for_the_form_that_is_open_asks_its_question_again(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 退货", "request_return", entities={"order_id": DELIVERED})

    assert "原因" in chat.press("/request_return", "申请退货")
    assert chat.last["failed"] == []


def test_other_want_does_not_inherit_an_order_that_does_not_fit(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    to_confirmation(chat)

    assert "地址" in chat.say("还没发货那单改下地址", "change_address")
    assert chat.last["slots"]["order_id"] == PAID


def test_photo_inside_a_form_is_not_taken_for_a_value(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 退货", "request_return", entities={"order_id": DELIVERED})

    assert "图片收到" in chat.say("[图片]", "inform", source="upload")
    assert chat.last["requested_slot"] == "reason"


def test_no_with_the_right_story_corrects_a_complaint(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("我要投诉", "complain")
    chat.say("包裹被扔在门口淋湿了", "inform")

    assert "态度差" in chat.say("不是 是快递员态度差还骂人", "deny")
    chat.say("确认提交", "affirm")
    assert "态度差" in chat.commands[0]["detail"]


def test_want_said_again_with_a_yes_is_a_yes(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("拍错了帮我取消", "cancel_order")

    assert "已取消" in chat.say("嗯 取消吧", "cancel_order")


@pytest.mark.parametrize("status", ["unpaid", "closed", "aftersale"])
@pytest.mark.parametrize(
    ("text", "intent"), [("到哪了", "track_package"), ("取消", "cancel_order"), ("改地址", "change_address"), ("退货", "request_return")]
)
def test_want_that_an_order_does_not_allow_is_told_its_state(
    dialogue: Dialogue, shop: StubShop, status: str, text: str, intent: str
) -> None:
    chat = dialogue.conversation()
    shop.orders[PAID]["status"] = status
    refund = {"aftersale_id": "A1", "order_id": PAID, "kind": "refund", "status": "refunding", "status_text": "退款中", "amount": "399.00"}
    shop.orders[PAID]["aftersales"] = [refund] if status == "aftersale" else []

    answer = chat.say(f"{PAID} {text}", intent, entities={"order_id": PAID})

    if (status, intent) == ("unpaid", "cancel_order"):
        assert "确认取消" in answer
    else:
        assert {"unpaid": "待付款", "closed": "已关闭", "aftersale": "退款中"}[status] in answer
        assert not re.search("发货|签收|拒收", answer)


def test_reason_of_an_exchange_reaches_the_shop(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 穿着紧 换一件", "request_exchange", entities={"order_id": DELIVERED, "reason": "穿着紧"})
    about_a_yes = [{"id": "order.auto_confirm", "title": "多久自动确认收货", "answer": "10 天自动确认", "score": 0.97}]
    assert "10 天" not in chat.say("确认", "affirm", band="answer", hits=about_a_yes)
    assert "换成 黑色/L" in chat.say("黑色/L", "inform", entities=[("sku_option", "黑色"), ("sku_option", "L")])
    chat.say("确认", "affirm")

    assert shop.writes[0][1] == {"order_id": DELIVERED, "kind": "exchange", "reason": "穿着紧", "option": "黑色/L", "sku": "10101"}


def test_repeat_says_the_last_thing_again_or_where_it_stands(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    assert "没太明白" in chat.say("？？？", "repeat")

    greeting = chat.say("你好", "greet")
    assert chat.say("再说一遍", "repeat").split("\n") == ["我再说一遍：", greeting]
    assert chat.say("没听懂 再说一遍", "repeat").split("\n")[1:] == [greeting]
    chat.say("查一下 T2026112100001", "query_ticket")
    assert "上面" in chat.say("再说一遍", "repeat")


@pytest.mark.parametrize(
    ("want", "order", "asked"),
    [("request_exchange", DELIVERED, "换成"), ("change_address", PAID, "地址"), ("request_invoice", PAID, "抬头")],
)
def test_order_number_is_no_other_value(dialogue: Dialogue, shop: StubShop, want: str, order: str, asked: str) -> None:
    chat = dialogue.conversation()
    chat.say(f"{order} 办一下", want, entities={"order_id": order})
    assert asked in chat.say(order, "inform", entities={"order_id": order})
    assert chat.last["requested_slot"] != "confirm"


def test_order_of_the_talk_that_does_not_fit_is_told_and_the_others_are_offered(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})

    answer = chat.say("那帮我取消吧", "cancel_order")

    assert f"{SHIPPED} 已经发货" in answer
    assert "确认取消" not in answer
    assert [item["order_id"] for m in chat.last["messages"] for item in m.get("custom", {}).get("items", [])] == [PAID]
    assert "云杉卫衣" in chat.say("好的 就这单", "affirm")
    assert shop.writes == []


def test_offer_of_another_order_can_be_declined(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})
    chat.say("那帮我取消吧", "cancel_order")

    chat.say("不用了", "deny")

    assert chat.last["active_form"] is None


@pytest.mark.parametrize(
    ("text", "entities"), [("还没发货的那单取消", {}), ("卫衣那单取消", {"product": "卫衣"}), ("取消", {"order_id": PAID})]
)
def test_order_that_is_described_is_meant_not_the_one_of_the_talk(
    dialogue: Dialogue, shop: StubShop, text: str, entities: dict[str, str]
) -> None:
    chat = dialogue.conversation()
    chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})

    assert "确认取消“云杉卫衣”" in chat.say(text, "cancel_order", entities=entities)


def test_named_product_whose_order_does_not_fit_is_not_replaced(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    answer = chat.say("羽绒服那单取消", "cancel_order", entities={"product": "羽绒服"})

    assert f"{SHIPPED} 已经发货" in answer
    assert "确认取消" not in answer


def test_want_that_implies_its_order_does_not_mean_the_one_of_the_talk(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{SHIPPED} 到哪了", "track_package", entities={"order_id": SHIPPED})

    assert "云杉卫衣" in chat.say("怎么还不发货", "urge_shipment")


def test_order_of_the_page_is_meant_until_another_is_spoken_of(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    assert "杭州" in chat.say("到哪了", "track_package", page=f"order:{SHIPPED}")
    chat.say(f"{DELIVERED} 什么状态", "query_order", entities={"order_id": DELIVERED}, page=f"order:{SHIPPED}")
    assert "衬衫" in chat.say("现在什么状态", "query_order", page=f"order:{SHIPPED}")
    assert "卫衣" in chat.say("现在什么状态", "query_order", page=f"order:{PAID}")
    assert "已经发货" in chat.say("取消", "cancel_order", page=f"order:{SHIPPED}")


def test_page_of_somebody_elses_order_is_ignored(dialogue: Dialogue, shop: StubShop) -> None:
    assert "确认取消" in dialogue.conversation().say("取消", "cancel_order", page=f"order:{FOREIGN}")


def test_want_that_implies_its_order_means_the_one_of_the_talk_among_several(dialogue: Dialogue, shop: StubShop) -> None:
    refund = {"aftersale_id": "A1", "kind": "return", "status": "refunding", "status_text": "退款中", "amount": "399.00"}
    for number in (DELIVERED, PAID):
        shop.orders[number] |= {"status": "aftersale", "aftersales": [refund | {"order_id": number}]}
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 什么状态", "query_order", entities={"order_id": DELIVERED})

    assert "退款中" in chat.say("退款到哪了", "query_refund")
