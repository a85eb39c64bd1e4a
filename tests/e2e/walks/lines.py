"""The two ways a walk reaches the bot: the REST channel, and the widget's WebSocket (which alone carries photos)."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import httpx
from PIL import Image
from websockets.sync.client import ClientConnection, connect

from tests.e2e.conftest import Running
from tests.e2e.walks.books import Books

WITHIN_S = 15.0


@dataclass(frozen=True)
class Heard:
    """What came back for one message: `refused` is the error code when it was not taken."""

    messages: tuple[dict[str, Any], ...] = ()
    refused: str | None = None


class Line(Protocol):
    def say(self, text: str, message_id: str) -> Heard: ...

    def press(self, payload: str, message_id: str) -> Heard: ...

    def photo(self, message_id: str) -> Heard | None:
        """None where photos cannot be sent."""
        ...


@dataclass
class Rest:
    """`token` is None for an anonymous shopper."""

    client: httpx.Client
    sender: str
    token: str | None

    def say(self, text: str, message_id: str) -> Heard:
        metadata = {"shopper_token": self.token} if self.token else {}
        body = {"sender": self.sender, "message": text, "message_id": message_id, "metadata": metadata}
        response = self.client.post("/webhooks/rest/webhook", json=body)
        assert response.status_code < 500, response.text
        if response.status_code != 200:
            return Heard(refused=response.json()["error"]["code"])
        return Heard(tuple(response.json()))

    def press(self, payload: str, message_id: str) -> Heard:
        return self.say(payload, message_id)

    def photo(self, message_id: str) -> Heard | None:
        return None


@dataclass
class Widget:
    """Every event is read up to the end of the turn, which the server's database knows."""

    client: httpx.Client
    socket: ClientConnection
    books: Books
    shopper_id: str
    session: str = ""
    last_seq: int = 0
    owners: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def open(cls, running: Running, client: httpx.Client, books: Books, shopper_id: str, token: str) -> Iterator[Widget]:
        with connect(f"ws{running.url.removeprefix('http')}/ws/chat", proxy=None) as socket:
            widget = cls(client, socket, books, shopper_id)
            socket.send(json.dumps({"type": "hello", "last_seq": 0, "shopper_token": token}))
            welcome = widget._next()
            assert welcome["type"] == "welcome", welcome
            widget.session = welcome["session"]
            yield widget

    def say(self, text: str, message_id: str) -> Heard:
        return self._send({"type": "message", "text": text}, message_id)

    def press(self, payload: str, message_id: str) -> Heard:
        return self._send({"type": "button", "payload": payload}, message_id)

    def photo(self, message_id: str) -> Heard | None:
        picture = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(picture, "PNG")
        headers = {"Authorization": f"Bearer {self.session}"}
        sent = self.client.post("/api/chat/files", files={"file": picture.getvalue()}, headers=headers).raise_for_status()
        return self._send({"type": "upload", "file": sent.json()["file"]}, message_id)

    def _send(self, event: dict[str, Any], message_id: str) -> Heard:
        self.socket.send(json.dumps({**event, "id": message_id}))
        found: list[dict[str, Any]] = []
        while True:
            event = self._next()
            if event["type"] == "error":
                return Heard(refused=event["code"])
            if event["type"] == "ack":
                break
            self._keep(event, found)
        self._wait(message_id)
        holder = self.books.holder("", self.shopper_id)
        assert holder is not None
        end = self.books.last_public_seq(holder.id)
        while self.last_seq < end:
            self._keep(self._next(), found)
        return Heard(tuple(found))

    def _keep(self, event: dict[str, Any], found: list[dict[str, Any]]) -> None:
        if event["type"] == "owner":
            self.owners.append(event["owner"])
        if event["type"] == "message":
            assert event["seq"] > self.last_seq, f"message {event['seq']} came after {self.last_seq}"
            self.last_seq = event["seq"]
            if event["from"] != "shopper":
                found.append(event)

    def _wait(self, message_id: str) -> None:
        deadline = time.monotonic() + WITHIN_S
        holder = self.books.holder("", self.shopper_id)
        assert holder is not None
        while not self.books.is_answered(holder.id, message_id):
            assert time.monotonic() < deadline, f"no answer within {WITHIN_S} s"
            time.sleep(0.002)

    def _next(self) -> dict[str, Any]:
        return dict(json.loads(self.socket.recv(timeout=WITHIN_S)))
