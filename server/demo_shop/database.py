"""The demo shop's own SQLite file. All work runs on one thread of its own: one hop for a whole request, no two writers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

T = TypeVar("T")


class Database:
    """`read` and `write` run a function with a session; a write is one transaction that other processes wait for."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)
        self._writer = self._engine.execution_options(immediate=True)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="demo-shop")

    @property
    def engine(self) -> Engine:
        return self._engine

    async def read(self, work: Callable[[Session], T]) -> T:
        """Nothing that `work` does to the rows is kept."""
        return await self._on_thread(self._read, work)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Committed when `work` returns, rolled back when it raises."""
        return await self._on_thread(self._write, work)

    async def close(self) -> None:
        await self._on_thread(lambda _: self._engine.dispose(), None)
        self._thread.shutdown()

    async def _on_thread(self, run: Callable[[Any], T], work: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, run, work)

    def _read(self, work: Callable[[Session], T]) -> T:
        with Session(self._engine, autoflush=False) as session:
            return work(session)

    def _write(self, work: Callable[[Session], T]) -> T:
        with Session(self._writer, autoflush=False, expire_on_commit=False) as session, session.begin():
            return work(session)


def _engine(url: str) -> Engine:
    """An engine for `sqlite:///…` (a driver named in the URL is ignored); makes the file's folder."""
    parsed = make_url(url).set(drivername="sqlite")
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": 5})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: Any, record: object) -> None:
    """The driver's own transactions start too late for us; WAL lets readers of other processes go on during a write."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
