"""The agents' API (contract: Agents; rows and packet in docs/console-protocol.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from bot.core.errors import Forbidden, Invalid, NotFound, Unavailable
from server.channels.inputs import MAX_SEQ, check_id, check_text
from server.clock import Clock
from server.console import packet
from server.console.auth import COOKIE, SESSION_S, Sessions, check_origin
from server.console.presence import Presence
from server.handoff import HandoffService, visible_conversation
from server.handover import SKILLS, QueueRules
from server.nlu_client import NluClient
from server.rows import row, rows
from server.shapes import message_event
from server.shop_client import ShopClient, Snapshot
from server.store import handoffs, messages
from server.store.database import Store
from server.store.records import Agent, Conversation

_AT_DESK = ("agent", "supervisor", "admin")
_KNOWLEDGE_TIMEOUT_S = 3.0


class Login(BaseModel):
    model_config = {"json_schema_extra": {"examples": [{"name": "小林", "password": "…"}]}}
    name: str = Field(max_length=64)
    password: str = Field(max_length=256)


class Transfer(BaseModel):
    model_config = {"json_schema_extra": {"examples": [{"skill": "logistics", "note": "需要联系快递"}]}}
    skill: str | None = None
    agent: str | None = Field(None, max_length=64)
    note: str | None = Field(None, max_length=900)


class Return(BaseModel):
    model_config = {"json_schema_extra": {"examples": [{}]}}
    note: str | None = Field(None, max_length=900)


class Close(BaseModel):
    model_config = {"json_schema_extra": {"examples": [{"outcome": "solved", "note": "已补发"}]}}
    outcome: str = Field(min_length=1, max_length=64)
    note: str | None = Field(None, max_length=900)


class AgentMessage(BaseModel):
    model_config = {"json_schema_extra": {"examples": [{"id": "d1-0001", "text": "您好，我来处理。", "private": False}]}}
    id: str
    text: str
    private: bool = False


@dataclass(frozen=True)
class Console:
    """What the agents' side works with."""

    sessions: Sessions
    handoffs: HandoffService
    store: Store
    rules: QueueRules
    shop: ShopClient
    nlu: NluClient
    presence: Presence
    clock: Clock
    secure_cookie: bool

    async def at_desk(self, request: Request) -> Agent:
        """The agent of this request, if the role serves shoppers; a sign of life as well."""
        agent = await self.sessions.agent(request)
        if agent.role not in _AT_DESK:
            raise Forbidden(f"the role {agent.role} does not read conversations")
        await self.presence.sign_of_life(agent)
        return agent

    async def row(self, handoff_id: str) -> dict[str, Any]:
        return await self.store.read(row, handoff_id, desk=self.rules.desk, now=self.clock())

    async def snapshot(self, order_id: str | None, conversation: Conversation) -> Snapshot:
        """What the shop shows of an order; nothing when it does not answer, so that the packet still opens."""
        if order_id is None or conversation.shopper_id is None:
            return Snapshot()
        now = self.rules.desk.local(self.clock(), conversation.clock_shift_s)
        try:
            return await self.shop.snapshot(order_id, shopper_id=conversation.shopper_id, now=now)
        except (NotFound, Unavailable):
            return Snapshot()


def create_router(console: Console) -> APIRouter:
    router = APIRouter(prefix="/api", tags=["agents"])
    router.include_router(_sign_in(console))
    router.include_router(_handoffs(console))
    router.include_router(_conversations(console))
    return router


def _sign_in(console: Console) -> APIRouter:
    router = APIRouter(prefix="/agents")
    at_desk = Depends(console.at_desk)

    @router.post("/login")
    async def login(request: Request, response: Response, body: Login) -> dict[str, Any]:
        """Sign in: a session cookie, and the same session as a bearer token."""
        check_origin(request)
        client = request.client.host if request.client else ""
        token, agent = await console.sessions.login(body.name, body.password, client=client)
        response.set_cookie(COOKIE, token, max_age=SESSION_S, httponly=True, samesite="strict", secure=console.secure_cookie)
        return {"token": token, "agent": _agent(agent)}

    @router.post("/logout", status_code=204)
    async def logout(request: Request, response: Response) -> None:
        await console.sessions.agent(request)
        await console.sessions.logout(request)
        response.delete_cookie(COOKIE)

    @router.get("/me")
    async def me(request: Request) -> dict[str, Any]:
        return {"agent": _agent(await console.sessions.agent(request))}

    @router.get("")
    async def colleagues(agent: Agent = at_desk) -> dict[str, Any]:
        return {"items": await console.presence.colleagues(agent)}

    return router


def _handoffs(console: Console) -> APIRouter:
    router = APIRouter(prefix="/handoffs")
    at_desk = Depends(console.at_desk)

    @router.get("")
    async def listing(
        agent: Agent = at_desk, state: Annotated[Literal["queued", "active", "closed"], Query()] = "queued"
    ) -> dict[str, Any]:
        """The queue in its order; active and closed ones newest first."""
        found = await console.store.read(handoffs.in_state, state, agent.fixture_id)
        return {"items": await console.store.read(rows, found, desk=console.rules.desk, now=console.clock())}

    @router.get("/{handoff_id}")
    async def context_packet(handoff_id: str, agent: Agent = at_desk) -> dict[str, Any]:
        """Everything a person needs to go on."""
        desk, now = console.rules.desk, console.clock()
        draft = await console.store.read(packet.build, handoff_id, agent, desk=desk, now=now)
        await console.store.write(packet.note_reading, draft.conversation.id, agent, now)
        return draft.with_snapshot(await console.snapshot(draft.order_in_question, draft.conversation))

    @router.post("/{handoff_id}/accept")
    async def accept(handoff_id: str, agent: Agent = at_desk) -> dict[str, Any]:
        """Take a waiting conversation; 409 when somebody else was faster."""
        await console.handoffs.accept(handoff_id, agent)
        return await console.row(handoff_id)

    @router.post("/{handoff_id}/transfer")
    async def transfer(handoff_id: str, body: Transfer, agent: Agent = at_desk) -> dict[str, Any]:
        if body.skill is not None and body.skill not in SKILLS:
            raise Invalid(f"expected one of {', '.join(SKILLS)}", field="skill")
        if body.agent is not None and body.agent not in {one["name"] for one in await console.presence.colleagues(agent)}:
            raise Invalid("there is no such colleague", field="agent")
        await console.handoffs.transfer(handoff_id, agent, skill=body.skill, to=body.agent, note=body.note)
        return await console.row(handoff_id)

    @router.post("/{handoff_id}/return")
    async def give_back(handoff_id: str, agent: Agent = at_desk, body: Return | None = None) -> dict[str, Any]:
        """Back to the bot."""
        await console.handoffs.give_back(handoff_id, agent, note=body.note if body else None)
        return await console.row(handoff_id)

    @router.post("/{handoff_id}/close")
    async def close(handoff_id: str, body: Close, agent: Agent = at_desk) -> dict[str, Any]:
        await console.handoffs.close(handoff_id, agent, outcome=body.outcome, note=body.note)
        return await console.row(handoff_id)

    return router


def _conversations(console: Console) -> APIRouter:
    router = APIRouter()
    at_desk = Depends(console.at_desk)

    @router.post("/conversations/{conversation_id}/messages")
    async def say(conversation_id: str, body: AgentMessage, agent: Agent = at_desk) -> dict[str, Any]:
        """Write to the shopper, which takes the conversation, or a private note."""
        text = check_text(body.text, 4000, "text")
        message_id = check_id(body.id, "id")
        message = await console.handoffs.say(conversation_id, agent, message_id=message_id, text=text, private=body.private)
        conversation = await console.store.read(visible_conversation, conversation_id, agent)
        return message_event(message, conversation, console.rules.desk)

    @router.get("/conversations/{conversation_id}/messages")
    async def read(conversation_id: str, agent: Agent = at_desk, after: Annotated[int, Query(ge=0, le=MAX_SEQ)] = 0) -> dict[str, Any]:
        """Messages after a sequence number, oldest first, at most 500 at once, private notes included."""
        conversation = await console.store.read(visible_conversation, conversation_id, agent)
        found = await console.store.read(messages.after, conversation_id, after, private=True)
        return {"items": [message_event(message, conversation, console.rules.desk) for message in found]}

    @router.get("/knowledge")
    async def knowledge(q: Annotated[str, Query(max_length=200)], agent: Agent = at_desk) -> dict[str, Any]:
        """Articles that fit a question."""
        parse = await console.nlu.parse(q, timeout_s=_KNOWLEDGE_TIMEOUT_S, about={})
        fields = ("id", "title", "answer", "score")
        return {"items": [{name: hit.get(name) for name in fields} for hit in parse.get("retrieval") or []]}

    return router


def _agent(agent: Agent) -> dict[str, str]:
    return {"id": agent.id, "name": agent.name, "role": agent.role}
