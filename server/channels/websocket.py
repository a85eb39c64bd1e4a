"""The widget's WebSocket, `/ws/chat` (contract: Chat, widget; docs/widget-protocol.md)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from sqlalchemy import Connection

from bot.core.errors import Unauthorized, Unavailable, ZhangguiError
from bot.core.ownership import Owner
from server.addressing import web_conversation
from server.channels.events import Hello, parse_hello, parse_incoming
from server.clock import Clock
from server.conversations import Conversations
from server.errors import CLOSE_COME_BACK, CLOSE_NO_HELLO, CLOSE_UNAUTHORIZED, error_event
from server.frames import receive_event
from server.handover import QueueRules, owner_fields, waiting_positions
from server.hub import Hub, Subscription
from server.limits import RateLimiter
from server.metrics import Metrics
from server.publisher import Publisher
from server.shapes import message_event
from server.store import conversations, people
from server.store.database import Store
from server.store.records import SHOPPER, Conversation
from server.tokens import ClientHasher, ShopperTokens
from server.welcome import Welcome

logger = logging.getLogger(__name__)

_HELLO_WITHIN_S = 10.0


@dataclass(frozen=True)
class WidgetChannel:
    conversations: Conversations
    store: Store
    hub: Hub
    publisher: Publisher
    tokens: ShopperTokens
    rules: QueueRules
    clock: Clock
    client_of: ClientHasher
    limiter: RateLimiter
    metrics: Metrics
    welcome: Welcome
    max_chars: int


def create_router(channel: WidgetChannel) -> APIRouter:
    router = APIRouter()

    @router.websocket("/ws/chat")
    async def chat(socket: WebSocket) -> None:
        await socket.accept()
        channel.metrics.ws_connections.labels("shopper").inc()
        try:
            await _Chat(channel, socket).run()
        except WebSocketDisconnect:
            pass
        finally:
            channel.metrics.ws_connections.labels("shopper").dec()

    return router


class _Chat:
    """One open widget. What is sent to it goes through one subscription, so that one task alone writes."""

    def __init__(self, channel: WidgetChannel, socket: WebSocket) -> None:
        self._channel = channel
        self._socket = socket
        self._client = channel.client_of(socket.client.host if socket.client else None)
        self._language: str | None = None
        self._page: str | None = None

    async def run(self) -> None:
        try:
            async with asyncio.timeout(_HELLO_WITHIN_S):
                hello = parse_hello(await receive_event(self._socket))
            conversation, session, resumed = await self._open(hello)
        except TimeoutError:
            return await self._socket.close(CLOSE_NO_HELLO)
        except ZhangguiError as error:
            await self._socket.send_json(error_event(error))
            code = CLOSE_UNAUTHORIZED if isinstance(error, Unauthorized) else CLOSE_NO_HELLO
            return await self._socket.close(code)
        with self._channel.hub.subscribe(conversation.id) as subscription:
            last_seq = await self._greet(conversation, session, hello, resumed)
            await self._talk(conversation.id, subscription, last_seq)

    async def _open(self, hello: Hello) -> tuple[Conversation, str, bool]:
        now = self._channel.clock()
        shopper = self._channel.tokens.verify(hello.shopper_token, now=now) if hello.shopper_token else None
        self._language, self._page = hello.language, hello.page
        found = await self._channel.store.write(web_conversation, hello.session, shopper, now)
        result = "resumed" if found[2] else "unknown" if hello.session else "new"
        self._channel.metrics.ws_resumes.labels(result).inc()
        return found

    async def _greet(self, conversation: Conversation, session: str, hello: Hello, resumed: bool) -> int:
        """Send `welcome` and what was missed; returns the number of the last message sent."""
        conversation, fields = await self._channel.store.read(_holder, conversation.id, self._channel.rules)
        new = {"session_new": True} if hello.session and not resumed else {}
        more = await self._channel.welcome.fields(conversation, hello.page)
        event = {"type": "welcome", "session": session, "owner": conversation.owner.value, **fields, **more, **new}
        await self._socket.send_json(event)
        last_seq = hello.last_seq if resumed else 0
        while missed := await self._channel.conversations.history(conversation.id, last_seq):
            for message in missed:
                await self._socket.send_json(message_event(message, conversation, self._channel.rules.desk))
                last_seq = message.seq
        return last_seq

    async def _talk(self, conversation_id: str, subscription: Subscription, last_seq: int) -> None:
        writer = asyncio.create_task(self._write(subscription, last_seq))
        reader = asyncio.create_task(self._read(conversation_id, subscription))
        done, rest = await asyncio.wait((writer, reader), return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        if writer in done and writer.exception() is None:
            await self._socket.close(CLOSE_COME_BACK)

    async def _write(self, subscription: Subscription, last_seq: int) -> None:
        async for event in subscription:
            if event["type"] == "message":
                if event["seq"] <= last_seq:
                    continue
                last_seq = event["seq"]
            await self._socket.send_json(event)

    async def _read(self, conversation_id: str, subscription: Subscription) -> None:
        while True:
            message_id = None
            try:
                event = await receive_event(self._socket)
                message_id = event["id"] if isinstance(event.get("id"), str) else None
                answer = await self._handle(conversation_id, event)
            except ZhangguiError as error:
                answer = error_event(error, message_id)
            except WebSocketDisconnect:
                return
            except Exception:
                logger.exception("an event of %s could not be handled", conversation_id)
                answer = error_event(Unavailable("please send it again", retry_after_s=3), message_id)
            if answer is not None:
                subscription.offer(answer)

    async def _handle(self, conversation_id: str, event: dict[str, Any]) -> dict[str, Any] | None:
        """Carry out one event of the widget; returns what this widget alone is told."""
        if event.get("type") == "ping":
            return {"type": "pong"}
        if event.get("type") == "typing":
            conversation = await self._channel.store.read(conversations.get, conversation_id)
            self._channel.publisher.typing(conversation, SHOPPER)
            return None
        incoming = parse_incoming(event, max_chars=self._channel.max_chars, page=self._page, language=self._language, client=self._client)
        self._channel.limiter.check(conversation_id)

        def address(db: Connection) -> Conversation:
            return conversations.get(db, conversation_id)

        received = await self._channel.conversations.receive(address, incoming, lock=conversation_id)
        return {"type": "ack", "id": incoming.message_id, "seq": received.message.seq}


def _holder(db: Connection, conversation_id: str, rules: QueueRules) -> tuple[Conversation, dict[str, Any]]:
    """The conversation as it is now, and what is to be said of who holds it."""
    conversation = conversations.get(db, conversation_id)
    place = waiting_positions(db, conversation.fixture_id).get(conversation_id) if conversation.owner is Owner.QUEUE else None
    name = people.agent_names(db).get(conversation.agent_id or "")
    return conversation, owner_fields(conversation.owner, place, name, rules)
