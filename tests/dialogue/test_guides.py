"""Step-by-step help (requirement R067) and accounts: through the tree, out of it, and on to what comes next with the story kept."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, StubShop

HIT = {"id": "use.wash", "title": "怎么洗", "answer": "请看洗标。", "score": 0.9}


def _earphones(shop: StubShop) -> None:
    """The delivered order holds earphones."""
    shop.orders[DELIVERED]["items"][0] |= {"sku": "10301", "name": "云杉无线耳机", "category": "electronics"}


def test_symptom_in_the_first_message_skips_the_first_question(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "充过电" in chat.say("耳机连不上蓝牙", "troubleshoot", entities={"product": "耳机"})
    assert "重置" in chat.tap("充过电了")
    assert "随时" in chat.tap("好了，解决了")
    assert chat.last["active_form"] is None


def test_symptom_is_asked_for_when_it_was_not_said(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "哪种情况" in chat.say("耳机坏了咋整", "troubleshoot", entities={"product": "耳机"})
    assert "触点" in chat.say("充不进电", "troubleshoot")


def test_unsolved_goes_on_to_a_replacement_with_order_and_story_known(dialogue: Dialogue, shop: StubShop) -> None:
    _earphones(shop)
    chat = dialogue.conversation()
    chat.say("耳机充不进电", "troubleshoot", entities={"product": "耳机"})
    assert "没有解决" in chat.say("擦过了 还是不行", "deny")

    answer = chat.tap("申请换新或维修")
    assert "怎么处理" in answer
    chat.tap("换一件新的")
    chat.say("确认", "affirm")
    [(path, body)] = shop.writes
    assert (path, body["order_id"], body["sku"]) == ("/aftersales", DELIVERED, "10301")
    assert body["reason"].startswith("耳机：耳机充不进电；试过“")


def test_unsolved_can_go_to_a_person_with_the_story(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("水壶不加热", "troubleshoot", entities={"product": "水壶"})
    for said in ("没干烧", "不行", "还是不行"):
        chat.say(said, "deny")
    chat.tap("找人工客服")

    assert [(c["reason"], c["skill"]) for c in chat.commands] == [("requested", "aftersale")]
    assert "水壶不加热" in chat.commands[0]["summary"]


def test_symptom_that_is_denied_is_none(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("水壶怎么不好使", "troubleshoot", entities={"product": "水壶"})

    assert "水垢" not in chat.say("没水垢 也没干烧", "deny")


def test_symptom_told_before_the_guide_was_tapped_counts(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("水壶不热了 上个月买的", "nlu_fallback")

    assert "干烧" in chat.press('/troubleshoot{"product": "水壶"}', "一步步排查")
    assert "水垢" in chat.say("没干烧 放稳了", "deny")


def test_product_of_the_question_is_no_other_subject(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("耳机连不上", "troubleshoot", entities={"product": "耳机"})
    chat.say("充过电了", "affirm")
    assert "换一部手机" in chat.say("还是不行", "deny")

    assert "没有解决" in chat.say("我就一部手机啊 没别的", "affirm", entities={"product": "手机"}, confidence=0.3)


def test_wish_for_a_repair_ends_the_steps(dialogue: Dialogue, shop: StubShop) -> None:
    _earphones(shop)
    chat = dialogue.conversation()
    chat.say("耳机连不上", "troubleshoot", entities={"product": "耳机"})
    chat.say("充过电了", "affirm")

    assert "怎么处理" in chat.say("还是不行 要不修一下吧 才买几天", "ask_knowledge", confidence=0.8)
    chat.tap("换一件新的")
    assert "要不修一下吧" in str(chat.last["slots"]["detail"])


def test_danger_stops_the_use_at_once(dialogue: Dialogue, shop: StubShop) -> None:
    answer = dialogue.conversation(None).say("充电宝鼓包了", "troubleshoot", entities={"product": "充电宝"})
    assert "停用" in answer


def test_digression_returns_to_the_same_step(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("扫地机不动了", "troubleshoot", entities={"product": "扫地机"})

    answer = chat.say("衣服怎么洗", "ask_knowledge", band="answer", hits=[HIT])
    assert "洗标" in answer
    assert "清理刷子" in answer


def test_guide_can_be_left_at_any_moment(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("扫地机不动了", "troubleshoot", entities={"product": "扫地机"})

    assert "没有提交" in chat.say("算了", "stop")
    assert chat.last["active_form"] is None


def test_yes_to_trying_is_no_success(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("扫地机不动了", "troubleshoot", entities={"product": "扫地机"})

    assert "不着急" in chat.say("好的我试试", "affirm")
    assert chat.last["active_form"] == "guide_form"


def test_wrong_symptom_is_corrected(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("耳机连不上手机", "troubleshoot", entities={"product": "耳机"})

    assert "触点" in chat.say("说错了 是充不进电", "troubleshoot")
    assert "哪种情况" in chat.say("点错了", "deny")


def test_other_product_changes_the_guide(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("耳机连不上手机", "troubleshoot", entities={"product": "耳机"})

    assert (
        "音箱" in chat.say("不是耳机 是音箱没声音", "troubleshoot", entities={"product": "音箱"})
        or "音量" in chat.last["messages"][-1]["text"]
    )


def test_button_of_an_earlier_step_does_nothing(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("耳机连不上手机", "troubleshoot", entities={"product": "耳机"})
    old = next(b["payload"] for m in chat.last["messages"] for b in m.get("buttons", []))
    chat.tap("充过电了")

    assert "已经结束" in chat.press(old, "充过电了")
    assert "重置" in chat.last["messages"][-1]["text"]


def test_product_is_asked_for_and_tapped(dialogue: Dialogue, shop: StubShop) -> None:
    _earphones(shop)
    chat = dialogue.conversation()

    assert "哪件商品" in chat.say("没反应了", "troubleshoot")
    assert chat.last["messages"][-1]["buttons"][0]["title"] == "耳机"
    assert "电水壶" in [b["title"] for b in chat.last["messages"][-1]["buttons"]]
    assert "干烧" in chat.tap("电水壶")


def test_page_names_the_product(dialogue: Dialogue, shop: StubShop) -> None:
    assert "干烧" in dialogue.conversation(None).say("不加热了", "troubleshoot", page="sku:10308")


def test_product_and_symptom_that_were_told_before_are_not_asked_for(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("我买的耳机", "inform", entities={"product": "耳机"})
    assert "充过电" in chat.say("连不上 怎么弄都连不上", "troubleshoot")

    other = dialogue.conversation(None)
    assert "哪件商品" in other.say("怎么弄都连不上", "troubleshoot")
    assert "充过电" in other.say("耳机啊", "inform", entities={"product": "耳机"})


def test_steps_that_were_done_already_are_passed_over(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("扫地机老是原地转圈", "troubleshoot", entities={"product": "扫地机"})

    assert "传感器" in chat.say("刷子上星期才清过", "inform")
    assert "没有解决" in chat.say("传感器擦了 地图也重置过", "troubleshoot")
    assert "都记下" in chat.last["messages"][-1]["text"]


def test_what_fits_no_step_is_kept_and_counts_later(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("耳机坏了", "troubleshoot", entities={"product": "耳机"})

    assert "记下" in chat.say("充了电了 按了 还是不行", "troubleshoot")
    assert "换一部手机" in chat.say("就是连不上啊", "troubleshoot")
    chat.say("也不行", "deny")
    chat.tap("找人工客服")
    assert "按了" in chat.commands[0]["summary"]


def test_goods_that_no_order_holds_are_not_claimed_for_another(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("耳机充不进电", "troubleshoot", entities={"product": "耳机"})
    chat.say("还是不行", "deny")

    assert "没有查到" in chat.tap("申请换新或维修")
    assert chat.last["active_form"] is None


def test_product_without_a_guide_gets_a_way_on(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "没有排查步骤" in chat.say("台灯一闪一闪", "troubleshoot", entities={"product": "台灯"})
    assert chat.last["active_form"] is None


@pytest.mark.parametrize(
    ("text", "intent", "form"), [("帮我报修", "request_repair", "repair_form"), ("我要退货", "request_return", "return_form")]
)
def test_other_want_takes_the_story_over(dialogue: Dialogue, shop: StubShop, text: str, intent: str, form: str) -> None:
    shop.orders[DELIVERED]["items"][0]["category"] = "electronics"
    chat = dialogue.conversation()
    chat.say("耳机连不上手机", "troubleshoot", entities={"product": "耳机"})
    chat.say(text, intent)
    chat.say(DELIVERED, "inform", entities={"order_id": DELIVERED})

    assert chat.last["active_form"] == form
    assert chat.last["requested_slot"] == "confirm"
    assert "连不上手机" in "\n".join(m.get("text", "") for m in chat.last["messages"])


def test_english_shopper_reads_the_steps_in_english(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "charged" in chat.say("my earphones won't connect", "troubleshoot", language="en")
    assert "reset" in chat.say("yes they are charged", "affirm", language="en")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("收不到验证码", "60 秒"),
        ("账号被锁了", "30 分钟"),
        ("手机号换了登不上", "身份验证"),
        ("登录不上去", "哪种情况"),
        ("积分少了", "确认收货"),
    ],
)
def test_account_trouble_is_told_apart_and_no_secret_is_asked_for(dialogue: Dialogue, shop: StubShop, text: str, said: str) -> None:
    chat = dialogue.conversation(None)

    answer = chat.say(text, "account_problem")
    assert said in answer
    assert not chat.commands


def test_account_trouble_that_stays_becomes_a_ticket_with_priority(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("收不到验证码", "account_problem")
    chat.say("都试过了还是收不到", "account_problem")

    assert "别给" in chat.tap("登记，专人处理")
    [ticket] = chat.commands
    assert (ticket["type"], ticket["class"], ticket["priority"]) == ("open_ticket", "system", "high")
    assert "收不到验证码" in ticket["detail"]


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        ("我号被盗了", "account_security", "冻结账号"),
        ("有个订单不是我下的", "account_security", "发货前拦下"),
        ("手机丢了怕人用我的号买东西", "account_security", "手机卡"),
        ("他让我把验证码念给他 我念了", "account_security", "96110"),
        ("信用卡被盗刷，商户是你们", "account_security", "银行"),
        ("登不上去 好像有陌生设备登录了我的号", "account_problem", "冻结账号"),
    ],
)
def test_account_in_danger_gets_steps_a_ticket_and_a_person(dialogue: Dialogue, shop: StubShop, text: str, intent: str, said: str) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 我要退货", "request_return", entities={"order_id": DELIVERED})

    answer = chat.say(text, intent)
    assert said in answer
    assert "我们绝不会索要" in answer
    assert [(c["type"], c["priority"]) for c in chat.commands] == [("open_ticket", "urgent"), ("handoff", "urgent")]
    assert chat.last["active_form"] is None


@pytest.mark.parametrize(
    ("order", "status", "said", "not_said"),
    [
        (PAID, "paid", "还没发货，我们会在发货前拦下", "拦不了"),
        (DELIVERED, "delivered", "待收货，已经拦不了发货", "发货前拦下"),
        (DELIVERED, "aftersale", "售后中，已经拦不了发货", "发货前拦下"),
    ],
)
def test_only_an_order_that_has_not_shipped_is_promised_to_be_stopped(
    dialogue: Dialogue, shop: StubShop, order: str, status: str, said: str, not_said: str
) -> None:
    shop.orders[order]["status"] = status

    answer = dialogue.conversation().say(f"{order} 这单不是我买的 谁用我号了", "account_security", entities={"order_id": order})

    assert said in answer
    assert not_said not in answer


def test_account_is_made_safe_although_the_shop_does_not_answer(dialogue: Dialogue, shop: StubShop) -> None:
    shop.down = True
    chat = dialogue.conversation()

    assert "没发货的我们会在发货前拦下" in chat.say(f"{PAID} 这单不是我下的", "account_security", entities={"order_id": PAID})
    assert [c["type"] for c in chat.commands] == ["open_ticket", "handoff"]


def test_danger_goes_first_inside_the_help_with_an_account(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("收不到验证码", "account_problem")

    assert "冻结账号" in chat.say("账号里那个订单不是我下的 你给我看看有哪些单", "query_order")
    assert [c["type"] for c in chat.commands] == ["open_ticket", "handoff"]


def test_stolen_account_is_one_of_the_choices(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("登录不上去", "account_problem")

    assert "冻结账号" in chat.tap("怀疑被盗")
    assert [c["type"] for c in chat.commands] == ["open_ticket", "handoff"]


def test_account_that_is_heard_as_a_product_is_an_account(dialogue: Dialogue) -> None:
    assert "账号遇到的是哪种情况" in dialogue.conversation().say("我号登不上了", "troubleshoot")


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        ("别转人工 我先问你 我把验证码前三位告诉他了 现在怎么办啊", "account_security", ["改密码", "冻结账号"]),
        ("你不要一直重复 我密码要不要改 在哪里改", "ask_knowledge", ["设置-账号与安全", "修改登录密码"]),
        ("那我报了验证码 会不会扣钱 要去派出所吗", "ask_knowledge", ["不一定会扣钱", "派出所报案"]),
        ("我问的是我报了验证码怎么办", "account_problem", ["改密码", "冻结账号"]),
        ("你们能先把我账号冻结吗", "account_security", ["自己冻结"]),
        ("那个人又打来了 我该不该报警", "nlu_fallback", ["96110", "110"]),
        ("谢谢 你们明天会打电话给我吗", "thank", ["24 小时内答复", "挂断"]),
    ],
)
def test_questions_after_the_alarm_are_answered_and_open_no_second_case(
    dialogue: Dialogue, shop: StubShop, text: str, intent: str, said: list[str]
) -> None:
    chat = dialogue.conversation()
    first = chat.say("有人自称你们客服让我报验证码", "account_security")

    answer = chat.say(text, intent, reset=True)

    assert all(words in answer for words in said), answer
    assert first not in answer
    assert chat.commands == []


def test_the_same_danger_is_added_to_its_case_and_a_worse_one_calls_a_person(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("有人自称你们客服让我报验证码", "account_security")

    assert "补充到" in chat.say("骗子又加我微信了 说是你们理赔部的", "account_security", reset=True)
    assert [c["type"] for c in chat.commands] == ["open_ticket"]
    assert "止付" in chat.say("完了 我转了他五百块钱", "account_security")
    assert [c["type"] for c in chat.commands] == ["open_ticket", "handoff"]
    assert "冻结支付方式" in chat.say("我的卡被盗刷了", "account_security", reset=True)
    assert [c["type"] for c in chat.commands] == ["open_ticket", "handoff"]


def test_other_questions_are_not_taken_for_the_alarm(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("有人自称你们客服让我报验证码", "account_security")
    chat.say("你好", "greet", reset=True)

    assert "语音验证码" in chat.say("收不到验证码", "account_problem")
    assert "挂断" not in chat.say("送货前会打电话给我吗", "ask_knowledge")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("验证码发了三次都收不到", "account_problem"),
        ("你们发了验证码我没收到，登不上", "account_problem"),
        ("你们把验证码发了我没收到", "account_problem"),
        ("you gave me a code but it is wrong", "account_problem"),
    ],
)
def test_code_that_the_shop_sends_is_no_danger(dialogue: Dialogue, shop: StubShop, text: str, intent: str) -> None:
    chat = dialogue.conversation()
    chat.say("登录不上去", "account_problem")
    chat.say(text, intent)

    assert chat.commands == []


@pytest.mark.parametrize(
    "text",
    ["验证码发给他了", "我给了客服验证码", "验证码念了", "我把密码发过去了", "I told him the code", "我把验证码告诉客服了 退款没收到"],
)
def test_code_that_was_told_is_a_danger(dialogue: Dialogue, shop: StubShop, text: str) -> None:
    chat = dialogue.conversation()
    chat.say("登录不上去", "account_problem")
    chat.say(text, "account_problem")

    assert [c["type"] for c in chat.commands] == ["open_ticket", "handoff"]


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("我付了12块运费能退吗", None),
        ("打了8折还能用券吗", None),
        ("我打了3个电话都没人接", None),
        ("精华液寄来会不会泄漏", None),
        ("will the bottle leak", None),
        ("烟雾报警器怎么安装", None),
        ("这个烟雾报警器要报警的时候声音多大", "烟雾报警器"),
    ],
)
def test_ordinary_questions_after_the_alarm_are_ordinary(dialogue: Dialogue, shop: StubShop, text: str, product: str | None) -> None:
    chat = dialogue.conversation()
    chat.say("有人冒充客服打电话让我转账", "account_security")

    answer = chat.say(text, "ask_knowledge", entities={"product": product} if product else {}, hits=[HIT], band="answer", reset=True)

    assert "洗标" in answer
    assert chat.commands == []


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [
        ("我给对方转了5000", "nlu_fallback", "止付"),
        ("手机转了他五百块钱", "account_security", "止付"),
        ("我的信息是不是泄漏了", "ask_knowledge", "安全专员"),
    ],
)
def test_what_is_of_the_alarm_is_heard_later_too(dialogue: Dialogue, shop: StubShop, text: str, intent: str, said: str) -> None:
    chat = dialogue.conversation()
    chat.say("有人冒充客服打电话让我转账", "account_security")
    chat.say("你好", "greet", reset=True)

    assert said in chat.say(text, intent, entities={"product": "手机"} if "手机" in text else {})
