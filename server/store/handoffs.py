"""Queries on hand-offs. The queue of a pool (the shoppers of one demo fixture, or all others) is ordered by rank, then age."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, insert, select, update

from server.store.records import ACTIVE, CLOSED, QUEUED, Handoff
from server.store.tables import handoffs

BOT_BACK = "bot_back"
"""Outcome of a hand-off that the bot took back after an outage."""


def add(db: Connection, handoff: Handoff) -> Handoff:
    db.execute(insert(handoffs), vars(handoff))
    return handoff


def get(db: Connection, handoff_id: str) -> Handoff | None:
    row = db.execute(select(handoffs).where(handoffs.c.id == handoff_id)).first()
    return Handoff(**row._asdict()) if row else None


def change(db: Connection, handoff_id: str, *, only_in: str | None = None, **values: Any) -> bool:
    """Set the given columns; with `only_in` only while the hand-off is in that state. False when nothing was changed."""
    query = update(handoffs).where(handoffs.c.id == handoff_id)
    if only_in is not None:
        query = query.where(handoffs.c.state == only_in)
    return db.execute(query.values(**values)).rowcount == 1


def queue(db: Connection, fixture_id: str | None) -> list[Handoff]:
    """Who waits in a pool, first in line first."""
    query = select(handoffs).where(handoffs.c.state == QUEUED, _pool(fixture_id))
    return _records(db.execute(query.order_by(handoffs.c.rank, handoffs.c.queued_at, handoffs.c.id)).all())


def in_state(db: Connection, state: str, fixture_id: str | None, *, limit: int = 200) -> list[Handoff]:
    """Hand-offs of a pool for the agents' list: the queue in its order, others newest first."""
    if state == QUEUED:
        return queue(db, fixture_id)[:limit]
    newest = handoffs.c.closed_at if state == CLOSED else handoffs.c.accepted_at
    query = select(handoffs).where(handoffs.c.state == state, _pool(fixture_id)).order_by(newest.desc()).limit(limit)
    return _records(db.execute(query).all())


def of_conversation(db: Connection, conversation_id: str) -> list[Handoff]:
    query = select(handoffs).where(handoffs.c.conversation_id == conversation_id).order_by(handoffs.c.queued_at)
    return _records(db.execute(query).all())


def held_by(db: Connection, agent_id: str) -> list[Handoff]:
    return _records(db.execute(select(handoffs).where(handoffs.c.state == ACTIVE, handoffs.c.agent_id == agent_id)).all())


def waiting_before(db: Connection, at: float) -> list[Handoff]:
    """Those who entered the queue, for the last time, before `at`."""
    return _records(db.execute(select(handoffs).where(handoffs.c.state == QUEUED, handoffs.c.waiting_since < at)).all())


def waiting_for_bot(db: Connection) -> list[Handoff]:
    """Those who wait only because a process was away. One that nobody accepted, and only the first of a conversation:
    when the bot fails it again after it came back, a person is to look."""
    before = handoffs.alias()
    returned = select(before.c.id).where(before.c.conversation_id == handoffs.c.conversation_id, before.c.outcome == BOT_BACK)
    query = select(handoffs).where(handoffs.c.state == QUEUED, handoffs.c.outage, handoffs.c.accepted_at.is_(None))
    return _records(db.execute(query.where(~returned.exists())).all())


def unseen_since(db: Connection, at: float) -> list[Handoff]:
    """Accepted hand-offs whose agent has given no sign of life since `at`."""
    return _records(db.execute(select(handoffs).where(handoffs.c.state == ACTIVE, handoffs.c.seen_at < at)).all())


def seen(db: Connection, agent_id: str, now: float) -> None:
    """The agent is there: renew the lease of all that this agent holds."""
    db.execute(update(handoffs).where(handoffs.c.state == ACTIVE, handoffs.c.agent_id == agent_id).values(seen_at=now))


def queue_lengths(db: Connection) -> dict[str, int]:
    rows = db.execute(select(handoffs.c.skill, func.count()).where(handoffs.c.state == QUEUED).group_by(handoffs.c.skill))
    return {row[0]: row[1] for row in rows}


def _pool(fixture_id: str | None) -> ColumnElement[bool]:
    return handoffs.c.fixture_id.is_(None) if fixture_id is None else handoffs.c.fixture_id == fixture_id


def _records(rows: Sequence[Row[Any]]) -> list[Handoff]:
    return [Handoff(**row._asdict()) for row in rows]
