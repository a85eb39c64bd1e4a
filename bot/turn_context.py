"""The turn that is running in this task: what the tracker store must write together with the tracker."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any


@dataclass
class RunningTurn:
    """`messages` are those collected so far, as Rasa's collecting channel keeps them."""

    message_id: str
    reset: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)


running_turn: ContextVar[RunningTurn | None] = ContextVar("running_turn", default=None)
