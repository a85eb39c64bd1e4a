"""Deletes, once an hour, what nobody needs any more (`store.retention`)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from server.clock import Clock
from server.hub import Hub
from server.store import retention
from server.store.database import Store

_EVERY_S = 3600
_KEPT_S = 24 * 3600
"""An image that was not sent, and a chat in which nothing was said, are kept for a day."""


class Retention:
    def __init__(self, store: Store, hub: Hub, files: Path, *, clock: Clock) -> None:
        self._store = store
        self._hub = hub
        self._files = files
        self._clock = clock
        self._last = float("-inf")

    async def round(self) -> None:
        """A round an hour; calls in between do nothing."""
        now = self._clock()
        if now - self._last < _EVERY_S:
            return
        self._last = now
        await self._store.write(retention.forget_agent_sessions, now)
        for file_id in await self._store.write(retention.forget_unused_files, now - _KEPT_S):
            await asyncio.to_thread((self._files / file_id).unlink, missing_ok=True)
        silent = await self._store.read(retention.silent_chats, now - _KEPT_S)
        closed = [conversation_id for conversation_id in silent if not self._hub.listeners(conversation_id)]
        await self._store.write(retention.forget_silent_chats, closed)
