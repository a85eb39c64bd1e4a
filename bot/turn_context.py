"""The turn that is running in this task: what the tracker store must write together with the tracker."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

SHOP_MS_HEADER = "X-Shop-Ms"
"""In the answer to an action call: milliseconds that the action waited for the shop."""


@dataclass
class RunningTurn:
    """`messages` are those collected so far, as Rasa's collecting channel keeps them; `spent_ms` is what its actions took so far, and
    what of that was waiting for the shop."""

    message_id: str
    reset: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)
    spent_ms: dict[str, float] = field(default_factory=lambda: {"actions": 0.0, "shop": 0.0})


running_turn: ContextVar[RunningTurn | None] = ContextVar("running_turn", default=None)
