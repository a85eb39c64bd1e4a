"""Service levels: how much working time there is for a first reply and for a solution."""

from __future__ import annotations

from dataclasses import dataclass

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
