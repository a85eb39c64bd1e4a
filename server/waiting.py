"""While a shopper waits for a person: what is said goes to the people, once that is told, and the shopper may leave the queue (R100)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection

from bot.core.ownership import Owner
from server import wording
from server.handoff import back_to_bot
from server.handover import QueueRules, leave_button, position_of
from server.store import conversations, handoffs, messages
from server.store.records import SHOPPER, Handoff, Message
from server.transcript import Change, Transcript

LEFT = "left"
"""Outcome of a hand-off that the shopper did not wait for."""
_COMPLAINT, _CLEAR = "complain", 0.6


def leave(db: Connection, conversation_id: str, asked: Sequence[Message], now: float, *, done: bool) -> Change | None:
    """Give the conversation back to the bot; None when the shopper waits no longer. `done`: the messages ask nothing else."""
    transcript = Transcript(db, conversations.get(db, conversation_id), now=now)
    handoff = _waits(transcript)
    if handoff is None:
        return None
    turn_seq = asked[-1].seq
    reply = wording.notice("left_queue", transcript.conversation.language)
    back_to_bot(transcript, handoff, LEFT, reply, by=SHOPPER, turn_seq=turn_seq)
    if done:
        messages.finish(db, conversation_id, [message.seq for message in asked], parse=None, outcome={"result": "answered"})
    return transcript.save()


def complaint_in_wait(db: Connection, conversation_id: str, asked: Sequence[Message]) -> str | None:
    """The complaint that the shopper wrote while waiting, before these messages, in its own words: the bot takes it when nobody did."""
    transcript = Transcript(db, conversations.get(db, conversation_id), now=asked[0].created_at)
    handoff = _waits(transcript)
    written = _written_before(transcript, handoff, asked[0]) if handoff is not None else []
    return next((message.text for message in reversed(written) if _is_complaint(message.parse)), None)


def pass_on(
    db: Connection, conversation_id: str, asked: Sequence[Message], parse: dict[str, Any] | None, now: float, *, rules: QueueRules
) -> Change:
    """Leave the messages to the people. With the first ones of a wait, and with a first complaint, the shopper is told so, in a notice
    that answers no turn."""
    transcript = Transcript(db, conversations.get(db, conversation_id), now=now)
    handoff = _waits(transcript)
    if handoff is not None and not handoff.outage:
        before = _written_before(transcript, handoff, asked[0])
        complains = _is_complaint(parse) and not any(_is_complaint(message.parse) for message in before)
        if complains or not before:
            position = position_of(handoffs.queue(db, handoff.fixture_id), handoff.id)
            language = transcript.conversation.language
            sentence, wait = "passed_on_complaint" if complains else "passed_on", wording.wait_text(rules.eta_s(position), language)
            buttons = [leave_button(transcript.conversation)]
            transcript.notice(wording.notice(sentence, language, None, buttons, position=position, wait=wait))
    messages.finish(db, conversation_id, [message.seq for message in asked], parse=parse, outcome={"result": "silent"})
    return transcript.save()


def _is_complaint(parse: Mapping[str, Any] | None) -> bool:
    intent = (parse or {}).get("intent") or {}
    return intent.get("name") == _COMPLAINT and float(intent.get("confidence") or 0) >= _CLEAR


def _waits(transcript: Transcript) -> Handoff | None:
    conversation = transcript.conversation
    if conversation.owner is not Owner.QUEUE or conversation.handoff_id is None:
        return None
    return handoffs.get(transcript.db, conversation.handoff_id)


def _written_before(transcript: Transcript, handoff: Handoff, first: Message) -> list[Message]:
    since = handoff.waiting_since or handoff.queued_at
    return messages.said_between(transcript.db, transcript.conversation.id, since, first.seq)
