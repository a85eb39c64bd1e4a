"""Rows as frozen dataclasses: what the queries of this folder return. Field names are the column names of `tables.py`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.core.ownership import Owner

SHOPPER, BOT, AGENT, SYSTEM = "shopper", "bot", "agent", "system"
"""Authors of messages."""
AGENT_ID_SEPARATOR = "|"
"""An agent's message is stored under `<agent id>|<id>`, so that two agents may use the same ids."""
PENDING, DONE = "pending", "done"
"""States of a shopper's message: its turn is still to be answered, or is stored."""
QUEUED, ACTIVE, CLOSED = "queued", "active", "closed"
"""States of a hand-off."""


@dataclass(frozen=True)
class Conversation:
    id: str
    key: str
    channel: str
    sender: str
    owner: Owner
    created_at: float
    active_at: float
    shopper_id: str | None = None
    shopper_level: str | None = None
    fixture_id: str | None = None
    clock_shift_s: float = 0.0
    agent_id: str | None = None
    handoff_id: str | None = None
    language: str | None = None
    page: str | None = None
    client: str | None = None
    active_form: str | None = None
    requested_slot: str | None = None
    slots: dict[str, Any] = field(default_factory=dict)
    moods: list[str] = field(default_factory=list)
    needs_reset: bool = False
    last_seq: int = 0


@dataclass(frozen=True)
class Message:
    id: int
    conversation_id: str
    seq: int
    author: str
    kind: str
    body: dict[str, Any]
    created_at: float
    author_name: str | None = None
    message_id: str | None = None
    input: dict[str, Any] | None = None
    private: bool = False
    turn_seq: int | None = None
    state: str = DONE
    parse: dict[str, Any] | None = None
    outcome: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        return str(self.body.get("text") or "")


@dataclass(frozen=True)
class Handoff:
    id: str
    conversation_id: str
    state: str
    reason: str
    skill: str
    priority: str
    rank: int
    queued_at: float
    fixture_id: str | None = None
    summary: str | None = None
    agent_id: str | None = None
    wanted_agent: str | None = None
    waiting_since: float | None = None
    outage: bool = False
    accepted_at: float | None = None
    first_reply_at: float | None = None
    seen_at: float | None = None
    closed_at: float | None = None
    outcome: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Ticket:
    ticket_no: str
    conversation_id: str
    kind: str
    detail: str
    status: str
    created_at: float
    promised_at: float
    shopper_id: str | None = None
    class_: str | None = None
    order_id: str | None = None
    priority: str = "normal"


@dataclass(frozen=True)
class ButtonToken:
    token: str
    conversation_id: str
    title: str
    intent: str
    entities: dict[str, Any]
    expires_at: float
    used_at: float | None = None


@dataclass(frozen=True)
class Agent:
    """`role`: agent, supervisor, engineer or admin; `fixture_id` is set for the two people of a demo fixture."""

    id: str
    name: str
    role: str
    password_hash: str
    fixture_id: str | None = None


@dataclass(frozen=True)
class Fixture:
    id: str
    sender: str
    shopper_id: str
    clock_shift_s: float
    created_at: float


@dataclass(frozen=True)
class File:
    id: str
    conversation_id: str
    media_type: str
    size: int
    created_at: float
