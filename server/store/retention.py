"""What is deleted by itself: sessions that ran out, images nobody sent, and chats that were opened and never used."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, select

from bot.core.messages import UPLOAD
from server.store.tables import agent_sessions, conversations, files, messages, sessions

_AT_ONCE = 500


def forget_agent_sessions(db: Connection, now: float) -> None:
    db.execute(delete(agent_sessions).where(agent_sessions.c.expires_at <= now))


def forget_unused_files(db: Connection, before: float) -> list[str]:
    """Delete the records of images uploaded before that time and never sent; returns their ids."""
    sent = select(messages.c.id).where(
        messages.c.conversation_id == files.c.conversation_id,
        messages.c.kind == UPLOAD,
        messages.c.input["payload"].as_string() == files.c.id,
    )
    unused = select(files.c.id).where(files.c.created_at < before, ~sent.exists()).limit(_AT_ONCE)
    ids = list(db.execute(unused).scalars())
    db.execute(delete(files).where(files.c.id.in_(ids)))
    return ids


def silent_chats(db: Connection, before: float) -> list[str]:
    """Conversations that were opened before that time and in which nothing was ever said or sent."""
    uploaded = select(files.c.id).where(files.c.conversation_id == conversations.c.id)
    silent = (conversations.c.last_seq == 0, conversations.c.active_at < before, ~uploaded.exists())
    return list(db.execute(select(conversations.c.id).where(*silent).limit(_AT_ONCE)).scalars())


def forget_silent_chats(db: Connection, ids: Collection[str]) -> None:
    """Delete these with their sessions, unless somebody spoke meanwhile."""
    still = select(conversations.c.id).where(conversations.c.id.in_(ids), conversations.c.last_seq == 0)
    silent = list(db.execute(still).scalars())
    db.execute(delete(sessions).where(sessions.c.conversation_id.in_(silent)))
    db.execute(delete(conversations).where(conversations.c.id.in_(silent)))
