"""Tickets: numbers, cards, and the note that is taken when nobody is at the desk."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.core.intents import COMPLAINT_CLASSES
from bot.core.messages import Reply
from bot.core.sla import PRIORITIES
from server import wording
from server.clock import Desk
from server.store import tickets
from server.store.records import Conversation, Ticket
from server.transcript import Transcript
from server.which_ticket import meant

COMPLAINT, SUGGESTION, CHECK, MESSAGE = "complaint", "suggestion", "check", "message"
"""Kinds: what went wrong; what could be better; a parcel that is looked into; a note taken while nobody is at the desk."""
_DRAWS_PER_LENGTH = 20
_HOUR_S = 3600
PROMISED_S = {COMPLAINT: 24 * _HOUR_S, SUGGESTION: 48 * _HOUR_S, CHECK: 24 * _HOUR_S, MESSAGE: 24 * _HOUR_S}
"""Within this time a ticket is answered (facts service.complaint, service.feedback and ship.stuck)."""
_ASKED_FOR = (COMPLAINT, SUGGESTION, CHECK)
_ORDER_CHARS, _DETAIL_CHARS = 32, 4000
_MOST_LISTED, _ABOUT_CHARS = 5, 20


def open_ticket(transcript: Transcript, command: Mapping[str, Any], desk: Desk) -> Reply:
    """Make the ticket of an `open_ticket` command; the reply carries its card. A parcel, or what a talk tells of no order, is
    looked into once at a time, and what is told of it later is added."""
    kind = next((known for known in _ASKED_FOR if known == command.get("kind")), COMPLAINT)
    earlier = None
    if kind == CHECK:
        order_id = command.get("order_id")
        earlier = _open_check(transcript, order_id) if order_id else _open_matter(transcript, command)
    if earlier is not None:
        tickets.add_to(transcript.db, earlier.ticket_no, _with_note(earlier, str(command.get("detail") or "")))
        return _reply("ticket_open", earlier, transcript.conversation, desk)
    class_ = command.get("class") if command.get("class") in COMPLAINT_CLASSES else None
    detail, order_id = str(command.get("detail") or ""), command.get("order_id")
    priority = str(command.get("priority")) if command.get("priority") in PRIORITIES else "normal"
    ticket = _add(transcript, desk, kind=kind, class_=class_, detail=detail, order_id=order_id, priority=priority)
    return _reply("ticket_made", ticket, transcript.conversation, desk)


def close_check(transcript: Transcript, command: Mapping[str, Any], desk: Desk) -> Reply:
    """End the check of a `close_check` command: the named one if it is this shopper's, else that of the order."""
    conversation = transcript.conversation
    wanted, order = str(command.get("ticket_no") or "").upper(), command.get("order_id")
    mine = tickets.of_shopper(transcript.db, conversation_id=conversation.id, shopper_id=conversation.shopper_id)
    found = next((t for t in mine if t.kind == CHECK and t.ticket_no == wanted), None) if wanted else _open_check(transcript, order)
    if found is None:
        return wording.notice("ticket_unknown", conversation.language)
    closed = replace(found, status=tickets.DONE, detail=_with_note(found, str(command.get("note") or "")))
    tickets.add_to(transcript.db, closed.ticket_no, closed.detail, status=closed.status)
    return _reply("ticket_closed", closed, conversation, desk)


def _with_note(ticket: Ticket, note: str) -> str:
    return ticket.detail if note in ticket.detail else f"{ticket.detail}\n{note}"[:_DETAIL_CHARS]


def note_for_later(transcript: Transcript, desk: Desk, *, detail: str, told: str = "") -> Ticket:
    """The open note of this conversation, or the ticket of this very turn, or a new one: asking again at night makes no second.
    `told`: what the shopper said besides is in it in any case."""
    conversation = transcript.conversation
    for ticket in tickets.of_shopper(transcript.db, conversation_id=conversation.id, shopper_id=None):
        just_made = ticket.created_at == transcript.now + conversation.clock_shift_s
        if (ticket.kind == MESSAGE or just_made) and ticket.status == tickets.OPEN:
            tickets.add_to(transcript.db, ticket.ticket_no, _with_note(ticket, told))
            return ticket
    detail = "\n".join(filter(None, (detail, told)))
    return _add(transcript, desk, kind=MESSAGE, class_=None, detail=detail, order_id=conversation.slots.get("focus_order"))


def tell_status(transcript: Transcript, command: Mapping[str, Any], desk: Desk) -> Reply | None:
    """Answer a `ticket_status` command: the named ticket if it is this shopper's, else the one that `place` (from 1; -1 is the last) or
    `words` say of those that are open, else the latest, with a list of all. `note`: it is written into that ticket. `kept`: only says
    which complaints stay open, nothing when there is none."""
    conversation = transcript.conversation
    mine = tickets.of_shopper(transcript.db, conversation_id=conversation.id, shopper_id=conversation.shopper_id)
    open_ones = [ticket for ticket in mine if ticket.status == tickets.OPEN]
    if command.get("kept"):
        complaints = [ticket for ticket in open_ones if ticket.kind == COMPLAINT]
        return wording.notice("ticket_kept", conversation.language, numbers=_numbers(complaints)) if complaints else None
    wanted = str(command.get("ticket_no") or "").upper()
    possible = [ticket for ticket in mine if ticket.ticket_no == wanted] if wanted else _meant(command, open_ones) or mine[:1]
    found = next(iter(possible), None)
    if found is None:
        return wording.notice("ticket_unknown", conversation.language)
    if command.get("note") and found.status == tickets.OPEN:
        tickets.add_note(transcript.db, found, str(command["note"]))
        return _reply("ticket_noted", found, conversation, desk)
    if wanted or len(open_ones) < 2 or len(possible) == 1:
        return _reply("ticket_found" if len(open_ones) < 2 and not wanted else "ticket_named", found, conversation, desk)
    listed = "\n".join(_line(place, one, conversation, desk) for place, one in enumerate(open_ones[:_MOST_LISTED], 1))
    return wording.notice("tickets_found", conversation.language, card(found, conversation, desk), count=len(open_ones), listed=listed)


def _meant(command: Mapping[str, Any], open_ones: Sequence[Ticket]) -> list[Ticket]:
    place = command.get("place")
    if isinstance(place, int) and place:
        return [*open_ones][place - 1 :][:1] or [*open_ones] if place > 0 else [*open_ones[:_MOST_LISTED]][-1:]
    return meant(str(command.get("words") or ""), open_ones)


def _line(place: int, ticket: Ticket, conversation: Conversation, desk: Desk) -> str:
    """A ticket in the list: its number, what it is about, and by when it is answered."""
    told = " ".join(ticket.detail.split())
    about = told if len(told) <= _ABOUT_CHARS else f"{told[:_ABOUT_CHARS]}…"
    promised = desk.local(ticket.promised_at).strftime("%m-%d %H:%M")
    return f"{place}. " + wording.say("ticket_line", conversation.language, ticket_no=ticket.ticket_no, about=about, promised=promised)


def _numbers(some: Sequence[Ticket]) -> str:
    return ", ".join(ticket.ticket_no for ticket in some)


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
        "priority": ticket.priority,
    }


def _reply(sentence: str, ticket: Ticket, conversation: Conversation, desk: Desk) -> Reply:
    shown = card(ticket, conversation, desk)
    promised = shown["promised_at"]
    return wording.notice(sentence, conversation.language, shown, ticket_no=ticket.ticket_no, promised=promised)


def _add(
    transcript: Transcript, desk: Desk, *, kind: str, class_: str | None, detail: str, order_id: Any, priority: str = "normal"
) -> Ticket:
    conversation = transcript.conversation
    now = transcript.now + conversation.clock_shift_s
    ticket = Ticket(
        ticket_no=_free_number(transcript.db, f"T{desk.local(now):%Y%m%d}"),
        conversation_id=conversation.id,
        shopper_id=conversation.shopper_id,
        kind=kind,
        class_=class_,
        detail=detail[:_DETAIL_CHARS],
        order_id=_order_key(order_id) if order_id else None,
        status=tickets.OPEN,
        created_at=now,
        promised_at=now + PROMISED_S[kind],
        priority=priority,
    )
    return tickets.add(transcript.db, ticket)


def _open_check(transcript: Transcript, order_id: Any) -> Ticket | None:
    """The ticket under which the parcel of this order is looked into already."""
    if not order_id:
        return None
    conversation, order = transcript.conversation, _order_key(order_id)
    return tickets.find_open(transcript.db, conversation_id=conversation.id, shopper_id=conversation.shopper_id, kind=CHECK, order_id=order)


def _open_matter(transcript: Transcript, command: Mapping[str, Any]) -> Ticket | None:
    """The ticket of this talk for a matter of no order: of the same class, and as pressing."""
    mine = tickets.of_shopper(transcript.db, conversation_id=transcript.conversation.id, shopper_id=None)
    about = (CHECK, None, tickets.OPEN, command.get("class"), command.get("priority"))
    return next((one for one in mine if (one.kind, one.order_id, one.status, one.class_, one.priority) == about), None)


def _order_key(order_id: Any) -> str:
    return str(order_id)[:_ORDER_CHARS]


def _free_number(db: Connection, day: str) -> str:
    """`day` and five random digits that no ticket has; on a day with very many tickets, more digits."""
    digits = 5
    while True:
        for _ in range(_DRAWS_PER_LENGTH):
            number = f"{day}{secrets.randbelow(10**digits):0{digits}d}"
            if not tickets.exists(db, number):
                return number
        digits += 1
