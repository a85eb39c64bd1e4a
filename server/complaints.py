"""What a shopper complained of while waiting for a person: for the colleague who takes over, and for the bot when nobody does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from server.store import messages
from server.store.records import Handoff

_COMPLAINT, _CLEAR = "complain", 0.6


def is_complaint(parse: Mapping[str, Any] | None) -> bool:
    intent = (parse or {}).get("intent") or {}
    return intent.get("name") == _COMPLAINT and float(intent.get("confidence") or 0) >= _CLEAR


def complaints(db: Connection, handoff: Handoff, *, answered: bool = False) -> str:
    """The shopper's own words, a message a line and each once, "" when there were none. `answered`: also what an agent has replied to."""
    turns = messages.passed_on(db, handoff.conversation_id, handoff.id)
    since = 0 if answered else messages.last_of_agent(db, handoff.conversation_id)
    about = [turn.seq for turn in turns if turn.seq > since and is_complaint(turn.parse)]
    return "\n".join(dict.fromkeys(message.text for message in messages.of_turns(db, handoff.conversation_id, about)))
