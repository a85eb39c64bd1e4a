"""Giving a conversation to the people: into the queue while the desk is open, as a note while it is closed. One transaction each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.core import sla
from bot.core.messages import Reply
from bot.core.ownership import Owner, Transition
from server import tickets, wording
from server.buttons import LEAVE_QUEUE
from server.clock import Desk
from server.store import handoffs
from server.store.records import QUEUED, Conversation, Handoff
from server.tokens import new_id
from server.transcript import Transcript

REASONS = (
    "requested", "not_understood", "angry", "security", "over_authority", "complaint", "unknown_outcome", "bot_down", "policy",
)  # fmt: skip
SKILLS = ("presale", "aftersale", "logistics", "payment", "complaint", "security")
_CLOSED_WORDS = {"bot_down": "closed_desk_down", "unknown_outcome": "closed_desk_unknown"}
"""Reasons that are told in words of their own, and their words while the desk is closed."""


@dataclass(frozen=True)
class QueueRules:
    """`handling_s`: how long a person needs for one conversation, for the estimate that a waiting shopper reads."""

    desk: Desk
    handling_s: int

    def eta_s(self, position: int) -> int:
        return position * self.handling_s


def hand_over(transcript: Transcript, command: Mapping[str, Any], rules: QueueRules) -> Reply:
    """Put the conversation into the queue and return the public notice; outside working hours take a note instead.

    `command` has `reason`, `skill`, `priority` and perhaps `summary` and `outage`; a value nobody knows falls back to a plain one.
    """
    now = rules.desk.local(transcript.now, transcript.conversation.clock_shift_s)
    reason = command.get("reason") if command.get("reason") in REASONS else "requested"
    if not rules.desk.is_open(now):
        return _note(transcript, str(reason), command, rules)
    handoff = _enqueue(transcript, str(reason), command)
    position = position_of(handoffs.queue(transcript.db, handoff.fixture_id), handoff.id)
    return _notice(handoff, position, transcript.conversation, rules)


def position_of(queue: list[Handoff], handoff_id: str) -> int:
    """Place in the queue, 1 for the next; raises ValueError for one who does not wait."""
    return [handoff.id for handoff in queue].index(handoff_id) + 1


def open_handoff(transcript: Transcript, *, state: str, reason: str, **fields: Any) -> Handoff:
    """Add the record of a hand-off to the transaction; who owns the conversation is the caller's matter."""
    conversation = transcript.conversation
    priority = fields.pop("priority", "normal")
    handoff = Handoff(
        id=new_id("h"),
        conversation_id=conversation.id,
        fixture_id=conversation.fixture_id,
        state=state,
        reason=reason,
        skill=fields.pop("skill", "presale"),
        priority=priority,
        rank=sla.rank(priority),
        queued_at=transcript.now,
        **fields,
    )
    handoffs.add(transcript.db, handoff)
    transcript.touches(handoff.id)
    return handoff


def _enqueue(transcript: Transcript, reason: str, command: Mapping[str, Any]) -> Handoff:
    skill = command.get("skill") if command.get("skill") in SKILLS else "presale"
    priority = command.get("priority") if command.get("priority") in sla.PRIORITIES else "normal"
    about = {"skill": skill, "priority": priority, "summary": command.get("summary"), "outage": bool(command.get("outage"))}
    handoff = open_handoff(transcript, state=QUEUED, reason=reason, waiting_since=transcript.now, **about)
    transcript.move(Transition.HAND_OFF, by="bot", handoff_id=handoff.id, agent_id=None)
    return handoff


def _notice(handoff: Handoff, position: int, conversation: Conversation, rules: QueueRules) -> Reply:
    eta_s = rules.eta_s(position)
    custom = {"type": "handoff", "reason": handoff.reason, "position": position, "eta_seconds": eta_s}
    buttons = None if handoff.outage else [leave_button(conversation)]  # no bot is there to go back to
    sentence = handoff.reason if handoff.reason in _CLOSED_WORDS else "queued_first" if position == 1 else "queued"
    wait = wording.wait_text(eta_s, conversation.language)
    return wording.notice(sentence, conversation.language, custom, buttons, position=position, ahead=position - 1, wait=wait)


def leave_button(conversation: Conversation) -> dict[str, str]:
    return {"title": wording.say("leave_queue", conversation.language), "payload": LEAVE_QUEUE}


def _note(transcript: Transcript, reason: str, command: Mapping[str, Any], rules: QueueRules) -> Reply:
    conversation, desk = transcript.conversation, rules.desk
    now = desk.local(transcript.now, conversation.clock_shift_s)
    ticket = tickets.note_for_later(transcript, desk, detail=str(command.get("summary") or reason))
    opens = wording.time_text(desk.opens_at(now), now, conversation.language)
    sentence = _CLOSED_WORDS.get(reason, "closed_desk")
    shown = tickets.card(ticket, conversation, desk)
    return wording.notice(sentence, conversation.language, shown, opens=opens, ticket_no=ticket.ticket_no)


def waiting_positions(db: Connection, fixture_id: str | None) -> dict[str, int]:
    """Conversation ids of a pool's queue and their places."""
    return {handoff.conversation_id: place for place, handoff in enumerate(handoffs.queue(db, fixture_id), 1)}


def owner_fields(owner: Owner, position: int | None, agent_name: str | None, rules: QueueRules) -> dict[str, Any]:
    """What an `owner` event says beside the owner."""
    if owner is Owner.QUEUE and position is not None:
        return {"position": position, "eta_seconds": rules.eta_s(position)}
    return {"name": agent_name} if owner is Owner.AGENT else {}
