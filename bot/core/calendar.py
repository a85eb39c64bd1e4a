"""When people work: periods by weekday, and days that go by another rule. Pure functions, the clock is passed in.

Time is counted where it passes evenly, in seconds since 1970, so a change of the clocks neither loses nor doubles working time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAY_MIN = 24 * 60
_LONGEST_REST_DAYS = 400


class NeverOpen(ValueError):
    """Nobody works within more than a year."""


@dataclass(frozen=True)
class Period:
    """One period of a day in minutes after midnight, half-open; 24:00 is 1440."""

    start_min: int
    end_min: int

    @classmethod
    def parse(cls, text: str) -> Period:
        """`"08:00-24:00"`; raises ValueError that names the text when it is not one."""
        try:
            start, end = ([int(part) for part in side.split(":")] for side in text.split("-"))
            period = cls(start[0] * 60 + start[1], end[0] * 60 + end[1])
        except (ValueError, IndexError):
            raise ValueError(f"expected a period such as 08:00-24:00, got {text!r}") from None
        if not 0 <= period.start_min < period.end_min <= DAY_MIN:
            raise ValueError(f"a period must lie within one day and end after it starts, got {text!r}")
        return period


Periods = tuple[Period, ...]
Special = Callable[[date], Periods | None]
"""The periods of a day that does not go by its weekday (a holiday, a make-up workday, a long day of a sale); None for the others."""


def _no_special(_: date) -> Periods | None:
    return None


@dataclass(frozen=True)
class Calendar:
    """`week`: the periods of Monday to Sunday; they may touch and overlap. Times are aware, of any zone."""

    zone: ZoneInfo
    week: tuple[Periods, Periods, Periods, Periods, Periods, Periods, Periods]
    special: Special = _no_special

    @classmethod
    def daily(cls, zone: ZoneInfo, periods: Sequence[Period]) -> Calendar:
        """The same periods on every day."""
        own = tuple(periods)
        return cls(zone, (own, own, own, own, own, own, own))

    def periods(self, day: date) -> Periods:
        special = self.special(day)
        return self.week[day.weekday()] if special is None else special

    def is_open(self, at: datetime) -> bool:
        return any(start <= at.timestamp() < end for start, end in self._spans(at.astimezone(self.zone).date()))

    def next_opening(self, at: datetime) -> datetime:
        """The next moment at which people work, in the calendar's zone; `at` itself when they do. Raises `NeverOpen`."""
        start, _ = next(self._from(at.timestamp()))
        return self._moment(start)

    def add(self, at: datetime, minutes: float) -> datetime:
        """When `minutes` of working time after `at` are over (Friday 16:30 + 60 with hours 9–17 is Monday 9:30). Raises `NeverOpen`."""
        left = minutes * 60
        for start, end in self._from(at.timestamp()):
            if start + left <= end:
                return self._moment(start + left)
            left -= end - start
        raise AssertionError("the spans never end")

    def _from(self, at: float) -> Iterator[tuple[float, float]]:
        """Spans of working time that are not over at `at`, the first from `at` on when it holds it."""
        day = self._moment(at).date()
        resting = 0
        while resting <= _LONGEST_REST_DAYS:
            resting += 1
            for start, end in self._spans(day):
                if end > at:
                    resting = 0
                    yield max(start, at), end
            day += timedelta(days=1)
        raise NeverOpen("no working hours within a year")

    def _spans(self, day: date) -> list[tuple[float, float]]:
        """Working time of a day as half-open spans of seconds since 1970, in order, none touching another."""
        spans: list[tuple[float, float]] = []
        for period in sorted(self.periods(day), key=lambda p: p.start_min):
            start, end = self._at(day, period.start_min), self._at(day, period.end_min)
            if spans and start <= spans[-1][1]:
                spans[-1] = (spans[-1][0], max(spans[-1][1], end))
            elif start < end:
                spans.append((start, end))
        return spans

    def _at(self, day: date, minute: int) -> float:
        """A time that the clocks skip is put off by as much (02:30 is 03:30); of one that comes twice the first counts."""
        day += timedelta(days=minute // DAY_MIN)
        return datetime(day.year, day.month, day.day, minute % DAY_MIN // 60, minute % 60, tzinfo=self.zone).timestamp()

    def _moment(self, at: float) -> datetime:
        return datetime.fromtimestamp(at, self.zone)
