"""Queries on tickets, ratings and the audit trail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from server.store.records import Ticket
from server.store.tables import audit, ratings, tickets

OPEN, DONE = "open", "done"
COMMENT_WITHIN_S = 1800


def add(db: Connection, ticket: Ticket) -> Ticket:
    db.execute(insert(tickets), vars(ticket))
    return ticket


def add_to(db: Connection, ticket_no: str, detail: str, *, status: str = OPEN) -> None:
    db.execute(update(tickets).where(tickets.c.ticket_no == ticket_no).values(detail=detail, status=status))


def exists(db: Connection, ticket_no: str) -> bool:
    return db.execute(select(tickets.c.ticket_no).where(tickets.c.ticket_no == ticket_no)).first() is not None


def of_shopper(db: Connection, *, conversation_id: str, shopper_id: str | None, limit: int = 20) -> list[Ticket]:
    """Tickets of the conversation, and of its shopper from other conversations, newest first."""
    mine = [tickets.c.conversation_id == conversation_id]
    if shopper_id is not None:
        mine.append(tickets.c.shopper_id == shopper_id)
    query = select(tickets).where(or_(*mine)).order_by(tickets.c.created_at.desc(), tickets.c.ticket_no.desc()).limit(limit)
    return [_record(row) for row in db.execute(query)]


def add_note(db: Connection, ticket: Ticket, note: str) -> None:
    """Write what the shopper wishes besides into a ticket, once."""
    if note not in ticket.detail:
        db.execute(update(tickets).where(tickets.c.ticket_no == ticket.ticket_no).values(detail=f"{ticket.detail}；{note}"[:4000]))


def find_open(db: Connection, *, conversation_id: str, shopper_id: str | None, kind: str, order_id: str) -> Ticket | None:
    """The newest open ticket of a kind for an order, of the conversation or of its shopper; None when there is none."""
    mine = [tickets.c.conversation_id == conversation_id]
    if shopper_id is not None:
        mine.append(tickets.c.shopper_id == shopper_id)
    same = (tickets.c.kind == kind, tickets.c.order_id == order_id, tickets.c.status == OPEN)
    row = db.execute(select(tickets).where(or_(*mine), *same).order_by(tickets.c.created_at.desc()).limit(1)).first()
    return _record(row) if row is not None else None


def add_rating(
    db: Connection, *, conversation_id: str, target: str, agent_id: str | None, stars: int, text: str | None, now: float
) -> None:
    row = {"conversation_id": conversation_id, "target": target, "agent_id": agent_id, "stars": stars, "text": text}
    db.execute(insert(ratings), {**row, "created_at": now})


def explain_rating(db: Connection, conversation_id: str, stars: Any, text: str, *, now: float) -> bool:
    """Add the comment to the rating of as many stars that came a moment ago without one; False when there is none."""
    mine = (ratings.c.conversation_id == conversation_id, ratings.c.created_at > now - COMMENT_WITHIN_S)
    row = db.execute(select(ratings).where(*mine).order_by(ratings.c.id.desc()).limit(1)).first()
    if row is None or row.text is not None or row.stars != stars:
        return False
    db.execute(update(ratings).where(ratings.c.id == row.id).values(text=text))
    return True


def record(db: Connection, *, now: float, actor: str, action: str, conversation_id: str | None, **detail: Any) -> None:
    """One line of the audit trail. `actor`: shopper, bot, system or `agent:<id>`."""
    row = {"at": now, "actor": actor, "action": action, "conversation_id": conversation_id, "detail": detail}
    db.execute(insert(audit), row)


def _record(row: Any) -> Ticket:
    values = row._asdict()
    values["class_"] = values.pop("class", values.get("class_"))
    return Ticket(**values)
