"""Which conversation a client may address: by a verified shopper, a session secret, or (anonymously, over REST) a sender.

`sender` alone is not an identity: a conversation made with a token is reached with a valid token of the same shopper only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection

from bot.core.errors import Unauthorized
from bot.core.ownership import Owner
from server.store import conversations
from server.store.records import Conversation
from server.tokens import Shopper, hash_secret, new_id, new_secret

REST, WEB = "rest", "web"


def find_rest(db: Connection, sender: str, shopper: Shopper | None) -> Conversation | None:
    return conversations.by_key(db, _rest_key(sender, shopper.id if shopper else None))


def rest_conversation(db: Connection, sender: str, shopper: Shopper | None, now: float) -> Conversation:
    """The conversation of a sender as this shopper. An anonymous one that brings a token goes on as the member's."""
    found = find_rest(db, sender, shopper)
    if found is not None:
        return _with_level(db, found, shopper)
    anonymous = find_rest(db, sender, None) if shopper else None
    if anonymous is not None and shopper is not None:
        return _claimed(db, anonymous, shopper, key=_rest_key(sender, shopper.id))
    key = _rest_key(sender, shopper.id if shopper else None)
    return _new(db, key, REST, sender, shopper, now)


def web_conversation(db: Connection, session: str | None, shopper: Shopper | None, now: float) -> tuple[Conversation, str, bool]:
    """The conversation, session secret and whether it was resumed, for a widget that says hello."""
    found = conversations.by_session(db, hash_secret(session)) if session else None
    if found is not None and session is not None and (found.shopper_id is None or _is_of(found, shopper)):
        if shopper is not None and found.shopper_id is None:
            found = _claimed(db, found, shopper, key=found.key)
        return _with_level(db, found, shopper), session, True
    conversation = conversations.latest_of_shopper(db, shopper.id, WEB) if shopper else None
    if conversation is None:
        sender = new_id("web")
        conversation = _new(db, f"web|{sender}", WEB, sender, shopper, now)
    secret = new_secret("s")
    conversations.add_session(db, secret_hash=hash_secret(secret), conversation_id=conversation.id, now=now)
    return conversation, secret, False


def session_conversation(db: Connection, session: str) -> Conversation:
    """The conversation of a session secret; raises `Unauthorized` for an unknown one."""
    found = conversations.by_session(db, hash_secret(session))
    if found is None:
        raise Unauthorized("the session is not known; say hello on /ws/chat first", field="session")
    return found


def _is_of(conversation: Conversation, shopper: Shopper | None) -> bool:
    return shopper is not None and conversation.shopper_id == shopper.id


def _rest_key(sender: str, shopper_id: str | None) -> str:
    return f"rest|{sender}|{shopper_id or ''}"


def _with_level(db: Connection, conversation: Conversation, shopper: Shopper | None) -> Conversation:
    if shopper is None or conversation.shopper_level == shopper.level:
        return conversation
    conversations.change(db, conversation.id, shopper_level=shopper.level)
    return replace(conversation, shopper_level=shopper.level)


def _claimed(db: Connection, conversation: Conversation, shopper: Shopper, *, key: str) -> Conversation:
    fixture_id, shift_s = conversations.fixture_of(db, sender=conversation.sender, shopper_id=shopper.id)
    values: dict[str, Any] = {"key": key, "shopper_id": shopper.id, "shopper_level": shopper.level}
    if fixture_id is not None:
        values.update(fixture_id=fixture_id, clock_shift_s=shift_s)
    conversations.change(db, conversation.id, **values)
    return conversations.get(db, conversation.id)


def _new(db: Connection, key: str, channel: str, sender: str, shopper: Shopper | None, now: float) -> Conversation:
    fixture_id, shift_s = conversations.fixture_of(db, sender=sender, shopper_id=shopper.id if shopper else None)
    conversation = Conversation(
        id=new_id("c"),
        key=key,
        channel=channel,
        sender=sender,
        owner=Owner.BOT,
        created_at=now,
        active_at=now,
        shopper_id=shopper.id if shopper else None,
        shopper_level=shopper.level if shopper else None,
        fixture_id=fixture_id,
        clock_shift_s=shift_s,
    )
    return conversations.add(db, conversation)
