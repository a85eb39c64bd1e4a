"""Events of the widget as it sends them: checked and turned into what the service takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.core.errors import Forbidden, Invalid
from bot.core.messages import BUTTON, MAX_PAGE_CHARS, RATING, REQUEST_HUMAN, TEXT, UPLOAD, IncomingMessage
from server.channels.inputs import MAX_SEQ, check_id, check_text, is_storable
from server.tokens import BUTTON_TOKEN

_KINDS = {"message": TEXT, "button": BUTTON, "upload": UPLOAD, "request_human": REQUEST_HUMAN, "rating": RATING}
_LONGEST = {"session": 100, "shopper_token": 4096, "page": MAX_PAGE_CHARS, "language": 16, "file": 64, "payload": 100}


@dataclass(frozen=True)
class Hello:
    session: str | None
    last_seq: int
    shopper_token: str | None
    page: str | None
    language: str | None


def parse_hello(event: dict[str, Any]) -> Hello:
    """The first event; raises `Invalid` for any other."""
    if event.get("type") != "hello":
        raise Invalid("expected hello first", field="type")
    last_seq = event.get("last_seq") or 0
    if not isinstance(last_seq, int) or isinstance(last_seq, bool) or not 0 <= last_seq <= MAX_SEQ:
        raise Invalid("expected a sequence number", field="last_seq")
    language = _string(event, "language")
    return Hello(
        session=_string(event, "session"),
        last_seq=last_seq,
        shopper_token=_string(event, "shopper_token"),
        page=_string(event, "page"),
        language=language.partition("-")[0].lower() if language else None,
    )


def parse_incoming(event: dict[str, Any], *, max_chars: int, page: str | None, language: str | None, client: str) -> IncomingMessage:
    """A message of any kind; raises `Invalid`, `TooLarge`, or `Forbidden` for what cannot be a button."""
    name = event.get("type")
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Invalid(f"expected a type of {', '.join(_KINDS)}, got {name!r}", field="type")
    text = event.get("text")
    if kind == TEXT or (kind == RATING and text):
        text = check_text(_expect_string(text, "text"), max_chars, "text")
    return IncomingMessage(
        message_id=check_id(_expect_string(event.get("id"), "id"), "id"),
        kind=kind,
        text=text if kind in (TEXT, RATING) and text else "",
        payload=_payload(event, kind),
        stars=_stars(event) if kind == RATING else None,
        page=_string(event, "page") or page,
        language=language,
        client=client,
    )


def _payload(event: dict[str, Any], kind: str) -> str | None:
    if kind == BUTTON:
        token = _expect_string(event.get("payload"), "payload")
        if not BUTTON_TOKEN.fullmatch(token):
            raise Forbidden("this button does not belong to this conversation", field="payload")
        return token
    return _expect_string(_string(event, "file"), "file") if kind == UPLOAD else None


def _stars(event: dict[str, Any]) -> int:
    stars = event.get("stars")
    if not isinstance(stars, int) or isinstance(stars, bool) or not 1 <= stars <= 5:
        raise Invalid("expected a number from 1 to 5", field="stars")
    return stars


def _string(event: dict[str, Any], name: str) -> str | None:
    value = event.get(name)
    if value is None:
        return None
    text = _expect_string(value, name)
    if len(text) > _LONGEST[name] or not is_storable(text):
        raise Invalid(f"expected at most {_LONGEST[name]} characters of text", field=name)
    return text or None


def _expect_string(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise Invalid("expected a string", field=name)
    return value
