"""Stored records in the shapes that clients receive (contract: Chat, Agents)."""

from __future__ import annotations

from typing import Any

from bot.core.ownership import Owner
from server.clock import Desk
from server.store.records import AGENT, AGENT_ID_SEPARATOR, Conversation, Message


def rest_item(message: Message, recipient_id: str) -> dict[str, Any]:
    """One item of the REST answer."""
    return {"recipient_id": recipient_id, **message.body}


def message_event(message: Message, conversation: Conversation, desk: Desk) -> dict[str, Any]:
    """A message as the widget, `GET /api/chat/messages` and the console receive it. `id` is the sender's own,
    `language` that of the talk by now."""
    event: dict[str, Any] = {"type": "message", "seq": message.seq, "from": message.author}
    if message.message_id is not None:
        event["id"] = message.message_id.partition(AGENT_ID_SEPARATOR)[2] if message.author == AGENT else message.message_id
    if message.author_name is not None:
        event["name"] = message.author_name
    if message.private:
        event["private"] = True
    if conversation.language is not None:
        event["language"] = conversation.language
    return {**event, "time": time_of(message.created_at, conversation, desk), **message.body}


def owner_event(owner: Owner, **fields: Any) -> dict[str, Any]:
    """Who holds the conversation now; with `position` and `eta_seconds` while it waits."""
    return {"type": "owner", "owner": owner.value, **{key: value for key, value in fields.items() if value is not None}}


def time_of(at: float, conversation: Conversation, desk: Desk) -> str:
    """ISO time in the shop's zone, by the conversation's own clock."""
    return desk.local(at, conversation.clock_shift_s).isoformat(timespec="seconds")
