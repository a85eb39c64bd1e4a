"""Reading JSON objects off a WebSocket, for shoppers and agents alike."""

from __future__ import annotations

import json
from typing import Any

from fastapi import WebSocket, WebSocketDisconnect

from bot.core.errors import Malformed


async def receive_event(socket: WebSocket) -> dict[str, Any]:
    """The next event; raises `Malformed` for what is not a JSON object, `WebSocketDisconnect` at the end."""
    message = await socket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1000))
    try:
        event = json.loads(message.get("text") or message.get("bytes") or "")
    except (ValueError, RecursionError) as exc:
        raise Malformed("expected a JSON object") from exc
    if not isinstance(event, dict):
        raise Malformed("expected a JSON object")
    return event
