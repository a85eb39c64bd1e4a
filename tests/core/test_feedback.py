import pytest

from bot.core.feedback import announces_only, asks_to_rate, comment_in, feedback_class, says_nothing_more, score_of


@pytest.mark.parametrize(
    ("said", "text", "score"),
    [
        (["5"], "给你打五分", 5),
        (["10"], "10分", 5),
        (["7"], "7分", 4),
        (["0"], "零分", 1),
        ([], "非常满意", 5),
        ([], "满意", 4),
        ([], "一般吧", 3),
        ([], "不太满意", 2),
        ([], "非常不满意", 1),
        ([], "very satisfied", 5),
        ([], "dissatisfied", 2),
        ([], "客服很耐心", None),
        (["100"], "100分", None),
    ],
)
def test_scores_and_labels_are_one_to_five(said, text, score):
    assert score_of(said, text) == score


@pytest.mark.parametrize("text", ["给你打五分", "5星", "好评", "非常满意", "五分好评", "5 stars", "i give you a 4"])
def test_score_alone_is_no_comment(text):
    assert comment_in(text) is None


@pytest.mark.parametrize("text", ["三分 回复太慢", "五星 客服很耐心", "2 stars, slow replies"])
def test_what_is_said_beside_a_score_is_the_comment(text):
    assert comment_in(text) == text


@pytest.mark.parametrize("text", ["我有个建议", "想给你们提点意见", "可以提建议吗", "I have a suggestion", "提建议"])
def test_suggestion_that_is_only_announced(text):
    assert announces_only(text)


@pytest.mark.parametrize("text", ["建议你们出个小号", "希望多出几个颜色", "提个建议 包装环保点", "I suggest smaller boxes"])
def test_suggestion_that_is_said(text):
    assert not announces_only(text)


@pytest.mark.parametrize(
    ("text", "nothing"),
    [("没什么想说的", True), ("不用了", True), ("没有", True), ("nothing", True), ("不好用", False), ("没人理我", False)],
)
def test_declining_to_comment(text, nothing):
    assert says_nothing_more(text) is nothing


def test_wish_to_rate_is_not_praise():
    assert asks_to_rate("我要评价一下")
    assert not asks_to_rate("服务真好")


@pytest.mark.parametrize(("kind", "class_"), [("complaint", "complaint"), ("suggestion", "suggestion"), ("check", "consultation")])
def test_every_ticket_has_a_class_of_feedback(kind, class_):
    assert feedback_class(kind) == class_
