"""What a shopper may send, shared by the channels: ids, texts, and which text presses a button."""

from __future__ import annotations

import re
import uuid

from bot.core.errors import Invalid, TooLarge
from bot.core.messages import BUTTON, TEXT, IncomingMessage
from server.tokens import BUTTON_TOKEN

SENDER = re.compile(r"[A-Za-z0-9_.:@-]{1,128}")
MAX_SEQ = 2**53
"""Largest number that is exact in every JSON reader; no sequence number comes near it."""
_ID = re.compile(r"[\x21-\x7e]{1,128}")


def check_sender(sender: str) -> str:
    if not SENDER.fullmatch(sender):
        raise Invalid("expected 1-128 characters of A-Z a-z 0-9 _ . : @ -", field="sender")
    return sender


def check_id(message_id: str | None, field: str = "message_id") -> str:
    """The sender's id of a message; a fresh one when there is none."""
    if message_id is None:
        return uuid.uuid4().hex
    if not _ID.fullmatch(message_id):
        raise Invalid("expected 1-128 visible ASCII characters", field=field)
    return message_id


def check_text(text: str, max_chars: int, field: str = "message") -> str:
    """A message that can be stored and answered; raises `TooLarge` or `Invalid`."""
    if len(text) > max_chars:
        raise TooLarge(f"a message has at most {max_chars} characters, got {len(text)}", field=field)
    if not text.strip():
        raise Invalid("the message is empty", field=field)
    if not is_storable(text):
        raise Invalid("the message contains characters that are not text", field=field)
    return text


def is_storable(text: str) -> bool:
    """Whether a string is whole Unicode: no half of a surrogate pair and no NUL."""
    return "\0" not in text and not any("\ud800" <= char <= "\udfff" for char in text)


def text_or_button(text: str, *, message_id: str, page: str | None, language: str | None, client: str) -> IncomingMessage:
    """A text that is a button's token presses the button; any other text, also one that starts with `/`, is only text."""
    common = {"message_id": message_id, "page": page, "language": language, "client": client}
    if BUTTON_TOKEN.fullmatch(text):
        return IncomingMessage(kind=BUTTON, payload=text, **common)  # type: ignore[arg-type]
    return IncomingMessage(kind=TEXT, text=text, **common)  # type: ignore[arg-type]
