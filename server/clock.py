"""The clock that is passed in everywhere, and the calendar of a conversation (a demo fixture has a clock of its own)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.core.calendar import Calendar

Clock = Callable[[], float]
"""Seconds since 1970, UTC."""

wall_clock: Clock = time.time


@dataclass(frozen=True)
class Desk:
    """Where and when people answer."""

    calendar: Calendar

    @property
    def zone(self) -> ZoneInfo:
        return self.calendar.zone

    def local(self, at: float, shift_s: float = 0.0) -> datetime:
        """Seconds since 1970 as a time of the shop; `shift_s` is the clock shift of the conversation."""
        return datetime.fromtimestamp(at + shift_s, self.zone)

    def is_open(self, now: datetime) -> bool:
        return self.calendar.is_open(now)

    def opens_at(self, now: datetime) -> datetime:
        """The next time at which people start to answer, after `now`: on another day when they do already."""
        if not self.is_open(now):
            return self.calendar.next_opening(now)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
        return self.calendar.next_opening(midnight)
