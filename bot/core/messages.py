"""What crosses a channel: the message of a shopper on its way in, a reply on its way out. Frozen, plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

TEXT, BUTTON, UPLOAD, REQUEST_HUMAN, RATING = "text", "button", "upload", "request_human", "rating"
"""Kinds of an incoming message; all but `text` come from a control of the widget (a button also from REST)."""


MAX_PAGE_CHARS = 256
"""Longest page that a channel takes, a conversation keeps and `nlu` reads."""


@dataclass(frozen=True)
class IncomingMessage:
    """One message of a shopper. `message_id` is the sender's and names the message within its conversation.

    `text` is what the transcript shows; for `button` it is empty until the token is read. `payload` is the button's token or
    the id of an uploaded file. `stars` (1-5) belongs to `rating`. `client` is a keyed hash of the network address.
    """

    message_id: str
    kind: str = TEXT
    text: str = ""
    payload: str | None = None
    stars: int | None = None
    page: str | None = None
    language: str | None = None
    client: str | None = None


@dataclass(frozen=True)
class Reply:
    """One message to the shopper: any of text, buttons (`title`, `payload`), image (a URL) and custom (a card, docs/design.md)."""

    text: str | None = None
    buttons: list[dict[str, str]] = field(default_factory=list)
    image: str | None = None
    custom: dict[str, Any] | None = None

    def body(self) -> dict[str, Any]:
        """The fields that are set, in the shape that clients receive."""
        fields = {"text": self.text, "buttons": self.buttons, "image": self.image, "custom": self.custom}
        return {name: value for name, value in fields.items() if value}
