"""Service levels: when a first reply and a solution are due, counted in working time. Pure functions, the clock is passed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.hours import Period, next_opening

PRIORITIES = ("urgent", "high", "normal", "low")
"""Most pressing first (contract: Agents)."""


@dataclass(frozen=True)
class Clocks:
    """Minutes of working time until a person's first reply and until the solution."""

    first_reply_min: int
    solve_min: int


BY_PRIORITY = {
    "urgent": Clocks(first_reply_min=1, solve_min=2 * 60),
    "high": Clocks(first_reply_min=3, solve_min=4 * 60),
    "normal": Clocks(first_reply_min=5, solve_min=24 * 60),
    "low": Clocks(first_reply_min=15, solve_min=72 * 60),
}
"""First reply within 5 minutes and a solution within 24 hours is the usual promise (requirements R005, R006, R008)."""


def rank(priority: str) -> int:
    """Place in the queue, 0 first; an unknown priority counts as normal."""
    return PRIORITIES.index(priority) if priority in PRIORITIES else PRIORITIES.index("normal")


def due(start: datetime, minutes: int, periods: tuple[Period, ...]) -> datetime:
    """`start` plus `minutes` of working time (requirement: Friday 16:30 + 1 h with hours 9-17 is the next day 9:30)."""
    at, left = start, timedelta(minutes=minutes)
    while True:
        at = next_opening(at, periods)
        end = _end_of_period(at, periods)
        if at + left <= end:
            return at + left
        left -= end - at
        at = end


def _end_of_period(at: datetime, periods: tuple[Period, ...]) -> datetime:
    minute = at.hour * 60 + at.minute
    end_min = max(p.end_min for p in periods if p.start_min <= minute < p.end_min)
    midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(minutes=end_min)
