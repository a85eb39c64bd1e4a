"""What happens without anybody asking: leases that run out, queues that take too long, a bot that is back, silence."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from server.clock import Clock
from server.handoff import HandoffService, close_idle
from server.ops import Processes
from server.publisher import Publisher
from server.retention import Retention
from server.store import conversations, handoffs, messages
from server.store.database import Store

logger = logging.getLogger(__name__)


_TOKENS_KEPT_S = 24 * 3600
"""An expired button says so for a day; after that it is unknown."""


@dataclass(frozen=True)
class Intervals:
    """Seconds: of an agent's lease, of waiting in the queue, of a shopper's silence, and between two rounds."""

    lease_s: float
    queue_return_s: float
    idle_s: float
    round_s: float


class Housekeeper:
    def __init__(
        self,
        store: Store,
        publisher: Publisher,
        handoff_service: HandoffService,
        processes: Processes,
        retention: Retention,
        intervals: Intervals,
        *,
        clock: Clock,
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._handoffs = handoff_service
        self._processes = processes
        self._retention = retention
        self._intervals = intervals
        self._clock = clock

    async def run(self) -> None:
        """Rounds until cancelled; one that fails is logged and does not end the others."""
        while True:
            await asyncio.sleep(self._intervals.round_s)
            try:
                await self.round()
            except Exception:
                logger.exception("a round of housekeeping failed")

    async def round(self) -> None:
        await self._handoffs.requeue_left(self._intervals.lease_s)
        await self._handoffs.return_unaccepted(self._intervals.queue_return_s)
        if await self._store.read(handoffs.waiting_for_bot) and await self._processes.all_answer():
            await self._handoffs.return_after_outage()
        await self._close_idle()
        await self._store.write(messages.forget_old_tokens, self._clock() - _TOKENS_KEPT_S)
        await self._retention.round()

    async def _close_idle(self) -> None:
        before = self._clock() - self._intervals.idle_s
        for conversation in await self._store.read(conversations.idle_with_bot, before):
            change = await self._store.write(close_idle, conversation.id, before, self._clock())
            if change is not None:
                await self._publisher.publish(change)
