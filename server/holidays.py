"""The desk's calendar from the settings, with the public holidays and make-up workdays of China (chinesecalendar, year by year as they
are announced).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]

from bot.core.calendar import Calendar, Period, Periods, Special
from bot.settings import WEEKDAYS, DeskSection

logger = logging.getLogger(__name__)
_MONDAY, _SATURDAY = 0, 5


def calendar_of(desk: DeskSection) -> Calendar:
    hours = desk.working_hours if isinstance(desk.working_hours, Mapping) else dict.fromkeys(WEEKDAYS, desk.working_hours)
    mon, tue, wed, thu, fri, sat, sun = (_periods(hours.get(day, [])) for day in WEEKDAYS)
    week = (mon, tue, wed, thu, fri, sat, sun)
    days = {day: _periods(own) for day, own in desk.days.items()}
    return Calendar(ZoneInfo(desk.timezone), week, _china(days, week[_MONDAY]) if desk.holidays == "china" else days.get)


def _china(days: Mapping[date, Periods], workday: Periods) -> Special:
    """`days` come before holidays; a weekend day on which people make up for a holiday goes by the hours of `workday`."""
    unknown: set[int] = set()

    def special(day: date) -> Periods | None:
        if day in days:
            return days[day]
        try:
            works, holiday = chinese_calendar.is_workday(day), chinese_calendar.get_holiday_detail(day)[1]
        except NotImplementedError:
            if day.year not in unknown:
                unknown.add(day.year)
                logger.warning("the holidays of %d are not known: install a newer chinesecalendar", day.year)
            return None
        if holiday is not None and not works:
            return ()
        return workday if works and day.weekday() >= _SATURDAY else None

    return special


def _periods(hours: list[str]) -> Periods:
    return tuple(Period.parse(text) for text in hours)
