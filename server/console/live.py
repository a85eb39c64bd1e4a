"""Live events for agents, `/ws/agent` (docs/console-protocol.md): hand-offs, messages and typing of the pool they see."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from bot.core.errors import Forbidden, Invalid, NotFound, Unauthorized, ZhangguiError
from bot.core.ownership import Owner
from server.console.auth import Sessions, check_origin
from server.console.presence import Presence
from server.errors import CLOSE_COME_BACK, CLOSE_NO_HELLO, CLOSE_UNAUTHORIZED, error_event
from server.frames import receive_event
from server.handoff import visible_conversation
from server.hub import Hub, Subscription, desk_topic
from server.metrics import Metrics
from server.publisher import Publisher
from server.store.database import Store
from server.store.records import AGENT, Agent

logger = logging.getLogger(__name__)

_HELLO_WITHIN_S = 10.0
_SIGN_OF_LIFE_S = 15.0
_AT_DESK = ("agent", "supervisor", "admin")
_STATES = ("online", "busy")


@dataclass(frozen=True)
class LiveDesk:
    sessions: Sessions
    store: Store
    hub: Hub
    presence: Presence
    publisher: Publisher
    metrics: Metrics

    async def sign_in(self, socket: WebSocket, hello: dict[str, Any]) -> Agent:
        """The agent behind the cookie, the bearer token or the token in `hello`. Raises `Unauthorized` or `Forbidden`."""
        if isinstance(hello.get("token"), str):
            agent = await self.sessions.agent_of(hello["token"])
        else:
            agent = await self.sessions.agent(socket)
        if agent is None:
            raise Unauthorized("sign in first")
        if agent.role not in _AT_DESK:
            raise Forbidden(f"the role {agent.role} does not read conversations")
        return agent


def create_router(desk: LiveDesk) -> APIRouter:
    router = APIRouter()

    @router.websocket("/ws/agent")
    async def agent(socket: WebSocket) -> None:
        await socket.accept()
        desk.metrics.ws_connections.labels("agent").inc()
        try:
            await _serve(desk, socket)
        except WebSocketDisconnect:
            pass
        finally:
            desk.metrics.ws_connections.labels("agent").dec()

    return router


async def _serve(desk: LiveDesk, socket: WebSocket) -> None:
    try:
        check_origin(socket)
        async with asyncio.timeout(_HELLO_WITHIN_S):
            hello = await receive_event(socket)
        if hello.get("type") != "hello":
            raise Invalid("expected hello first", field="type")
        agent = await desk.sign_in(socket, hello)
    except TimeoutError:
        return await socket.close(CLOSE_NO_HELLO)
    except ZhangguiError as error:
        await socket.send_json(error_event(error))
        return await socket.close(CLOSE_UNAUTHORIZED)
    with desk.hub.subscribe(desk_topic(agent.fixture_id)) as subscription, desk.presence.console(agent):
        await desk.presence.sign_of_life(agent)
        _announce(desk, agent)
        last_id = desk.publisher.desk_id
        about = {"id": agent.id, "name": agent.name, "role": agent.role}
        await socket.send_json({"type": "welcome", "last_id": last_id, "agent": about})
        if hello.get("last_id") not in (None, last_id):
            await socket.send_json({"type": "reset"})
        await _talk(desk, socket, agent, subscription)
    _announce(desk, agent)


def _announce(desk: LiveDesk, agent: Agent) -> None:
    event = {"type": "presence", "agent": {"id": agent.id, "name": agent.name}, "state": desk.presence.state(agent.id)}
    desk.publisher.to_desk(agent.fixture_id, event)


async def _talk(desk: LiveDesk, socket: WebSocket, agent: Agent, subscription: Subscription) -> None:
    tasks = [
        asyncio.create_task(_write(socket, subscription)),
        asyncio.create_task(_read(desk, socket, agent, subscription)),
        asyncio.create_task(_stay_alive(desk, agent)),
    ]
    done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in rest:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    if tasks[0] in done and tasks[0].exception() is None:
        await socket.close(CLOSE_COME_BACK)


async def _write(socket: WebSocket, subscription: Subscription) -> None:
    async for event in subscription:
        await socket.send_json(event)


async def _stay_alive(desk: LiveDesk, agent: Agent) -> None:
    """An open console is a sign of life; the transport's pings notice a dead one."""
    while True:
        await asyncio.sleep(_SIGN_OF_LIFE_S)
        await desk.presence.sign_of_life(agent)


async def _read(desk: LiveDesk, socket: WebSocket, agent: Agent, subscription: Subscription) -> None:
    while True:
        try:
            event = await receive_event(socket)
            answer = await _handle(desk, agent, event)
        except ZhangguiError as error:
            answer = error_event(error)
        except WebSocketDisconnect:
            return
        if answer is not None:
            subscription.offer(answer)


async def _handle(desk: LiveDesk, agent: Agent, event: dict[str, Any]) -> dict[str, Any] | None:
    match event.get("type"):
        case "ping":
            return {"type": "pong"}
        case "presence" if event.get("state") in _STATES:
            desk.presence.say(agent, str(event["state"]))
            _announce(desk, agent)
        case "typing":
            await _typing(desk, agent, str(event.get("conversation")))
        case "seen":
            await desk.presence.sign_of_life(agent)
        case other:
            raise Invalid(f"expected a type of ping, presence, typing or seen, got {other!r}", field="type")
    return None


async def _typing(desk: LiveDesk, agent: Agent, conversation_id: str) -> None:
    try:
        conversation = await desk.store.read(visible_conversation, conversation_id, agent)
    except NotFound:
        return
    if conversation.owner is Owner.AGENT and conversation.agent_id == agent.id:
        desk.publisher.typing(conversation, AGENT)
