"""The calendar that the settings describe, over holidays and make-up workdays of China."""

from __future__ import annotations

import logging
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.core.calendar import Calendar
from bot.settings import ConfigError, DeskSection, load_settings
from server.holidays import calendar_of

OFFICE = {day: ["09:00-12:00", "13:00-18:00"] for day in ("mon", "tue", "wed", "thu", "fri")}


def _calendar(**desk: Any) -> Calendar:
    return calendar_of(DeskSection.model_validate({"working_hours": OFFICE, **desk}))


@pytest.mark.parametrize(
    ("day", "periods"),
    [
        (date(2026, 10, 1), 0),  # National Day, a Thursday
        (date(2026, 2, 14), 2),  # a Saturday on which people make up for the Spring Festival
        (date(2026, 2, 15), 0),  # its first day
        (date(2026, 11, 21), 0),  # any Saturday
        (date(2026, 11, 23), 2),
    ],
)
def test_holidays_are_free_and_make_up_days_are_worked(day: date, periods: int) -> None:
    assert len(_calendar(holidays="china").periods(day)) == periods


def test_a_single_day_comes_before_the_holiday_and_the_weekday() -> None:
    calendar = _calendar(holidays="china", days={"2026-10-01": ["10:00-16:00"], "2026-11-23": []})

    assert calendar.is_open(datetime(2026, 10, 1, 11, tzinfo=calendar.zone))
    assert calendar.periods(date(2026, 11, 23)) == ()


def test_a_reply_due_over_the_national_holidays_is_due_after_them() -> None:
    calendar = _calendar(holidays="china")
    due = calendar.add(datetime(2026, 9, 30, 17, 30, tzinfo=calendar.zone), 60)

    assert due == datetime(2026, 10, 8, 9, 30, tzinfo=calendar.zone)


def test_a_year_whose_holidays_are_not_known_goes_by_weekdays_and_says_so_once(caplog: pytest.LogCaptureFixture) -> None:
    calendar = _calendar(holidays="china")
    with caplog.at_level(logging.WARNING):
        assert [len(calendar.periods(date(2099, 1, day))) for day in (1, 2, 3, 4)] == [2, 2, 0, 0]

    assert len(caplog.records) == 1


def test_without_holidays_the_same_hours_hold_every_day() -> None:
    calendar = calendar_of(DeskSection(working_hours=["08:00-24:00"]))
    assert all(calendar.periods(date(2026, 10, day)) == calendar.periods(date(2026, 10, 1)) for day in range(1, 31))


@pytest.mark.parametrize("hours", [{"mon": []}, {"mon": [], "sun": []}])
def test_a_week_without_hours_is_refused_at_the_start(tmp_path: Path, hours: Any) -> None:
    desk = {"working_hours": hours, "days": {"2026-10-01": ["10:00-16:00"]}}
    (tmp_path / "config.yml").write_text(yaml.safe_dump({"desk": desk}))

    with pytest.raises(ConfigError, match=r"`desk.working_hours` has value .*: no weekday has hours"):
        load_settings(tmp_path / "config.yml", secrets_file=tmp_path / "secrets.env")


@pytest.mark.parametrize(
    ("hours", "fault"),
    [
        ({"mon": ["9 to 5"]}, "`desk.working_hours.mon.0` has value '9 to 5': expected a period such as 08:00-24:00, got '9 to 5'"),
        (["9 to 5"], "`desk.working_hours.0` has value '9 to 5': expected a period such as 08:00-24:00, got '9 to 5'"),
        (
            {"funday": []},
            "`desk.working_hours.funday` has value 'funday': Input should be 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun'",
        ),
    ],
)
def test_wrong_hours_are_named_as_they_stand_in_the_file(tmp_path: Path, hours: Any, fault: str) -> None:
    (tmp_path / "config.yml").write_text(yaml.safe_dump({"desk": {"working_hours": hours}}))

    with pytest.raises(ConfigError) as refused:
        load_settings(tmp_path / "config.yml", secrets_file=tmp_path / "secrets.env")

    assert str(refused.value).removeprefix(f"{tmp_path / 'config.yml'}: ") == fault


@pytest.mark.parametrize("hours", [{"funday": ["09:00-10:00"]}, {"mon": ["9 to 5"]}, []])
def test_hours_that_are_none_are_refused(hours: Any) -> None:
    with pytest.raises(ValueError, match="working_hours"):
        DeskSection.model_validate({"working_hours": hours})
