"""What is deleted by itself, and what is kept."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

from sqlalchemy import Table, func, select

from server.store.tables import agent_sessions, conversations, files, sessions
from tests.server.conftest import Running, Start
from tests.server.test_demo_and_operations import picture, upload

DAY_S = 24 * 3600


async def rows(server: Running, table: Table) -> int:
    return int(await server.app.state.parts.store.read(lambda db: db.execute(select(func.count()).select_from(table)).scalar()))


async def until_left(server: Running, count: int) -> None:
    """Wait until so many conversations are left."""
    async with asyncio.timeout(5):
        while True:
            if await rows(server, conversations) == count:
                return
            await asyncio.sleep(0.05)


def images(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "files").iterdir())


async def test_what_nobody_needs_is_deleted_after_a_day(start: Start) -> None:
    now = [time.time()]
    server = await start(clock=lambda: now[0])
    await server.login()
    async with server.widget() as talking:
        session = (await talking.next("welcome"))["session"]
        sent, unused = [(await upload(server, session, picture())).json()["file"] for _ in range(2)]
        await talking.send(type="upload", id="c1", file=sent)
        await talking.next("ack")
    async with server.widget() as gone:
        await upload(server, (await gone.next("welcome"))["session"], picture())
    async with server.widget() as silent, server.widget() as slow:
        await silent.next("welcome")
        await slow.next("welcome")
        await silent.socket.close()
        assert len(images(server.folder)) == 3

        now[0] += DAY_S + 60
        await until_left(server, 2)
        await slow.send(type="message", id="c1", text="你好")
        await slow.next("message", text="re: 你好")

    assert images(server.folder) == [sent]
    assert unused not in images(server.folder)
    assert [await rows(server, table) for table in (agent_sessions, files, conversations, sessions)] == [0, 1, 2, 2]


async def test_nothing_is_deleted_within_a_day(start: Start) -> None:
    now = [time.time()]
    server = await start(clock=lambda: now[0])
    async with server.widget() as widget:
        session = (await widget.next("welcome"))["session"]
        await upload(server, session, picture())
    await server.login()

    now[0] += 3700
    await server.app.state.parts.housekeeper.round()

    assert len(images(server.folder)) == 1
    assert [await rows(server, table) for table in (agent_sessions, files, conversations, sessions)] == [1, 1, 1, 1]
