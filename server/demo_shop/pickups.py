"""Door pick-up of what goes back: windows of two hours between 09:00 and 19:00 (fact return.pickup), in a shopper's words."""

from __future__ import annotations

from datetime import datetime, timedelta

WINDOW = timedelta(hours=2)
_NOTICE = timedelta(hours=2)
_DAYS = 4


def free_windows(now: datetime) -> list[datetime]:
    """When the windows of today and the next three days begin, at least two hours from `now`."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    starts = [midnight + timedelta(days=day, hours=hour) for day in range(_DAYS) for hour in (9, 11, 13, 15, 17)]
    return [start for start in starts if start >= now + _NOTICE]


def window_text(start: datetime) -> str:
    """11月21日 17:00-19:00"""
    return f"{start.month}月{start.day}日 {start:%H:%M}-{start + WINDOW:%H:%M}"


def window_named(text: str, now: datetime) -> datetime | None:
    """The free window that is written so, None when it is not offered (any more)."""
    return next((start for start in free_windows(now) if window_text(start) == text.strip()), None)
