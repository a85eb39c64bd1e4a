"""The connections between the processes on Rasa's side."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from sanic.config import DEFAULT_CONFIG

from bot import remote_action
from bot.connections import KEPT_OPEN_S

_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"


def test_a_connection_is_given_up_before_the_action_server_closes_it() -> None:
    assert DEFAULT_CONFIG["KEEP_ALIVE_TIMEOUT"] > KEPT_OPEN_S


async def _asked(broken: int) -> tuple[int, object, float]:
    """Asks a server that breaks so many connections before it answers."""
    seen = 0

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        seen += 1
        await reader.readuntil(b"\r\n\r\n")
        if seen > broken:
            writer.write(_ANSWER)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        return await remote_action.ask(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/webhook", {}, {})
    finally:
        server.close()
        await remote_action._pool().close()


def test_an_action_is_asked_again_where_the_connection_breaks() -> None:
    assert asyncio.run(_asked(broken=1)) == (200, {}, 0.0)


def test_an_action_that_breaks_every_connection_fails() -> None:
    with pytest.raises((aiohttp.ServerDisconnectedError, aiohttp.ClientOSError)):
        asyncio.run(_asked(broken=2))
