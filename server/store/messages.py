"""Queries on messages and button tokens. The sequence number of a conversation is kept in its row (`last_seq`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.core.errors import Conflict
from server.store.records import AGENT, BOT, DONE, PENDING, SHOPPER, SYSTEM, ButtonToken, Message
from server.store.tables import button_tokens, messages


def add_all(db: Connection, new: Sequence[Message]) -> None:
    if new:
        db.execute(insert(messages), [_values(message) for message in new])


def by_message_id(db: Connection, conversation_id: str, author: str, message_id: str) -> Message | None:
    query = select(messages).where(
        messages.c.conversation_id == conversation_id, messages.c.author == author, messages.c.message_id == message_id
    )
    row = db.execute(query).first()
    return _record(row) if row else None


def by_seq(db: Connection, conversation_id: str, seq: int) -> Message | None:
    row = db.execute(select(messages).where(messages.c.conversation_id == conversation_id, messages.c.seq == seq)).first()
    return _record(row) if row else None


def replies_of_turn(db: Connection, conversation_id: str, turn_seq: int) -> list[Message]:
    """What the shopper was answered in the turn of the message with this sequence number, in order."""
    query = (
        select(messages)
        .where(
            messages.c.conversation_id == conversation_id,
            messages.c.turn_seq == turn_seq,
            messages.c.author.in_((BOT, SYSTEM)),
            messages.c.private.is_(False),
        )
        .order_by(messages.c.seq)
    )
    return [_record(row) for row in db.execute(query)]


def after(db: Connection, conversation_id: str, seq: int, *, private: bool = False, limit: int = 500) -> list[Message]:
    """A page of the messages after a sequence number, oldest first."""
    query = select(messages).where(messages.c.conversation_id == conversation_id, messages.c.seq > seq)
    if not private:
        query = query.where(messages.c.private.is_(False))
    return [_record(row) for row in db.execute(query.order_by(messages.c.seq).limit(limit))]


def newest(db: Connection, conversation_id: str, *, limit: int) -> list[Message]:
    """The last messages of a conversation with its private notes, oldest first."""
    query = select(messages).where(messages.c.conversation_id == conversation_id).order_by(messages.c.seq.desc()).limit(limit)
    return [_record(row) for row in reversed(db.execute(query).all())]


def pending(db: Connection) -> list[Message]:
    """Shoppers' messages whose turn was never stored (the process ended in between), oldest first."""
    return [_record(row) for row in db.execute(select(messages).where(messages.c.state == PENDING).order_by(messages.c.id))]


def pending_of_turn(db: Connection, conversation_id: str, turn_seq: int) -> list[Message]:
    """The messages of a turn that was never stored, oldest first."""
    mine = (messages.c.conversation_id == conversation_id, messages.c.turn_seq == turn_seq, messages.c.state == PENDING)
    return [_record(row) for row in db.execute(select(messages).where(*mine).order_by(messages.c.seq))]


def begin(db: Connection, conversation_id: str, seqs: Sequence[int]) -> None:
    """These messages are asked as one turn, that of the last of them: whenever they are asked again, then as this turn."""
    mine = (messages.c.conversation_id == conversation_id, messages.c.seq.in_(seqs))
    db.execute(update(messages).where(*mine).values(turn_seq=seqs[-1]))


def finish(db: Connection, conversation_id: str, seqs: Sequence[int], *, parse: Any, outcome: dict[str, Any]) -> None:
    """The turn of these messages is stored; parse and outcome are kept with the last. Raises `Conflict` when it was before."""
    turn_seq = seqs[-1]
    mine = messages.c.conversation_id == conversation_id
    if len(seqs) > 1:
        earlier = update(messages).where(mine, messages.c.seq.in_(seqs[:-1]))
        db.execute(earlier.values(state=DONE, turn_seq=turn_seq))
    last = update(messages).where(mine, messages.c.seq == turn_seq, messages.c.state == PENDING)
    if db.execute(last.values(state=DONE, turn_seq=turn_seq, parse=parse, outcome=outcome)).rowcount == 0:
        raise Conflict("this turn has been stored already")


def keep_parse(db: Connection, conversation_id: str, seq: int, parse: dict[str, Any]) -> None:
    """What a message that people answer was understood as."""
    mine = (messages.c.conversation_id == conversation_id, messages.c.seq == seq)
    db.execute(update(messages).where(*mine).values(parse=parse))


def add_tokens(db: Connection, tokens: Sequence[ButtonToken]) -> None:
    if tokens:
        db.execute(insert(button_tokens), [vars(token) for token in tokens])


def token(db: Connection, value: str) -> ButtonToken | None:
    row = db.execute(select(button_tokens).where(button_tokens.c.token == value)).first()
    return ButtonToken(**row._asdict()) if row else None


def use_token(db: Connection, value: str, now: float) -> bool:
    """Mark a token as used; False when it was used before."""
    result = db.execute(update(button_tokens).where(button_tokens.c.token == value, button_tokens.c.used_at.is_(None)).values(used_at=now))
    return result.rowcount == 1


def forget_old_tokens(db: Connection, before: float) -> None:
    db.execute(delete(button_tokens).where(button_tokens.c.expires_at < before))


def last_said(db: Connection, conversation_id: str) -> Message | None:
    """The newest message of shopper, bot or agent; notices of the system and private notes do not count."""
    mine = (messages.c.conversation_id == conversation_id, messages.c.private.is_(False), messages.c.author != SYSTEM)
    row = db.execute(select(messages).where(*mine).order_by(messages.c.seq.desc()).limit(1)).first()
    return _record(row) if row else None


def passed_on(db: Connection, conversation_id: str, handoff_id: str) -> list[Message]:
    """The last message of each turn that was left to the people of a hand-off, oldest first."""
    mine = (messages.c.conversation_id == conversation_id, messages.c.outcome["handoff"].as_string() == handoff_id)
    return [_record(row) for row in db.execute(select(messages).where(*mine).order_by(messages.c.seq))]


def of_turns(db: Connection, conversation_id: str, turn_seqs: Sequence[int]) -> list[Message]:
    """What the shopper wrote in these turns, oldest first."""
    mine = (messages.c.conversation_id == conversation_id, messages.c.author == SHOPPER, messages.c.turn_seq.in_(turn_seqs))
    return [_record(row) for row in db.execute(select(messages).where(*mine).order_by(messages.c.seq))]


def last_of_agent(db: Connection, conversation_id: str) -> int:
    """The sequence number of the last message that the shopper read from an agent; 0 when there is none."""
    mine = (messages.c.conversation_id == conversation_id, messages.c.author == AGENT, messages.c.private.is_(False))
    return db.execute(select(func.max(messages.c.seq)).where(*mine)).scalar() or 0


def last_speaker(db: Connection, conversation_id: str) -> str:
    """Who gave the shopper the last answer: the bot or an agent; the bot when nobody did."""
    query = (
        select(messages.c.author)
        .where(messages.c.conversation_id == conversation_id, messages.c.author.in_((BOT, AGENT)), messages.c.private.is_(False))
        .order_by(messages.c.seq.desc())
        .limit(1)
    )
    return db.execute(query).scalar() or BOT


def _record(row: Row[Any]) -> Message:
    return Message(**row._asdict())


def _values(message: Message) -> dict[str, Any]:
    values = dict(vars(message))
    del values["id"]
    return values
