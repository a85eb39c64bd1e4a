"""Queries on conversations and sessions.

A conversation's `key` says who may address it: `rest|<sender>|<shopper id or nothing>` or `web|<conversation id>`, the
latter found through a session secret (stored as a hash) or the shopper's id.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.core.errors import NotFound
from bot.core.ownership import Owner
from server.store.records import Conversation
from server.store.tables import conversations, fixtures, sessions


def get(db: Connection, conversation_id: str) -> Conversation:
    """The conversation; raises `NotFound`."""
    row = db.execute(select(conversations).where(conversations.c.id == conversation_id)).first()
    if row is None:
        raise NotFound("there is no such conversation")
    return _record(row)


def by_key(db: Connection, key: str) -> Conversation | None:
    row = db.execute(select(conversations).where(conversations.c.key == key)).first()
    return _record(row) if row else None


def by_session(db: Connection, secret_hash: str) -> Conversation | None:
    query = select(conversations).join(sessions).where(sessions.c.secret_hash == secret_hash)
    row = db.execute(query).first()
    return _record(row) if row else None


def latest_of_shopper(db: Connection, shopper_id: str, channel: str) -> Conversation | None:
    query = (
        select(conversations)
        .where(conversations.c.shopper_id == shopper_id, conversations.c.channel == channel)
        .order_by(conversations.c.active_at.desc())
        .limit(1)
    )
    row = db.execute(query).first()
    return _record(row) if row else None


def add(db: Connection, conversation: Conversation) -> Conversation:
    db.execute(insert(conversations), _values(conversation))
    return conversation


def change(db: Connection, conversation_id: str, **values: Any) -> None:
    """Set the given columns; `owner` may be an `Owner`."""
    if isinstance(values.get("owner"), Owner):
        values["owner"] = values["owner"].value
    db.execute(update(conversations).where(conversations.c.id == conversation_id).values(**values))


def add_session(db: Connection, *, secret_hash: str, conversation_id: str, now: float) -> None:
    db.execute(insert(sessions), {"secret_hash": secret_hash, "conversation_id": conversation_id, "created_at": now})


def idle_with_bot(db: Connection, before: float) -> list[Conversation]:
    """Conversations held by the bot whose last activity lies before the given time, longest idle first, at most 100."""
    query = (
        select(conversations)
        .where(conversations.c.owner == Owner.BOT.value, conversations.c.active_at < before, conversations.c.last_seq > 0)
        .order_by(conversations.c.active_at)
        .limit(100)
    )
    return [_record(row) for row in db.execute(query)]


def fixture_of(db: Connection, *, sender: str, shopper_id: str | None) -> tuple[str | None, float]:
    """Id and clock shift of the demo fixture that a sender or shopper belongs to; (None, 0.0) for everybody else."""
    query = select(fixtures.c.id, fixtures.c.clock_shift_s).where(
        (fixtures.c.sender == sender) | (fixtures.c.shopper_id == (shopper_id or ""))
    )
    row = db.execute(query).first()
    return (row.id, row.clock_shift_s) if row else (None, 0.0)


def _record(row: Row[Any]) -> Conversation:
    values = row._asdict()
    return Conversation(**{**values, "owner": Owner(values["owner"])})


def _values(conversation: Conversation) -> dict[str, Any]:
    return {**vars(conversation), "owner": conversation.owner.value}
