"""Writing to one conversation inside one transaction: sequence numbers, change of owner, and what to tell the clients afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from bot.core.messages import Reply
from bot.core.ownership import Transition, next_owner
from server.buttons import Sealer
from server.store import conversations, messages, tickets
from server.store.records import BOT, DONE, SYSTEM, Conversation, Message


@dataclass(frozen=True)
class Change:
    """What a transaction did to a conversation; given to the publisher once it is stored."""

    conversation: Conversation
    messages: list[Message] = field(default_factory=list)
    moved: bool = False
    handoff_ids: list[str] = field(default_factory=list)


class Transcript:
    """Collects messages and column changes of a conversation; `save` stores them."""

    def __init__(self, db: Connection, conversation: Conversation, *, now: float) -> None:
        self.db = db
        self.now = now
        self.conversation = conversation
        self._messages: list[Message] = []
        self._changes: dict[str, Any] = {}
        self._moved = False
        self._handoff_ids: list[str] = []
        self._sealer = Sealer(conversation.id, now=now)

    def add(self, author: str, body: dict[str, Any], **fields: Any) -> Message:
        """Append a message; `fields` are further columns of the message."""
        seq = self.conversation.last_seq + 1
        message = Message(
            **{
                "id": 0, "conversation_id": self.conversation.id, "seq": seq, "author": author, "kind": "text", "body": body,
                "created_at": self.now, "state": DONE, **fields,
            }
        )  # fmt: skip
        self._messages.append(message)
        self.change(last_seq=seq)
        return message

    def notice(self, reply: Reply, **fields: Any) -> Message:
        """Append a message of the system."""
        return self.add(SYSTEM, self._sealer.body(reply.body()), **fields)

    def answer(self, message: Mapping[str, Any], **fields: Any) -> Message:
        """Append a message of the dialogue."""
        return self.add(BOT, self._sealer.body(message), **fields)

    def move(self, transition: Transition, *, by: str, **changes: Any) -> None:
        """Change the owner; raises `Conflict` when that is not legal. The dialogue starts afresh after every change."""
        owner = next_owner(self.conversation.owner, transition)
        detail = {"from": self.conversation.owner.value, "to": owner.value}
        tickets.record(self.db, now=self.now, actor=by, action=transition.value, conversation_id=self.conversation.id, **detail)
        self.change(owner=owner, needs_reset=True, moods=[], active_form=None, requested_slot=None, **changes)
        self._moved = True

    def change(self, **values: Any) -> None:
        """Set columns of the conversation."""
        self._changes.update(values)
        self.conversation = replace(self.conversation, **values)

    def touches(self, handoff_id: str) -> None:
        """Remember a hand-off that changed, so that the agents hear of it."""
        self._handoff_ids.append(handoff_id)

    def save(self) -> Change:
        messages.add_all(self.db, self._messages)
        messages.add_tokens(self.db, self._sealer.tokens)
        if self._changes:
            conversations.change(self.db, self.conversation.id, **self._changes)
        return Change(self.conversation, self._messages, self._moved, self._handoff_ids)
