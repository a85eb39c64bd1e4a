"""The `nlu` process: `python -m bot.nlu.app` serves `/model/parse` on loopback (docs/design.md)."""

from __future__ import annotations

import logging
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import FastAPI, Request
from starlette.exceptions import HTTPException

from bot.core.errors import ZhangguiError
from bot.nlu.manifest import Manifest
from bot.nlu.parser import Asked, Parser
from bot.nlu.release import FOLDER, ReleaseError, load_parser
from bot.nlu.wire import ParseRequest, asked_from, on_crash, on_error, on_http_error, read_body, require_secret
from bot.settings import ConfigError, Settings, load_settings

logger = logging.getLogger("bot.nlu")
_SCHEMA = {"requestBody": {"required": True, "content": {"application/json": {"schema": ParseRequest.model_json_schema()}}}}


def create_app(parser: Parser, *, zone: ZoneInfo, secret: str | None, about: dict[str, Any] | None = None) -> FastAPI:
    """The app around a loaded parser. `secret` None: `/model/parse` answers without one (demo mode, loopback only)."""
    app = FastAPI(title="Zhanggui NLU", version="1", docs_url=None, redoc_url=None)
    app.add_exception_handler(ZhangguiError, on_error)
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(Exception, on_crash)

    @app.post("/model/parse", openapi_extra=_SCHEMA)
    async def parse(request: Request) -> dict[str, Any]:
        # One request at a time on the loop: a parse is CPU on one thread, and the tagger inside is not made for two.
        require_secret(request, secret)
        asked, message_id = asked_from(await read_body(request), zone=zone)
        started = time.perf_counter()
        answer = parser.parse(asked)
        _log(answer, message_id, (time.perf_counter() - started) * 1000)
        return answer | ({"message_id": message_id} if message_id else {})

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/readyz")
    async def readyz() -> dict[str, Any]:
        return {"status": "ready", **(about or {})}

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
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    threadpool_limits(1)  # the products of a parse are small: more threads would only wait for one another, on cores others need
    uvicorn.run(app, host="127.0.0.1", port=settings.nlu.port, access_log=False, log_level="warning")
    return 0


def _built(settings: Settings, secret: str | None) -> FastAPI:
    nlu = settings.nlu
    rates = settings.knowledge.rates()
    parser = load_parser(FOLDER, encoder=nlu.encoder, rates=rates, want_threshold=nlu.want_threshold, threads=nlu.threads)
    zone = ZoneInfo(settings.desk.timezone)
    parser.parse(Asked("你好，我的订单到哪了", now=datetime.now(zone)))  # loads dictionaries now, not in the first shopper's turn
    manifest = Manifest.load(Path(FOLDER))
    about = {"trained": manifest.created, "data": manifest.data} if manifest else {}
    return create_app(parser, zone=zone, secret=secret, about=about)


def _log(answer: dict[str, Any], message_id: str | None, took_ms: float) -> None:
    logger.info(
        "parsed message_id=%s intent=%s confidence=%.2f language=%s band=%s chars=%d ms=%.1f",
        message_id, answer["intent"]["name"], answer["intent"]["confidence"], answer["language"], answer["answer_band"],
        len(answer["text"]), took_ms,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
