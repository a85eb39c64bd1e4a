from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.bands import ANSWER, REFUSE, SUGGEST, BandThresholds, Rates, band_of, thresholds
from bot.core.keys import idempotency_key
from bot.core.orders import fits, mask_phone, within_days

T = BandThresholds(answer=0.6, suggest=0.3)
NOW = datetime.fromisoformat("2026-11-21T14:00:00+08:00")


@pytest.mark.parametrize(
    ("score", "band"), [(None, REFUSE), (0.0, REFUSE), (0.2999, REFUSE), (0.3, SUGGEST), (0.5999, SUGGEST), (0.6, ANSWER), (1.0, ANSWER)]
)
def test_thresholds_are_hard(score, band):
    assert band_of(score, T) == band


def test_thresholds_out_of_order_are_refused():
    with pytest.raises(ValueError, match="0 <= suggest <= answer <= 1"):
        BandThresholds(answer=0.2, suggest=0.3)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=300), st.floats(0.001, 0.5), st.floats(0.001, 0.5))
def test_thresholds_keep_to_the_rates(scores, wrong, more):
    limits = thresholds(scores, Rates(wrong, wrong + more))
    below_one = [score for score in scores if score < 1]  # an exact phrasing is always answered
    assert sum(band_of(score, limits) == ANSWER for score in below_one) <= wrong * len(scores)
    assert sum(band_of(score, limits) != REFUSE for score in below_one) <= (wrong + more) * len(scores)


def test_without_evidence_only_an_exact_phrasing_is_answered():
    assert [band_of(score, thresholds([], Rates(0.02, 0.1))) for score in (1.0, 0.99)] == [ANSWER, REFUSE]


@pytest.mark.parametrize(("received", "within"), [("2026-11-14T23:59:00+08:00", True), ("2026-11-13T23:59:00+08:00", False), (None, True)])
def test_days_count_from_the_day_after_receipt(received, within):
    assert within_days({"delivered_at": received}, 7, NOW) is within


@pytest.mark.parametrize(
    ("status", "want", "fitting"),
    [
        ("paid", "cancel_order", True),
        ("shipped", "cancel_order", False),
        ("paid", "track_package", False),
        ("shipped", "track_package", True),
        ("closed", "request_return", False),
        ("closed", "query_order", True),
    ],
)
def test_orders_that_a_want_can_be_about(status, want, fitting):
    assert fits({"status": status}, want, NOW) is fitting


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4), st.text(max_size=20))
def test_key_depends_on_every_part_and_on_nothing_else(what, other):
    key = idempotency_key("c", "f", *what)

    assert key == idempotency_key("c", "f", *what)
    assert (key == idempotency_key("c", "f", *what[:-1], other)) == (what[-1] == other)


def test_phone_is_masked():
    assert mask_phone("13812345678") == "138****5678"
