"""A hand-off as the agents' list shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from bot.core import sla
from server.clock import Desk
from server.shapes import time_of
from server.store import conversations, handoffs, messages, people
from server.store.records import QUEUED, Conversation, Handoff, Message

_EXCERPT_CHARS = 120


def rows(db: Connection, found: Sequence[Handoff], *, desk: Desk, now: float) -> list[dict[str, Any]]:
    """One row per hand-off, in the given order."""
    names = people.agent_names(db)
    places = _places(db, found)
    return [_row(db, handoff, names, places.get(handoff.id), desk, now) for handoff in found]


def row(db: Connection, handoff_id: str, *, desk: Desk, now: float) -> dict[str, Any]:
    found = handoffs.get(db, handoff_id)
    assert found is not None
    return rows(db, [found], desk=desk, now=now)[0]


def _places(db: Connection, found: Sequence[Handoff]) -> dict[str, int]:
    pools = {handoff.fixture_id for handoff in found if handoff.state == QUEUED}
    return {waiting.id: place for pool in pools for place, waiting in enumerate(handoffs.queue(db, pool), 1)}


def _row(db: Connection, handoff: Handoff, names: dict[str, str], place: int | None, desk: Desk, now: float) -> dict[str, Any]:
    conversation = conversations.get(db, handoff.conversation_id)
    last = messages.last_said(db, conversation.id)
    given = {
        "accepted_at": _time(handoff.accepted_at, conversation, desk),
        "first_reply_at": _time(handoff.first_reply_at, conversation, desk),
        "closed_at": _time(handoff.closed_at, conversation, desk),
        "agent": {"id": handoff.agent_id, "name": names.get(handoff.agent_id, "")} if handoff.agent_id else None,
        "wanted_agent": handoff.wanted_agent,
        "last": _last(last, conversation, desk) if last else None,
        "position": place,
        "outcome": handoff.outcome,
        "note": handoff.note,
    }
    return {
        "id": handoff.id,
        "conversation": conversation.id,
        "channel": conversation.channel,
        "state": handoff.state,
        "owner": conversation.owner.value,
        "reason": handoff.reason,
        "skill": handoff.skill,
        "priority": handoff.priority,
        "queued_at": _time(handoff.queued_at, conversation, desk),
        "shopper": {"id": conversation.shopper_id, "level": conversation.shopper_level},
        "clocks": _clocks(handoff, conversation, desk, now),
        **{name: value for name, value in given.items() if value is not None},
    }


def _clocks(handoff: Handoff, conversation: Conversation, desk: Desk, now: float) -> dict[str, Any]:
    limits = sla.BY_PRIORITY[handoff.priority]
    return {
        "first_reply": _clock(handoff, conversation, desk, now, limits.first_reply_min, handoff.first_reply_at),
        "solve": _clock(handoff, conversation, desk, now, limits.solve_min, handoff.closed_at),
    }


def _clock(handoff: Handoff, conversation: Conversation, desk: Desk, now: float, minutes: int, done: float | None) -> dict[str, Any]:
    """`left_s` as of this answer, or as of when it was done; negative when over. `met` is None while it runs."""
    due = desk.calendar.add(desk.local(handoff.queued_at, conversation.clock_shift_s), minutes)
    at = desk.local(done if done is not None else now, conversation.clock_shift_s)
    left_s = round((due - at).total_seconds())
    met = left_s >= 0 if done is not None else None
    return {"due": due.isoformat(timespec="seconds"), "left_s": left_s, "total_s": minutes * 60, "met": met}


def _last(message: Message, conversation: Conversation, desk: Desk) -> dict[str, Any]:
    text = message.text[:_EXCERPT_CHARS]
    return {"seq": message.seq, "from": message.author, "text": text, "time": time_of(message.created_at, conversation, desk)}


def _time(at: float | None, conversation: Conversation, desk: Desk) -> str | None:
    return time_of(at, conversation, desk) if at is not None else None
