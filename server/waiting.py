"""While a shopper waits for a person: what is said goes to the people, once that is told, and the shopper may leave the queue (R100)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from bot.core.ownership import Owner
from server import wording
from server.complaints import complaints, is_complaint
from server.handoff import back_to_bot
from server.handover import QueueRules, leave_button, position_of
from server.store import conversations, handoffs, messages
from server.store.records import SHOPPER, Conversation, Handoff, Message
from server.transcript import Change, Transcript

LEFT = "left"
"""Outcome of a hand-off that the shopper did not wait for."""
_READ_CHARS = 4000
"""As much is understood at once."""


def leave(db: Connection, conversation_id: str, asked: Sequence[Message], now: float, *, done: bool) -> Change | None:
    """Give the conversation back to the bot; None when the shopper waits no longer. `done`: the messages ask nothing else."""
    transcript = Transcript(db, conversations.get(db, conversation_id), now=now)
    handoff = _waits(db, transcript.conversation)
    if handoff is None:
        return None
    turn_seq = asked[-1].seq
    reply = wording.notice("left_queue", transcript.conversation.language)
    back_to_bot(transcript, handoff, LEFT, reply, by=SHOPPER, turn_seq=turn_seq)
    if done:
        messages.finish(db, conversation_id, [message.seq for message in asked], parse=None, outcome={"result": "answered"})
    return transcript.save()


def with_complaints(db: Connection, conversation_id: str, rest: str) -> str:
    """What the bot is to answer when the shopper leaves the queue: the complaints that nobody took, then the rest of the message."""
    handoff = _waits(db, conversations.get(db, conversation_id))
    kept = complaints(db, handoff)[: _READ_CHARS - len(rest) - 1] if handoff is not None else ""
    return "\n".join(filter(None, (kept, rest)))


def pass_on(
    db: Connection, conversation_id: str, asked: Sequence[Message], parse: dict[str, Any] | None, now: float, *, rules: QueueRules
) -> Change:
    """Leave the messages to the people. With the first ones of a wait, and with a first complaint, the shopper is told so, in a notice
    that answers no turn."""
    transcript = Transcript(db, conversations.get(db, conversation_id), now=now)
    handoff = _waits(db, transcript.conversation)
    if handoff is not None and not handoff.outage:
        replied = messages.last_of_agent(db, conversation_id)
        before = [message for message in messages.passed_on(db, conversation_id, handoff.id) if message.seq > replied]
        complains = is_complaint(parse) and not any(is_complaint(message.parse) for message in before)
        if complains or not before:
            position = position_of(handoffs.queue(db, handoff.fixture_id), handoff.id)
            language = transcript.conversation.language
            sentence, wait = "passed_on_complaint" if complains else "passed_on", wording.wait_text(rules.eta_s(position), language)
            buttons = [leave_button(transcript.conversation)]
            transcript.notice(wording.notice(sentence, language, None, buttons, position=position, wait=wait))
    outcome = {"result": "silent", **({"handoff": handoff.id} if handoff is not None else {})}
    messages.finish(db, conversation_id, [message.seq for message in asked], parse=parse, outcome=outcome)
    return transcript.save()


def _waits(db: Connection, conversation: Conversation) -> Handoff | None:
    if conversation.owner is not Owner.QUEUE or conversation.handoff_id is None:
        return None
    return handoffs.get(db, conversation.handoff_id)
