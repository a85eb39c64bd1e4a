"""Stand-ins for the two processes behind the server, at the wire: small HTTP apps that keep what they were asked."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from zoneinfo import ZoneInfo

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp

from bot.core.errors import TooLarge, ZhangguiError
from bot.nlu.wire import MAX_TEXT_CHARS, asked_from, on_error

SECRET = "internal-secret-of-the-tests"
INTENTS = {"转人工": "request_human", "确认": "affirm", "谢谢": "thank", "有人盗号": "account_security"}
Body = dict[str, Any]


class NluStub:
    """Knows a few texts; `moods` sets the sentiment of a text, `bands` its answer band; `down` answers 503; `delay_s` is slow.

    It takes and refuses what the real one takes and refuses; `longest` is a shorter limit of its own.
    """

    def __init__(self) -> None:
        self.reset()
        self.app = FastAPI()
        self.app.post("/model/parse")(self._parse)
        self.app.get("/readyz")(self._ready)

    def reset(self) -> None:
        self.asked: list[Body] = []
        self.moods: dict[str, str] = {}
        self.intents = dict(INTENTS)
        self.confidence = 0.9
        self.down = False
        self.delay_s = 0.0
        self.band = "answer"
        self.bands: dict[str, str] = {}
        self.language = "zh"
        self.longest = MAX_TEXT_CHARS

    async def _parse(self, request: Request) -> JSONResponse:
        body = await request.json()
        self.asked.append(body)
        await asyncio.sleep(self.delay_s)
        if self.down or request.headers["authorization"] != f"Bearer {SECRET}":
            return JSONResponse({}, 503)
        text = body["text"]
        try:
            asked_from(body, zone=ZoneInfo("Asia/Shanghai"))
            if len(text) > self.longest:
                raise TooLarge("the text is too long for this test", field="text")
        except ZhangguiError as error:
            return await on_error(request, error)
        name = self.intents.get(text, "ask_knowledge")
        hit = {"id": "return.fee", "title": "退货运费", "answer": "七天无理由退货由您承担运费。", "score": 0.9}
        other = {**hit, "id": "ship.when", "title": "多久发货", "answer": "48 小时内发货。", "score": 0.5}
        return JSONResponse(
            {
                "text": text, "language": self.language, "intent": {"name": name, "confidence": self.confidence},
                "intent_ranking": [{"name": name, "confidence": self.confidence}] * 10, "segments": [], "entities": [],
                "sentiment": {"label": self.moods.get(text, "calm"), "score": 0.8}, "complaint_class": None,
                "retrieval": [hit, other, other, other], "answer_band": self.bands.get(text, self.band),
            }
        )  # fmt: skip

    async def _ready(self) -> JSONResponse:
        about = {"status": "ready", "trained": "2026-11-20T10:00:00", "data": "d4t4"}
        return JSONResponse({} if self.down else about, 503 if self.down else 200)


class DialogueStub:
    """Answers `re: <text>`, hands over on `request_human` and `escalate`; `scripts` maps an intent or a text to another answer.

    Like the real one it replays a turn that it is sent again.
    """

    def __init__(self) -> None:
        self.reset()
        self.app = FastAPI()
        self.app.post("/webhooks/zhanggui/turn")(self._turn)
        self.app.get("/webhooks/zhanggui/")(self._ready)
        self.app.get("/health")(self._ready)

    def reset(self) -> None:
        self.asked: list[Body] = []
        self.ran: list[str] = []
        self.scripts: dict[str, Body | Callable[[Body], Body]] = {}
        self.down = False
        self.failing = 0
        self.delay_s = 0.0
        self.held = asyncio.Event()
        self.held.set()
        self._arrived = asyncio.Event()
        self._kept: dict[tuple[str, str], Body] = {}

    async def _turn(self, request: Request) -> JSONResponse:
        body = await request.json()
        self.asked.append(body)
        self._arrived.set()
        await asyncio.sleep(self.delay_s)
        await self.held.wait()
        if self.down:
            return JSONResponse({}, 503)
        if self.failing:
            self.failing -= 1
            return JSONResponse({**_answer(), "failed": ["action_submit"]})
        key = (body["conversation"], body["message_id"])
        if key not in self._kept:
            self.ran.append(body["text"])
            self._kept[key] = self._run(body)
        return JSONResponse(self._kept[key])

    async def until_asked(self, times: int = 1) -> None:
        """Wait for this many requests."""
        while len(self.asked) < times:
            self._arrived.clear()
            await self._arrived.wait()

    def _run(self, body: Body) -> Body:
        intent = body["parse"]["intent"]["name"]
        script = self.scripts.get(body["text"]) or self.scripts.get(intent)
        if callable(script):
            return _answer(**script(body))
        if script is not None:
            return _answer(**script)
        if intent in ("request_human", "escalate"):
            reason = body["metadata"]["reason"] or "requested"
            return _answer(commands=[{"type": "handoff", "reason": reason, "skill": "aftersale", "priority": "normal"}])
        return _answer(messages=[{"text": f"re: {body['text']}"}])

    async def _ready(self) -> JSONResponse:
        return JSONResponse({}, 503 if self.down else 200)


def _answer(**given: Any) -> Body:
    empty: Body = {"messages": [], "commands": [], "active_form": None, "requested_slot": None, "slots": {}, "actions": []}
    return {**empty, "spent_ms": {"actions": 3.0, "shop": 1.0}, "failed": [], **given}


def listen() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Run an application on a socket until the block ends."""
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1, ws_max_size=64 * 1024)
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        if task.done():
            await task
            raise RuntimeError("the application did not start; see the log")
        await asyncio.sleep(0.005)
    try:
        yield
    finally:
        server.should_exit = True
        await task
