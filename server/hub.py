"""Fan-out inside the process: events of a topic reach every subscriber, and a slow one never holds up the others."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

Event = dict[str, Any]
_ROOM = 256
"""Events a subscriber may lag behind; then it is cut off and comes back with the last number it saw."""


class Subscription:
    """Iterate to receive events; ends when the subscriber lagged too far behind or the hub was closed."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue(_ROOM)
        self._ended = False

    def __aiter__(self) -> Subscription:
        return self

    async def __anext__(self) -> Event:
        event = await self._queue.get()
        if event is None:
            raise StopAsyncIteration
        return event

    def offer(self, event: Event) -> None:
        if self._ended:
            return
        if self._queue.qsize() >= _ROOM - 1:
            self.end()
        else:
            self._queue.put_nowait(event)

    def end(self) -> None:
        """No more events after those that are waiting."""
        if not self._ended:
            self._ended = True
            self._queue.put_nowait(None)


class Hub:
    """Topics are conversation ids and desks (`desk_topic`)."""

    def __init__(self) -> None:
        self._topics: dict[str, set[Subscription]] = defaultdict(set)

    @contextmanager
    def subscribe(self, topic: str) -> Iterator[Subscription]:
        subscription = Subscription()
        self._topics[topic].add(subscription)
        try:
            yield subscription
        finally:
            self._topics[topic].discard(subscription)
            if not self._topics[topic]:
                del self._topics[topic]

    def publish(self, topic: str, event: Event) -> None:
        for subscription in self._topics.get(topic, ()):
            subscription.offer(event)

    def listeners(self, topic: str) -> int:
        return len(self._topics.get(topic, ()))

    def close(self) -> None:
        for subscriptions in list(self._topics.values()):
            for subscription in subscriptions:
                subscription.end()


def desk_topic(fixture_id: str | None) -> str:
    """The topic of the agents who see a pool of conversations (those of one demo fixture, or all others)."""
    return f"desk:{fixture_id or ''}"
