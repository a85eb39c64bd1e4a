"""Tickets: numbers, cards, and the note that is taken when nobody is at the desk."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from bot.core.intents import COMPLAINT_CLASSES
from bot.core.messages import Reply
from server import wording
from server.clock import Desk
from server.store import tickets
from server.store.records import Conversation, Ticket
from server.transcript import Transcript

COMPLAINT, MESSAGE = "complaint", "message"
OPEN = "open"
_DRAWS_PER_LENGTH = 20
FIRST_ANSWER_S = 24 * 3600
"""A complaint is answered within 24 hours (fact service.complaint)."""


def open_complaint(transcript: Transcript, command: Mapping[str, Any], desk: Desk) -> Reply:
    """Make the ticket of an `open_ticket` command; the reply carries its card."""
    class_ = command.get("class") if command.get("class") in COMPLAINT_CLASSES else None
    detail, order_id = str(command.get("detail") or ""), command.get("order_id")
    ticket = _add(transcript, desk, kind=COMPLAINT, class_=class_, detail=detail, order_id=order_id)
    return _reply("ticket_made", ticket, transcript.conversation, desk)


def note_for_later(transcript: Transcript, desk: Desk, *, detail: str) -> Ticket:
    """The open note of this conversation, or a new one: asking again at night does not make a second."""
    conversation = transcript.conversation
    for ticket in tickets.of_shopper(transcript.db, conversation_id=conversation.id, shopper_id=None):
        if ticket.kind == MESSAGE and ticket.status == OPEN:
            return ticket
    return _add(transcript, desk, kind=MESSAGE, class_=None, detail=detail, order_id=conversation.slots.get("focus_order"))


def tell_status(transcript: Transcript, command: Mapping[str, Any], desk: Desk) -> Reply:
    """Answer a `ticket_status` command: the named ticket if it is this shopper's, else the latest one."""
    conversation = transcript.conversation
    mine = tickets.of_shopper(transcript.db, conversation_id=conversation.id, shopper_id=conversation.shopper_id)
    wanted = str(command.get("ticket_no") or "").upper()
    found = next((ticket for ticket in mine if not wanted or ticket.ticket_no == wanted), None)
    if found is None:
        return wording.notice("ticket_unknown", conversation.language)
    return _reply("ticket_found", found, conversation, desk)


def card(ticket: Ticket, conversation: Conversation, desk: Desk) -> dict[str, Any]:
    """The `ticket_card` of docs/design.md."""
    language = conversation.language
    return {
        "type": "ticket_card",
        "ticket_no": ticket.ticket_no,
        "class": ticket.class_,
        "class_text": wording.class_text(ticket.class_, language),
        "status": ticket.status,
        "status_text": wording.status_text(ticket.status, language),
        "promised_at": desk.local(ticket.promised_at).strftime("%Y-%m-%d %H:%M"),
    }


def _reply(sentence: str, ticket: Ticket, conversation: Conversation, desk: Desk) -> Reply:
    shown = card(ticket, conversation, desk)
    promised = shown["promised_at"]
    return wording.notice(sentence, conversation.language, shown, ticket_no=ticket.ticket_no, promised=promised)


def _add(transcript: Transcript, desk: Desk, *, kind: str, class_: str | None, detail: str, order_id: Any) -> Ticket:
    conversation = transcript.conversation
    now = transcript.now + conversation.clock_shift_s
    ticket = Ticket(
        ticket_no=_free_number(transcript.db, f"T{desk.local(now):%Y%m%d}"),
        conversation_id=conversation.id,
        shopper_id=conversation.shopper_id,
        kind=kind,
        class_=class_,
        detail=detail[:4000],
        order_id=str(order_id)[:32] if order_id else None,
        status=OPEN,
        created_at=now,
        promised_at=now + FIRST_ANSWER_S,
    )
    return tickets.add(transcript.db, ticket)


def _free_number(db: Connection, day: str) -> str:
    """`day` and five random digits that no ticket has; on a day with very many tickets, more digits."""
    digits = 5
    while True:
        for _ in range(_DRAWS_PER_LENGTH):
            number = f"{day}{secrets.randbelow(10**digits):0{digits}d}"
            if not tickets.exists(db, number):
                return number
        digits += 1
