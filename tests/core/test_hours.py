from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.hours import Period, is_open, next_opening

SHANGHAI = ZoneInfo("Asia/Shanghai")
SPLIT = (Period.parse("08:00-12:00"), Period.parse("13:30-24:00"))


@pytest.mark.parametrize(
    ("clock", "open_"),
    [("07:59", False), ("08:00", True), ("11:59", True), ("12:00", False), ("13:30", True), ("23:59", True), ("00:00", False)],
)
def test_periods_are_half_open(clock, open_):
    assert is_open(datetime.fromisoformat(f"2026-11-21T{clock}:00+08:00"), SPLIT) is open_


@given(st.integers(min_value=0, max_value=7 * 1440))
def test_next_opening_is_the_first_open_minute(minutes):
    now = datetime(2026, 11, 21, tzinfo=SHANGHAI) + timedelta(minutes=minutes)
    step = now
    while not is_open(step, SPLIT):
        step += timedelta(minutes=1)

    assert next_opening(now, SPLIT) == step


@pytest.mark.parametrize("text", ["8-12", "12:00-08:00", "08:00-25:00", "", "a-b"])
def test_bad_period_is_named(text):
    with pytest.raises(ValueError, match="got"):
        Period.parse(text)
