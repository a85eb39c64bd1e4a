"""The first transaction of a turn: an incoming message is stored once, whatever happens to its sender or to us afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.core.errors import Conflict, Forbidden
from bot.core.messages import BUTTON, RATING, REQUEST_HUMAN, UPLOAD, IncomingMessage
from bot.core.ownership import Owner, Transition
from server import buttons, wording
from server.replies import rate
from server.store import conversations, messages, people
from server.store.records import DONE, PENDING, SHOPPER, Conversation, Message
from server.transcript import Change, Transcript

Address = Callable[[Connection], Conversation]
"""Finds or makes the conversation inside the transaction."""


@dataclass(frozen=True)
class Received:
    """`change` is None for a message that had been stored before."""

    conversation: Conversation
    message: Message
    change: Change | None


def receive(db: Connection, address: Address, incoming: IncomingMessage, now: float) -> Received:
    """Store a message. Raises `Conflict` for an id used with other content, and what `buttons.check` raises."""
    conversation = address(db)
    known = messages.by_message_id(db, conversation.id, SHOPPER, incoming.message_id)
    if known is not None:
        _expect_same(known, incoming)
        return Received(conversation, known, None)
    transcript = Transcript(db, conversation, now=now)
    if incoming.kind != RATING and conversation.owner is Owner.CLOSED:
        transcript.move(Transition.REOPEN, by=SHOPPER, handoff_id=None, agent_id=None)
    message = _add(transcript, incoming, _text(db, conversation, incoming, now))
    if incoming.kind == RATING:
        transcript.notice(rate(transcript, stars=incoming.stars, text=incoming.text), turn_seq=message.seq)
    change = transcript.save()
    return Received(change.conversation, message, change)


def _add(transcript: Transcript, incoming: IncomingMessage, text: str) -> Message:
    given = {"payload": incoming.payload, "stars": incoming.stars, "page": incoming.page, "language": incoming.language}
    waits = incoming.kind != RATING and transcript.conversation.owner in (Owner.BOT, Owner.QUEUE)
    body: dict[str, Any] = {"text": text}
    if incoming.kind == UPLOAD:
        body["image"] = f"/api/chat/files/{incoming.payload}"
    transcript.change(
        active_at=transcript.now,
        page=incoming.page or transcript.conversation.page,
        client=incoming.client or transcript.conversation.client,
    )
    return transcript.add(
        SHOPPER,
        body,
        message_id=incoming.message_id,
        kind=incoming.kind,
        input={key: value for key, value in given.items() if value is not None},
        turn_seq=transcript.conversation.last_seq + 1,
        state=PENDING if waits else DONE,
        outcome=None if waits else {"result": "silent"},
    )


def _text(db: Connection, conversation: Conversation, incoming: IncomingMessage, now: float) -> str:
    """What the transcript shows; a button is checked and used up here."""
    match incoming.kind:
        case "button":
            token = buttons.check(messages.token(db, incoming.payload or ""), conversation.id, now=now)
            if not messages.use_token(db, token.token, now):
                raise Conflict("this button has been used already", field="message")
            return token.title
        case "request_human":
            return wording.say("human", conversation.language)
        case "upload":
            file = people.file(db, incoming.payload or "")
            if file is None or file.conversation_id != conversation.id:
                raise Forbidden("this file does not belong to this conversation", field="file")
            return wording.say("image", conversation.language)
        case "rating":
            stars = "★" * (incoming.stars or 0)
            return f"{stars} {incoming.text}".strip()
        case _:
            return incoming.text


def _expect_same(known: Message, incoming: IncomingMessage) -> None:
    given = known.input or {}
    same = known.kind == incoming.kind and given.get("payload") == incoming.payload and given.get("stars") == incoming.stars
    if incoming.kind not in (BUTTON, REQUEST_HUMAN, UPLOAD, RATING):
        same = same and known.text == incoming.text
    if not same:
        raise Conflict("this message_id was used for another message", field="message_id")


def token_of(db: Connection, message: Message) -> Any:
    """The button token that a message pressed, or None."""
    payload = (message.input or {}).get("payload")
    return messages.token(db, payload) if message.kind == BUTTON and payload else None


def load_turn(db: Connection, conversation_id: str, last: Message) -> tuple[Conversation, Any]:
    """What a turn starts from: the conversation as it is now, and the pressed button's token."""
    return conversations.get(db, conversation_id), token_of(db, last)
