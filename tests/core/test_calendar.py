"""The calendar against one that steps from minute to minute, and the cases that users of other desks reported (USER_ASKS 22)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.calendar import Calendar, NeverOpen, Period

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = [SHANGHAI, ZoneInfo("America/New_York"), ZoneInfo("Europe/Berlin"), ZoneInfo("Australia/Lord_Howe"), ZoneInfo("UTC")]
FIRST, DAYS = date(2026, 3, 1), 40
NINE_TO_FIVE = Calendar(SHANGHAI, (*[(Period.parse("09:00-17:00"),)] * 5, (), ()))  # type: ignore[arg-type]


def _minute() -> st.SearchStrategy[int]:
    """Not in the hours in which clocks change: what a period means that begins or ends there is nobody's to say."""
    return st.one_of(st.just(0), st.integers(4 * 60, 24 * 60))


_period = st.lists(_minute(), min_size=2, max_size=2, unique=True).map(lambda ends: Period(min(ends), max(ends)))
_periods = st.lists(_period, max_size=3).map(tuple)
_specials = st.dictionaries(st.integers(0, DAYS - 1).map(lambda n: FIRST + timedelta(days=n)), _periods, max_size=6)
_calendars = st.builds(
    lambda zone, week, days: Calendar(zone, week, days.get), st.sampled_from(ZONES), st.tuples(*[_periods] * 7), _specials
)


def _open_minutes(calendar: Calendar) -> np.ndarray:
    """One truth value for each minute of `DAYS` days, told from the clock on the wall."""
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=calendar.zone).timestamp()
    walls = (datetime.fromtimestamp(start + 60 * n, calendar.zone) for n in range(DAYS * 24 * 60))
    whole: dict[date, np.ndarray] = {}
    return np.array([_day(calendar, wall.date(), whole)[wall.hour * 60 + wall.minute] for wall in walls])


def _day(calendar: Calendar, day: date, known: dict[date, np.ndarray]) -> np.ndarray:
    if day not in known:
        minutes = np.zeros(24 * 60, dtype=bool)
        for period in calendar.periods(day):
            minutes[period.start_min : period.end_min] = True
        known[day] = minutes
    return known[day]


@settings(max_examples=300, deadline=None)
@given(_calendars, st.integers(0, 20 * 24 * 60 - 1), st.integers(0, 3 * 24 * 60))
def test_calendar_counts_like_one_that_steps_from_minute_to_minute(calendar: Calendar, begin: int, minutes: int) -> None:
    opened = _open_minutes(calendar)
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=calendar.zone).timestamp()
    at = datetime.fromtimestamp(start + begin * 60, calendar.zone)

    assert calendar.is_open(at) == opened[begin]
    coming = np.flatnonzero(opened[begin:])
    if len(coming):
        assert calendar.next_opening(at).timestamp() == start + (begin + coming[0]) * 60
    if minutes and len(coming) >= minutes:
        assert calendar.add(at, minutes).timestamp() == start + (begin + coming[minutes - 1] + 1) * 60


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-20T16:30", 60, "2026-11-23T09:30"),  # a Friday
        ("2026-11-20T18:00", 30, "2026-11-23T09:30"),
        ("2026-11-21T12:00", 8 * 60, "2026-11-23T17:00"),
        ("2026-11-23T09:00", 0, "2026-11-23T09:00"),
        ("2026-11-23T09:00", 8 * 60 + 1, "2026-11-24T09:01"),
    ],
)
def test_working_time_passes_in_working_hours_only(start: str, minutes: int, due: str) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=SHANGHAI)
    assert NINE_TO_FIVE.add(at, minutes) == datetime.fromisoformat(due).replace(tzinfo=SHANGHAI)


def test_two_periods_of_a_day_have_a_break_between_them() -> None:
    split = Calendar.daily(SHANGHAI, [Period.parse("09:00-12:00"), Period.parse("13:30-18:00")])
    at = datetime(2026, 11, 23, 11, 50, tzinfo=SHANGHAI)

    assert split.add(at, 30) == datetime(2026, 11, 23, 13, 50, tzinfo=SHANGHAI)
    assert not split.is_open(datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI))


def test_who_never_works_is_told_so() -> None:
    with pytest.raises(NeverOpen):
        Calendar.daily(SHANGHAI, []).next_opening(datetime(2026, 11, 23, tzinfo=SHANGHAI))


@pytest.mark.parametrize("text", ["8-24", "08:00", "09:00-08:00", "08:00-25:00", "a:b-c:d", ""])
def test_text_that_is_no_period_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="period"):
        Period.parse(text)
