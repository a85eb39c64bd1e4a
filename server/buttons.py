"""Buttons: what Rasa puts into a payload (`/intent{"entity": "value"}`) and the opaque token that a shopper gets instead."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.core.errors import Conflict, Forbidden
from server.store.records import ButtonToken
from server.tokens import BUTTON_LIFE_S, new_secret

logger = logging.getLogger(__name__)

LEAVE_QUEUE = '/stop{"queue": "leave"}'
"""What a shopper taps who does not want to wait for a person any longer."""
_PAYLOAD = re.compile(r"/(?P<intent>[A-Za-z_][\w/.-]*)(?P<entities>\{.*\})?", re.DOTALL)


class Sealer:
    """Replaces the payloads of one reply by tokens; `tokens` are those to be stored with it."""

    def __init__(self, conversation_id: str, *, now: float) -> None:
        self._conversation_id = conversation_id
        self._expires_at = now + BUTTON_LIFE_S
        self.tokens: list[ButtonToken] = []

    def body(self, message: Mapping[str, Any]) -> dict[str, Any]:
        """A message of the dialogue as a shopper may see it: known fields only, every payload sealed."""
        body: dict[str, Any] = {key: message[key] for key in ("text", "image") if message.get(key)}
        buttons = [self._button(button) for button in message.get("buttons") or []]
        if any(buttons):
            body["buttons"] = [button for button in buttons if button]
        if message.get("custom"):
            body["custom"] = _replace(message["custom"], self._seal)
        return body

    def _button(self, button: Mapping[str, Any]) -> dict[str, Any] | None:
        title = str(button.get("title", ""))
        token = self._seal(str(button.get("payload", "")), title)
        return {"title": title, "payload": token} if token else None

    def _seal(self, payload: str, title: str) -> str | None:
        """A token for a payload; None for one that nobody could read back, which is then not offered."""
        match = _PAYLOAD.fullmatch(payload)
        entities = _json_object(match["entities"] or "{}") if match else None
        if match is None or entities is None:
            logger.error("a reply offers the payload %r; expected one such as /affirm{...}", payload)
            return None
        token = new_secret("b")
        self.tokens.append(ButtonToken(token, self._conversation_id, title[:200], match["intent"], entities, self._expires_at))
        return token


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _replace(value: Any, seal: Callable[[str, str], str | None]) -> Any:
    """A copy of a card in which the value of every key `payload` is sealed; its title is what the shopper will have said."""
    if isinstance(value, list):
        return [_replace(item, seal) for item in value]
    if not isinstance(value, dict):
        return value
    title = str(value.get("title") or value.get("order_id") or value.get("name") or "")
    copy = {key: _replace(item, seal) for key, item in value.items() if key != "payload"}
    token = seal(value["payload"], title) if isinstance(value.get("payload"), str) else None
    return {**copy, "payload": token} if token else copy


def check(token: ButtonToken | None, conversation_id: str, *, now: float) -> ButtonToken:
    """The token if this conversation may use it now; `Forbidden` for an unknown or foreign one, `Conflict` for an old one."""
    if token is None or token.conversation_id != conversation_id:
        raise Forbidden("this button does not belong to this conversation", field="message")
    if token.used_at is not None:
        raise Conflict("this button has been used already", field="message")
    if token.expires_at <= now:
        raise Conflict("this button has expired; please ask again", field="message")
    return token


def leaves_queue(token: ButtonToken) -> bool:
    return token.entities.get("queue") == "leave"


def parse_of(token: ButtonToken, language: str | None) -> dict[str, Any]:
    """The parse that stands for a pressed button (docs/design.md: server → dialogue)."""
    entities = [
        {"entity": name, "value": value, "start": 0, "end": 0, "confidence": 1.0, "extractor": "button"}
        for name, value in token.entities.items()
    ]
    return control_parse(token.intent, token.title, language=language, entities=entities, source="button")


def control_parse(
    intent: str, text: str, *, language: str | None, source: str, entities: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """A parse whose intent is certain because the shopper used a control instead of words."""
    return {
        "text": text,
        "language": language or "zh",
        "intent": {"name": intent, "confidence": 1.0},
        "intent_ranking": [{"name": intent, "confidence": 1.0}],
        "segments": [],
        "entities": entities or [],
        "sentiment": {"label": "calm", "score": 0.0},
        "complaint_class": None,
        "retrieval": [],
        "answer_band": "refuse",
        "source": source,
    }
