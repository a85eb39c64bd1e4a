"""What the dialogue answers to the server for one turn, read off the tracker and the collected messages (docs/design.md)."""

from __future__ import annotations

import itertools
from typing import Any

from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def turn_result(tracker: DialogueStateTracker, messages: list[dict[str, Any]], spent_ms: dict[str, float]) -> dict[str, Any]:
    """The 200 body of `/webhooks/zhanggui/turn`; commands are taken out of the messages."""
    return {
        "messages": [_public(m) for m in messages if not _command(m)],
        "commands": [command for m in messages if (command := _command(m))],
        "active_form": tracker.active_loop_name,
        "requested_slot": tracker.get_slot("requested_slot") if tracker.active_loop_name else None,
        "slots": {name: value for name, value in tracker.current_slot_values().items() if value is not None},
        "actions": _actions(tracker),
        "spent_ms": {part: round(took, 1) for part, took in spent_ms.items()},
        "failed": [],
    }


def _command(message: dict[str, Any]) -> dict[str, Any] | None:
    custom = message.get("custom")
    return custom.get("command") if isinstance(custom, dict) else None


def _public(message: dict[str, Any]) -> dict[str, Any]:
    return {key: message[key] for key in ("text", "buttons", "image", "custom") if message.get(key)}


def _actions(tracker: DialogueStateTracker) -> list[str]:
    since = itertools.takewhile(lambda event: not isinstance(event, UserUttered), reversed(tracker.events))
    names = [event.action_name for event in since if isinstance(event, ActionExecuted) and event.action_name]
    return names[::-1]
