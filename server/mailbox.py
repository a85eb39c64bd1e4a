"""One queue per conversation: its turns run one at a time, in order of arrival; conversations do not wait for each other."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from itertools import takewhile

from server.store.records import Message

logger = logging.getLogger(__name__)

_LONGEST_WAIT = 4
"""Short messages are waited for at most this many times the debounce time."""
_MOST_JOINED = 20


@dataclass(frozen=True)
class Job:
    """A stored message that waits for its turn; `joinable` ones that follow each other closely become one turn.

    Others are asked alone, or together with those that were the same turn (`turn_seq`) when they were asked before.
    """

    message: Message
    joinable: bool = False
    done: asyncio.Future[list[Message] | None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    """The replies of the turn; None when it could not be stored."""


class _Box:
    def __init__(self) -> None:
        self.jobs: deque[Job] = deque()
        self.arrived = asyncio.Event()


class Mailboxes:
    """`run(conversation_id, messages)` answers one turn and returns the replies; what it raises is logged."""

    def __init__(self, run: Callable[[str, list[Message]], Awaitable[list[Message]]], *, debounce_s: float, max_chars: int) -> None:
        self._run = run
        self._debounce_s = debounce_s
        self._max_chars = max_chars
        self._boxes: dict[str, _Box] = {}
        self._workers: set[asyncio.Task[None]] = set()

    def put(self, job: Job) -> None:
        """Append a job; callers of one conversation must not overtake each other."""
        conversation_id = job.message.conversation_id
        box = self._boxes.get(conversation_id)
        if box is None:
            box = self._boxes[conversation_id] = _Box()
            worker = asyncio.create_task(self._work(conversation_id, box))
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        box.jobs.append(job)
        box.arrived.set()

    def waiting(self, message: Message) -> Job | None:
        """The job of a message whose turn is not over, if there is one."""
        box = self._boxes.get(message.conversation_id)
        return next((job for job in box.jobs if job.message.seq == message.seq), None) if box else None

    async def _work(self, conversation_id: str, box: _Box) -> None:
        while box.jobs:
            batch = await self._next_turn(box)
            replies: list[Message] | None = None
            try:
                replies = await self._run(conversation_id, [job.message for job in batch])
            except Exception:
                logger.exception("a turn of %s failed; its messages are answered at the next start", conversation_id)
            finally:
                for job in batch:
                    box.jobs.popleft()
                    job.done.set_result(replies)
        del self._boxes[conversation_id]

    async def _next_turn(self, box: _Box) -> list[Job]:
        """The first job and those to be answered with it. Jobs stay in the box until their turn is over."""
        first = box.jobs[0]
        if not first.joinable:
            return list(takewhile(lambda job: job.message.turn_seq == first.message.turn_seq, box.jobs))
        give_up = asyncio.get_running_loop().time() + _LONGEST_WAIT * self._debounce_s
        while len(box.jobs) < _MOST_JOINED and asyncio.get_running_loop().time() < give_up:
            box.arrived.clear()
            try:
                async with asyncio.timeout(self._debounce_s):
                    await box.arrived.wait()
            except TimeoutError:
                break
            if not box.jobs[-1].joinable:
                break
        return self._joined(list(box.jobs))

    def _joined(self, jobs: list[Job]) -> list[Job]:
        batch, chars = [jobs[0]], len(jobs[0].message.text)
        for job in jobs[1:_MOST_JOINED]:
            chars += 1 + len(job.message.text)
            if not job.joinable or chars > self._max_chars:
                break
            batch.append(job)
        return batch

    async def close(self) -> None:
        """Stop the turns that run; their messages are still pending and are answered at the next start."""
        for worker in list(self._workers):
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
