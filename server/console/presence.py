"""Who is at the desk: open consoles, what their people say of themselves, and the lease on what they hold."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from server.clock import Clock
from server.store import handoffs, people
from server.store.database import Store
from server.store.records import Agent

_RENEW_S = 10.0


class Presence:
    def __init__(self, store: Store, *, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._consoles: Counter[str] = Counter()
        self._said: dict[str, str] = {}
        self._renewed: dict[str, float] = {}

    @contextmanager
    def console(self, agent: Agent) -> Iterator[None]:
        """One open console of an agent."""
        self._consoles[agent.id] += 1
        try:
            yield
        finally:
            self._consoles[agent.id] -= 1

    def say(self, agent: Agent, state: str) -> None:
        self._said[agent.id] = state

    def state(self, agent_id: str) -> str:
        return self._said.get(agent_id, "online") if self._consoles[agent_id] > 0 else "offline"

    async def sign_of_life(self, agent: Agent) -> None:
        """Renew the lease on the conversations that the agent holds, at most every ten seconds."""
        now = time.monotonic()
        if now - self._renewed.get(agent.id, -_RENEW_S) >= _RENEW_S:
            self._renewed[agent.id] = now
            await self._store.write(handoffs.seen, agent.id, self._clock())

    async def colleagues(self, agent: Agent) -> list[dict[str, Any]]:
        found = await self._store.read(people.desk, agent.fixture_id)
        return [{"id": one.id, "name": one.name, "state": self.state(one.id), "active": active} for one, active in found]
