"""The `nlu` process: `python -m bot.nlu.app` serves `/model/parse` on loopback (docs/design.md)."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from bot.core.errors import ZhangguiError
from bot.nlu.live import LiveParser
from bot.nlu.parser import Asked, Parser
from bot.nlu.release import FOLDER, ReleaseError, load_parser
from bot.nlu.wire import ParseRequest, asked_from, on_crash, on_error, on_http_error, read_body, require_secret
from bot.settings import ConfigError, Settings, load_settings
from knowledge_base.articles import ARTICLES

logger = logging.getLogger("bot.nlu")
_SCHEMA = {"requestBody": {"required": True, "content": {"application/json": {"schema": ParseRequest.model_json_schema()}}}}


def create_app(live: LiveParser, *, zone: ZoneInfo, secret: str | None, threads: int = 1) -> FastAPI:
    """The app around a loaded parser. `secret` None: `/model/parse` answers without one (demo mode, loopback only).

    `threads` messages are read side by side: half of a parse is inside libraries that let other threads run.
    """
    readers = ThreadPoolExecutor(threads, thread_name_prefix="parse", initializer=_without_helpers)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        following = asyncio.create_task(live.follow())
        yield
        following.cancel()
        readers.shutdown(wait=False)

    app = FastAPI(title="Zhanggui NLU", version="1", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_exception_handler(ZhangguiError, on_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_crash)

    @app.post("/model/parse", openapi_extra=_SCHEMA)
    async def parse(request: Request) -> dict[str, Any]:
        require_secret(request, secret)
        asked, message_id = asked_from(await read_body(request), zone=zone)
        answer, took_ms = await asyncio.get_running_loop().run_in_executor(readers, _timed, live.parser, asked)
        _log(answer, message_id, took_ms)
        return answer | ({"message_id": message_id} if message_id else {})

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> dict[str, Any]:
        made = live.manifest
        about = {"trained": made.created, "data": made.data} if made else {}
        return {"status": "ready", **about, "articles": len(live.parser.topics), "problem": live.problem}

    return app


def main() -> int:
    """Serve until stopped; exit status 1 with one sentence when configuration, secret or model cannot be used."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        settings = load_settings()
        secret = None if settings.demo else settings.secret("internal_secret")
        app = _built(settings, secret)
    except (ConfigError, ReleaseError) as exc:
        sys.stderr.write(f"{exc}\n")
        return 1
    import uvicorn

    _without_helpers()
    uvicorn.run(app, host="127.0.0.1", port=settings.nlu.port, access_log=False, log_level="warning")
    return 0


def _built(settings: Settings, secret: str | None) -> FastAPI:
    nlu = settings.nlu
    rates = settings.knowledge.rates()
    zone = ZoneInfo(settings.desk.timezone)

    def load() -> Parser:
        parser = load_parser(FOLDER, encoder=nlu.encoder, rates=rates, want_threshold=nlu.want_threshold, threads=nlu.threads)
        parser.parse(Asked("你好，我的两件订单到哪了", now=datetime.now(zone)))  # loads dictionaries now, not in a shopper's turn
        return parser

    return create_app(LiveParser(FOLDER, ARTICLES, load), zone=zone, secret=secret, threads=nlu.threads)


def _without_helpers() -> None:
    """The products of a parse are small: more threads would only wait for one another, on cores others need. OpenMP has its limit for
    each thread that asks it, so every reader calls this."""
    threadpool_limits(1)


def _timed(parser: Parser, asked: Asked) -> tuple[dict[str, Any], float]:
    """The answer, and how many milliseconds it took once it was begun."""
    started = time.perf_counter()
    return parser.parse(asked), (time.perf_counter() - started) * 1000


def _log(answer: dict[str, Any], message_id: str | None, took_ms: float) -> None:
    logger.info(
        "parsed message_id=%s intent=%s confidence=%.2f language=%s band=%s chars=%d ms=%.1f",
        message_id, answer["intent"]["name"], answer["intent"]["confidence"], answer["language"], answer["answer_band"],
        len(answer["text"]), took_ms,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
