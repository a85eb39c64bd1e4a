import pytest

from bot.core.ladder import CLARIFY, PERSON, SEARCH, SUGGEST, Rung, is_torn, likely_wants, next_rung


def ranked(*pairs):
    return [{"name": name, "confidence": share} for name, share in pairs]


def climb(offers, *, after_fallbacks=2):
    """The steps taken for messages of which each has these offers (wants, articles), none of them understood."""
    reached, steps = 0, []
    for clarifies, suggests in offers:
        rung = next_rung(reached, clarifies=clarifies, suggests=suggests, after_fallbacks=after_fallbacks)
        reached = rung.reached
        steps.append(rung.step)
    return steps


def test_every_step_is_taken_once_then_a_person():
    assert climb([(True, True)] * 5) == [CLARIFY, SUGGEST, SEARCH, SEARCH, PERSON]


def test_steps_without_an_offer_are_left_out():
    assert climb([(False, False)] * 2) == [SEARCH, PERSON]
    assert climb([(True, False), (False, False), (False, False)]) == [CLARIFY, SEARCH, PERSON]


def test_key_words_that_find_something_are_answered_before_a_person_is_called():
    assert climb([(False, False), (False, True), (False, False)]) == [SEARCH, SEARCH, PERSON]


@pytest.mark.parametrize(("after", "steps"), [(1, [PERSON]), (2, [SEARCH, PERSON]), (4, [SEARCH, SEARCH, SEARCH, PERSON])])
def test_person_comes_when_the_shop_wants_it(after, steps):
    assert climb([(False, False)] * after, after_fallbacks=after) == steps


@pytest.mark.parametrize("reached", range(12))
def test_ladder_ends_whatever_was_reached(reached):
    assert next_rung(reached, clarifies=False, suggests=False, after_fallbacks=1) == Rung(PERSON, 0)


@pytest.mark.parametrize(
    ("ranking", "likely"),
    [
        ([("request_return", 0.35), ("request_refund", 0.3)], ("request_return", "request_refund")),
        ([("deny", 0.35), ("request_return", 0.3), ("query_refund", 0.2)], ("request_return", "query_refund")),
        ([("request_return", 0.35), ("request_refund", 0.1)], ()),
        ([("ask_knowledge", 0.35), ("request_refund", 0.3)], ()),
        ([("report_quality", 0.35), ("report_damaged", 0.3)], ()),
        ([("account_security", 0.35), ("account_problem", 0.3)], ()),
        ([], ()),
    ],
)
def test_two_wants_are_offered_or_none(ranking, likely):
    assert likely_wants(ranked(*ranking)) == likely


@pytest.mark.parametrize(("first", "second", "torn"), [(0.5, 0.4, True), (0.7, 0.6, False), (0.55, 0.3, False), (0.45, 0.44, True)])
def test_wants_that_are_as_likely_are_asked_about(first, second, torn):
    assert is_torn(ranked(("request_return", first), ("request_refund", second))) is torn


def test_want_beside_a_dialogue_act_is_acted_on():
    assert not is_torn(ranked(("request_return", 0.45), ("deny", 0.4), ("request_refund", 0.4)))
