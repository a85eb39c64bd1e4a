"""Builds the server from settings and starts it: `python -m server.app`. One process, one event loop."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError

from bot.settings import ConfigError, Settings, load_settings
from server import demo, errors, logs, ops
from server.build import Parts, build
from server.channels import files, rest, websocket
from server.clock import Clock, wall_clock
from server.console import api as console_api
from server.console import live
from server.demo_shop import create_router as create_shop_router
from server.limits import MAX_BODY_BYTES, BodyLimits
from server.listening import listen
from server.pages import mount_pages
from server.store.database import Store
from server.store.migrate import ForeignDatabase, check_mark, migrate
from server.store.people import put_agent
from server.storefront import create_router as create_storefront_router

logger = logging.getLogger(__name__)

_ABOUT = "Chat channels, the agents' API and operations of the Zhanggui customer-service engine."


def create_app(settings: Settings, *, clock: Clock = wall_clock, housekeeping_s: float = 2.0) -> FastAPI:
    """The application; nothing is opened before its lifespan begins. Raises `ConfigError` for a secret that is missing."""
    parts = build(settings, clock=clock, housekeeping_s=housekeeping_s)
    app = FastAPI(
        title="Zhanggui",
        version="0.1.0",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, parts),
        responses=errors.RESPONSES,
    )
    app.add_middleware(BodyLimits, upload_path=files.UPLOAD_PATH)
    errors.install(app)
    app.include_router(ops.create_router(parts.operations))
    app.include_router(rest.create_router(parts.rest))
    app.include_router(websocket.create_router(parts.widget))
    app.include_router(files.create_router(parts.files))
    app.include_router(console_api.create_router(parts.console))
    app.include_router(live.create_router(parts.live))
    if parts.demo is not None:
        app.include_router(demo.create_router(parts.demo))
        app.include_router(create_storefront_router(parts.demo, shop_name=settings.shop.name))
        app.include_router(create_shop_router(parts.demo.shop, key=settings.secret("shop_key")), prefix="/demo/shop")
    mount_pages(app, demo=settings.demo)
    app.state.parts = parts
    return app


def _lifespan(settings: Settings, parts: Parts) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await parts.store.write(migrate, demo=settings.demo)
        await _prepare_demo(settings, parts)
        left = await parts.conversations.recover()
        if left:
            logger.info("unanswered messages of an earlier run are answered now", extra={"messages": left})
        housekeeping = asyncio.create_task(parts.housekeeper.run())
        try:
            yield
        finally:
            housekeeping.cancel()
            with suppress(asyncio.CancelledError):
                await housekeeping
            await _close(parts)

    return lifespan


async def _prepare_demo(settings: Settings, parts: Parts) -> None:
    if parts.demo is None:
        return
    await parts.demo.shop.start(datetime.fromtimestamp(parts.clock(), UTC))
    password = settings.secret("demo_agent_password")
    for name, role in (("小林", "agent"), ("小林主管", "supervisor")):
        agent = await asyncio.to_thread(parts.console.sessions.new_agent, name, role, password, random=True)
        await parts.store.write(put_agent, agent)


async def _close(parts: Parts) -> None:
    parts.hub.close()
    await parts.conversations.close()
    for client in parts.http_clients:
        await client.close()
    if parts.demo is not None:
        await parts.demo.shop.close()
    parts.store.close()


def main() -> None:
    """Start the server; what keeps it from starting is said in one sentence."""
    try:
        settings = load_settings()
        logs.configure()
        app = create_app(settings)
        listener = listen(settings.server.host, settings.server.port)
        _check_database(app.state.parts.store, demo=settings.demo)
    except (ConfigError, ForeignDatabase, OSError) as error:
        sys.exit(f"server: {error}")
    config = uvicorn.Config(app, log_config=None, access_log=False, ws_max_size=MAX_BODY_BYTES, timeout_graceful_shutdown=3)
    uvicorn.Server(config).run(sockets=[listener])


def _check_database(store: Store, *, demo: bool) -> None:
    """Before the lifespan, whose errors uvicorn only logs. Raises `ForeignDatabase`, or `OSError` for one that cannot be opened."""
    try:
        with store.engine.connect() as connection:
            check_mark(connection, demo=demo)
    except DBAPIError as exc:
        raise OSError(f"the database at server.database_url cannot be opened: {exc.orig}") from exc


if __name__ == "__main__":
    main()
