"""Goods that are not bought yet: stock, sizes, suggestions, and what is said after an answer about them."""

from __future__ import annotations

import pytest

from tests.dialogue.conftest import Dialogue
from tests.dialogue.stub_shop import DELIVERED, PAID, StubShop

COAT, SWEATER, SHELL, BUDS, HEADPHONES, PAN = "10101", "10102", "10108", "10301", "10302", "10408"
PAGE = {"page": f"sku:{COAT}"}


def test_stock_of_one_option_is_told(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "羽绒服” 黑色/L" in chat.say("羽绒服黑色L还有吗", "check_stock", entities=[("product", "羽绒服"), ("sku_option", "黑色")])
    assert chat.products == [COAT]


def test_follow_up_about_another_option_stays_with_product_and_size(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("羽绒服黑色L还有吗", "check_stock", entities=[("product", "羽绒服"), ("sku_option", "黑色")])

    answer = chat.say("白色的呢", "inform", entities={"sku_option": "白色"})
    assert "白色/L" in answer
    assert "缺货" in answer
    assert "白色/M" in chat.tap("白色/M")


def test_nearest_options_keep_the_size_first(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("羽绒服白色L有货吗", "check_stock", entities={"product": "羽绒服"})

    titles = [b["title"] for m in chat.last["messages"] for b in m.get("buttons", [])]
    assert titles[0] == "黑色/L"


def test_product_of_the_page_is_meant_when_none_is_named(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "羽绒服” M" in chat.say("M码有吗", "check_stock", entities={"sku_option": "M码"}, **PAGE)


def test_named_product_stays_meant_until_the_page_changes(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("耳机有货吗", "check_stock", entities={"product": "蓝牙耳机"}, **PAGE)

    assert "无线耳机” 白色" in chat.say("白色的呢", "check_stock", entities={"sku_option": "白色"}, **PAGE)
    assert "头戴降噪耳机" in chat.say("那这个呢", "deny", page=f"sku:{HEADPHONES}")


def test_several_products_of_a_name_are_shown_to_choose_from(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "哪一款" in chat.say("耳机有货吗", "check_stock", entities={"product": "耳机"})
    assert chat.products == [BUDS, HEADPHONES]
    assert "头戴降噪耳机”" in chat.say("第二个", "inform")


@pytest.mark.parametrize("word", ["猫粮", "耳机壳"])
def test_goods_that_are_not_sold_are_not_made_up(dialogue: Dialogue, shop: StubShop, word: str) -> None:
    chat = dialogue.conversation(None)

    assert f"没有“{word}”" in chat.say(f"有卖{word}吗", "check_stock", entities={"product": word})
    assert chat.products == []


def test_option_that_does_not_exist_is_said(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "没有红色" in chat.say("羽绒服红色有吗", "check_stock", entities=[("product", "羽绒服"), ("sku_option", "红色")])


def test_product_that_is_out_of_stock_brings_similar_ones(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "全部缺货" in chat.say("冲锋衣有货吗", "check_stock", entities={"product": "冲锋衣"})
    assert chat.products == [SWEATER, COAT]


def test_more_pieces_than_there_are_is_said(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "不够 20 件" in chat.say("炒锅有20个吗", "check_stock", entities=[("product", "炒锅"), ("quantity", "20")])


def test_shop_that_does_not_answer_is_told(dialogue: Dialogue, shop: StubShop) -> None:
    shop.down = True

    assert "没有响应" in dialogue.conversation(None).say("羽绒服有货吗", "check_stock", entities={"product": "羽绒服"})


def test_size_follows_from_height_and_weight_and_is_in_stock(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    answer = chat.say("羽绒服 172 140斤穿什么码", "ask_knowledge", entities={"product": "羽绒服"})
    assert "建议选 L" in answer
    assert "L 码现在有货：黑色/L" in answer


def test_measures_are_asked_for_and_then_used(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "身高、体重" in chat.say("这款穿多大", "ask_knowledge", **PAGE)
    assert "建议选 M" in chat.say("165 120", "inform", **PAGE)
    assert "建议选大一点的 L" in chat.say("不对 体重140斤", "inform", **PAGE)


def test_product_is_asked_for_and_measures_are_kept(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "哪一款" in chat.say("我165 120斤穿什么码", "ask_knowledge")
    assert "针织衫”建议选 M" in chat.say("毛衣", "inform", entities={"product": "毛衣"})


@pytest.mark.parametrize(("text", "said"), [("190 150斤穿多大", "超出了"), ("平时穿M买多大", "建议选 M"), ("穿多大", "身高、体重")])
def test_every_answer_to_a_size_question(dialogue: Dialogue, shop: StubShop, text: str, said: str) -> None:
    assert said in dialogue.conversation(None).say(text, "ask_knowledge", **PAGE)


def test_product_without_a_size_table_says_so(dialogue: Dialogue, shop: StubShop) -> None:
    assert "没有尺码表" in dialogue.conversation(None).say("炒锅买多大", "ask_knowledge", entities={"product": "炒锅"})


def test_size_question_inside_an_exchange_is_answered_and_the_exchange_goes_on(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say(f"{DELIVERED} 我要换货", "request_exchange", entities={"order_id": DELIVERED})

    answer = chat.say("我172 140斤该换什么码啊", "ask_knowledge")
    assert "建议选 L" in answer
    assert "想换成什么" in answer
    assert chat.last["active_form"] == "exchange_form"


def test_suggestions_fit_use_and_budget_and_say_why(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    chat.say("送妈妈的 两百左右有推荐吗", "recommend_product", entities={"amount": "200.00"})
    assert chat.products == [SWEATER, PAN]
    cards = next(m["custom"]["items"] for m in chat.last["messages"] if "custom" in m)
    assert [card["why"] for card in cards] == ["适合送妈妈，在预算内"] * 2


def test_nothing_in_the_budget_brings_the_nearest_and_says_so(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "没有完全符合" in chat.say("100以内的耳机", "recommend_product", entities=[("product", "耳机"), ("amount", "100.00")])
    assert chat.products[0] == BUDS


def test_cheaper_ones_after_a_suggestion_are_no_bargaining(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("推荐头戴耳机", "recommend_product", entities={"product": "头戴耳机"})

    chat.say("便宜点的", "claim_coupon")
    assert chat.products == [BUDS, "10309"]
    assert "便宜" in chat.say("还有更便宜的吗", "claim_coupon")
    assert chat.products == []


def test_others_are_not_those_that_were_shown(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("推荐件衣服", "recommend_product", entities={"product": "衣服"})
    first = chat.products

    chat.say("还有别的吗", "check_stock")
    assert not set(first) & set(chat.products)


def test_one_of_the_suggestions_is_asked_about(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("送妈妈的", "recommend_product")
    second = chat.products[1]

    chat.say("第二个有货吗", "check_stock")
    assert chat.products == [second]
    assert "现在有货" in chat.say("第一个多少钱", "out_of_scope") or "元" in chat.say("第一个多少钱", "out_of_scope")


def test_wish_without_words_is_asked_for_and_a_kind_can_be_tapped(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "预算" in chat.say("推荐一下呗", "recommend_product")
    chat.tap("衣服")
    assert set(chat.products) <= {COAT, SWEATER}


def test_goods_do_not_take_over_a_form(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()
    chat.say("推荐耳机", "recommend_product", entities={"product": "耳机"})
    chat.say(f"{DELIVERED} 我要退货", "request_return", entities={"order_id": DELIVERED})

    assert "羽绒服" in chat.say("羽绒服有货吗", "check_stock", entities={"product": "羽绒服"})
    assert chat.last["requested_slot"] == "reason"


def test_bare_value_long_after_goods_is_not_about_them(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("羽绒服有货吗", "check_stock", entities={"product": "羽绒服"})
    chat.say("谢谢", "thank")

    chat.say("便宜点呗", "claim_coupon")
    assert chat.products == []


def test_english_shopper_reads_english(dialogue: Dialogue, shop: StubShop) -> None:
    answer = dialogue.conversation(None).say("is 羽绒服 in black L in stock", "check_stock", entities={"product": "羽绒服"}, language="en")
    assert "in stock" in answer


def test_question_for_an_attribute_is_answered_by_the_catalogue(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    assert "质保：1年" in chat.say("蓝牙音箱保修多久", "ask_knowledge", entities={"product": "蓝牙音箱"})
    assert "质保：2年" in chat.say("那炒锅呢", "nlu_fallback", entities={"product": "炒锅"})
    assert chat.step is None


def test_article_that_answers_goes_before_the_catalogue(dialogue: Dialogue, shop: StubShop) -> None:
    hit = {"id": "warranty.period", "title": "保修期多久", "answer": "电子产品保修 1 年。", "score": 0.9}
    asked = dialogue.conversation(None).say("保修多久", "ask_knowledge", band="answer", hits=[hit], page="sku:10309")

    assert asked.strip() == hit["answer"]


def test_single_product_that_was_shown_is_the_one_that_is_talked_about(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("推荐个音箱", "recommend_product", entities={"product": "音箱"})

    assert "防水：IPX7" in chat.say("这个能防水吗 露营淋雨那种", "ask_knowledge")
    assert "黑色" in chat.say("黑色有吗 打完折多少", "check_stock", entities={"sku_option": "黑色"})


def test_what_the_shopper_says_it_is_not_is_not_the_product(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)

    answer = chat.say("我说的是奶粉 不是羽绒服", "check_stock", entities=[("product", "奶粉"), ("product", "羽绒服")])
    assert "没有“奶粉”" in answer
    assert chat.products == []


def test_order_of_a_product_that_is_denied_is_not_meant(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation()

    chat.say("不是衬衫 是卫衣 到哪了", "query_order", entities=[("product", "衬衫"), ("product", "卫衣")])
    assert chat.last["slots"]["focus_order"] == PAID


def test_kind_that_is_said_beside_the_word_narrows_the_choice(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("推荐个耳机", "recommend_product", entities={"product": "耳机"})
    assert set(chat.products) == {"10301", "10302"}

    chat.say("耳机呀 头戴式的 有推荐吗", "recommend_product", entities={"product": "耳机"})
    assert chat.products == ["10302"]


def test_dearer_ones_may_be_asked_for_as_a_question_for_stock(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    chat.say("想买耳机 200左右", "recommend_product", entities=[("product", "耳机"), ("amount", "200.00")])
    assert chat.products == ["10301"]

    chat.say("有没有头戴的 再贵点也行", "check_stock")
    assert chat.products == ["10302"]


TIME = {"id": "ship.time", "title": "快递要几天到", "score": 0.7, "answer": "发货后同省一般 1-2 天到，偏远地区 5-7 天。", "offers": []}


@pytest.mark.parametrize(("text", "band"), [("我问几天到", "answer"), ("好吧那寄到乌鲁木齐 下单后几天能送到", "suggest")])
def test_a_visitor_who_asks_how_long_delivery_takes_needs_no_order(dialogue: Dialogue, shop: StubShop, text: str, band: str) -> None:
    chat = dialogue.conversation(None)

    assert "5-7 天" in chat.say(text, "track_package", band=band, hits=[TIME], page="sku:10101")
    assert chat.last["active_form"] is None


def test_a_visitor_without_an_order_is_not_asked_for_its_number_again(dialogue: Dialogue, shop: StubShop) -> None:
    chat = dialogue.conversation(None)
    assert "订单号" in chat.say("我的包裹到哪了", "track_package")

    assert "不用订单号" in chat.say("我还没买呢哪来的订单号", "nlu_fallback")
    assert chat.last["active_form"] is None
