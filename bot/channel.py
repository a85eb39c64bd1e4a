"""The one way into Rasa: the server posts a message with its parse, the answer is the whole turn (docs/design.md, server → dialogue)."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore
from sanic import Blueprint, Request, response
from sanic.response import HTTPResponse

from bot import remote_action
from bot.remote_action import ActionFailed
from bot.tracker_store import BoundedTrackerStore
from bot.turn_context import RunningTurn, running_turn

logger = logging.getLogger(__name__)


class ZhangguiInput(InputChannel):
    """Credentials: `secret`, the key shared by the processes; the process refuses to start without it."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._running: dict[tuple[str, str], asyncio.Task[dict[str, Any]]] = {}

    @classmethod
    def name(cls) -> str:
        return "zhanggui"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> ZhangguiInput:
        secret = (credentials or {}).get("secret") or ""
        if len(secret) < 16 or secret.startswith("${"):
            raise ValueError("ZHANGGUI_INTERNAL_SECRET is missing or shorter than 16 characters; `make run` makes one")
        return cls(secret)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        remote_action.install()
        routes = Blueprint("zhanggui")

        @routes.get("/")
        async def health(request: Request) -> HTTPResponse:
            agent = getattr(request.app.ctx, "agent", None)
            ready = agent is not None and agent.is_ready()
            return response.json({"status": "ok" if ready else "loading"}, status=200 if ready else 503)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            if not hmac.compare_digest(request.headers.get("Authorization", ""), f"Bearer {self._secret}"):
                return _error(401, "unauthorized", "the internal secret is missing or wrong")
            agent = getattr(request.app.ctx, "agent", None)
            if agent is None or not agent.is_ready():
                return _error(503, "unavailable", "the dialogue model is still loading")
            try:
                result = await self._turn(request.json, _own_store(agent), on_new_message)
            except (KeyError, TypeError) as error:
                return _error(422, "invalid", f"not a turn: {error!r}")
            return response.json(result)

        return routes

    async def _turn(
        self, body: dict[str, Any], store: BoundedTrackerStore, handle: Callable[[UserMessage], Awaitable[Any]]
    ) -> dict[str, Any]:
        """Run the turn once: a turn sent again joins the one that runs, or gets the answer that was kept."""
        key = body["conversation"], body["message_id"]
        task = self._running.get(key)
        if task is None:
            kept = store.result_of(*key)
            if kept is not None:
                return kept
            task = asyncio.create_task(self._run(body, store, handle))
            self._running[key] = task
            task.add_done_callback(lambda _: self._running.pop(key, None))
        return await asyncio.shield(task)

    async def _run(
        self, body: dict[str, Any], store: BoundedTrackerStore, handle: Callable[[UserMessage], Awaitable[Any]]
    ) -> dict[str, Any]:
        output = CollectingOutputChannel()
        turn = RunningTurn(body["message_id"], reset=bool(body.get("reset")), messages=output.messages)
        running_turn.set(turn)
        message = UserMessage(
            text=body["text"],
            output_channel=output,
            sender_id=body["conversation"],
            parse_data=_parse_data(body),
            input_channel=self.name(),
            message_id=body["message_id"],
            metadata={"turn": {**body["metadata"], "message_id": body["message_id"], "source": body["parse"].get("source", "text")}},
        )
        try:
            await handle(message)
        except ActionFailed as failure:
            logger.error("turn of %s dropped, action failed: %s", body["conversation"], failure)
            return _dropped([failure.action])
        result = store.result_of(body["conversation"], body["message_id"])
        return result if result is not None else _dropped(["tracker_store"])


def _own_store(agent: Agent) -> BoundedTrackerStore:
    """Our tracker store without Rasa's wrapper, which would answer a full disk by going on in memory."""
    if isinstance(agent.tracker_store, FailSafeTrackerStore):
        agent.tracker_store = agent.processor.tracker_store = agent.tracker_store._tracker_store
    return agent.tracker_store


def _parse_data(body: dict[str, Any]) -> dict[str, Any]:
    """The parse as Rasa stores it; the language travels as an entity so that it fills its slot."""
    parse, about = dict(body["parse"]), body["metadata"]
    carried = [
        {"entity": name, "value": about[name], "start": 0, "end": 0, "confidence": 1.0, "extractor": "server"}
        for name in ("language",)
        if about.get(name)
    ]
    parse["entities"] = [*parse.get("entities", []), *carried]
    parse["text"] = body["text"]
    return parse


def _dropped(failed: list[str]) -> dict[str, Any]:
    empty: dict[str, Any] = {"messages": [], "commands": [], "active_form": None, "requested_slot": None, "slots": {}}
    return {**empty, "actions": [], "failed": failed}


def _error(status: int, code: str, message: str) -> HTTPResponse:
    return response.json({"error": {"code": code, "message": message}}, status=status)
