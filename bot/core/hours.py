"""When people answer: daily periods in the shop's time zone (fact service.hours). Pure functions, the clock is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta


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
        if not 0 <= period.start_min < period.end_min <= 1440:
            raise ValueError(f"a period must lie within one day and end after it starts, got {text!r}")
        return period


def is_open(now: datetime, periods: tuple[Period, ...]) -> bool:
    """Whether people answer at `now` (aware, already in the shop's time zone)."""
    minute = now.hour * 60 + now.minute
    return any(p.start_min <= minute < p.end_min for p in periods)


def next_opening(now: datetime, periods: tuple[Period, ...]) -> datetime:
    """The next moment at which people start to answer; `now` itself when they do. Raises ValueError without periods."""
    if not periods:
        raise ValueError("no working hours are configured")
    if is_open(now, periods):
        return now
    midnight = datetime.combine(now.date(), time(), tzinfo=now.tzinfo)
    starts = [midnight + timedelta(days=day, minutes=p.start_min) for day in (0, 1) for p in periods]
    return min(start for start in starts if start > now)
