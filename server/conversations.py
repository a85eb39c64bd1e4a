"""The one service that all channels use: store the message, ask the bot in order, publish what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from sqlalchemy import Connection

from bot.core.errors import Unavailable
from bot.core.feedback import feedback_class
from bot.core.ladder import STEPS
from bot.core.messages import TEXT, IncomingMessage
from bot.core.ownership import Owner
from server import waiting
from server.addressing import WEB
from server.clock import Clock
from server.handover import QueueRules
from server.intake import Address, Received, load_turn, receive
from server.logs import masked
from server.mailbox import Job, Mailboxes
from server.metrics import Metrics
from server.publisher import Publisher
from server.replies import Answer, store_turn
from server.store import conversations, messages
from server.store.database import Store
from server.store.records import BOT, PENDING, SYSTEM, Conversation, Message
from server.transcript import Change
from server.turns import Asked, TurnRunner

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True)
class ChatRules:
    """`debounce_s`: widget messages within this time of each other are one turn; `max_chars`: longest message."""

    debounce_s: float
    max_chars: int


class Conversations:
    def __init__(
        self,
        store: Store,
        publisher: Publisher,
        runner: TurnRunner,
        *,
        queue_rules: QueueRules,
        chat_rules: ChatRules,
        clock: Clock,
        metrics: Metrics,
    ) -> None:
        self._store = store
        self._publisher = publisher
        self._runner = runner
        self._queue_rules = queue_rules
        self._clock = clock
        self._metrics = metrics
        self._mailboxes = Mailboxes(self._turn, debounce_s=chat_rules.debounce_s, max_chars=chat_rules.max_chars)
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._background: set[asyncio.Task[Any]] = set()

    async def receive(self, address: Address, incoming: IncomingMessage, *, lock: str) -> Received:
        """Store a message and let its turn begin. `lock` names the client, so that its messages keep their order.

        Goes on to the end even when the client gives up: a message that is stored is answered.
        """
        return await self._to_the_end(self._receive(address, incoming, lock))

    async def answer(self, address: Address, incoming: IncomingMessage, *, lock: str) -> list[Message]:
        """As `receive`, then wait for the turn: its replies, or those stored when this message came before."""
        received = await self.receive(address, incoming, lock=lock)
        message = received.message
        job = self._mailboxes.waiting(message)
        if job is not None:
            replies = await asyncio.shield(job.done)
            if replies is None:
                raise Unavailable("the answer could not be stored; ask again with the same message_id", retry_after_s=2)
            return replies
        if message.state == PENDING:
            message = await self._store.read(_reload, message)
        if message.state == PENDING:
            raise Unavailable("the answer could not be stored; ask again with the same message_id", retry_after_s=2)
        turn_seq = message.turn_seq or message.seq
        return await self._store.read(messages.replies_of_turn, message.conversation_id, turn_seq)

    async def history(self, conversation_id: str, after: int) -> list[Message]:
        """What the shopper may read after a sequence number, a page at a time."""
        return await self._store.read(messages.after, conversation_id, after)

    async def recover(self) -> int:
        """Answer the messages that an earlier process stored and did not answer; returns how many there are."""
        left = await self._store.read(messages.pending)
        for message in left:
            self._mailboxes.put(Job(message))
        return len(left)

    async def close(self) -> None:
        """End the turns that run; what they were about is answered at the next start."""
        await self._mailboxes.close()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _receive(self, address: Address, incoming: IncomingMessage, lock: str) -> Received:
        async with self._lock(lock):
            received = await self._store.write(receive, address, incoming, self._clock())
            if received.message.state == PENDING and self._mailboxes.waiting(received.message) is None:
                await self._enqueue(received)
        if received.change is not None:
            await self._publisher.publish(received.change)
            if received.message.kind == TEXT and received.conversation.owner is Owner.AGENT:
                self._in_background(self._understand(received))
        return received

    async def _enqueue(self, received: Received) -> None:
        """Let the turn of a new message wait; one that was asked before and not stored is asked again as the same turn."""
        message = received.message
        if received.change is not None:
            return self._mailboxes.put(Job(message, _joinable(received.conversation, message)))
        for left in await self._store.read(messages.pending_of_turn, message.conversation_id, message.turn_seq or message.seq):
            self._mailboxes.put(Job(left))

    async def _understand(self, received: Received) -> None:
        """For the people who answer: intent, mood and articles of what the shopper writes to them."""
        parse = await self._runner.understand(Asked(received.conversation, [received.message]), now=self._clock())
        if parse is not None:
            message = received.message
            await self._store.write(messages.keep_parse, message.conversation_id, message.seq, parse)

    async def _turn(self, conversation_id: str, asked: list[Message]) -> list[Message]:
        """Run one turn and store it; the replies that the shopper may read."""
        conversation, token = await self._store.read(load_turn, conversation_id, asked[-1])
        if len(asked) > 1 and conversation.owner in (Owner.BOT, Owner.QUEUE):
            await self._store.write(messages.begin, conversation_id, [message.seq for message in asked])
        said = Asked(conversation, asked, token)
        if conversation.owner is Owner.QUEUE:
            rest = await self._runner.left_to_answer(said, now=self._clock())
            if rest is None:
                return await self._pass_on(said)
            rest = await self._store.read(waiting.with_complaints, conversation_id, rest)
            left = await self._store.write(waiting.leave, conversation_id, asked, self._clock(), done=not rest)
            if left is not None:
                await self._publisher.publish(left)
                if not rest:
                    return left.messages
            owned = await self._store.read(conversations.get, conversation_id)
            said = Asked(owned, asked, None if rest else token, words=rest or None)
            return [*(left.messages if left else ()), *await self._answer(said)]
        return await self._answer(said)

    async def _answer(self, said: Asked) -> list[Message]:
        """What the bot says, or the agent alone reads when the conversation is not the bot's."""
        conversation, asked = said.conversation, list(said.messages)
        if conversation.owner is Owner.BOT:
            self._publisher.typing(conversation, BOT)
            answer = await self._runner.answer(said, now=self._clock())
        else:
            answer = Answer(None, "")
        change = await self._store_turn(conversation.id, asked, answer)
        self._report(conversation, asked, answer, change)
        await self._publisher.publish(change)
        return [message for message in change.messages if message.author in (BOT, SYSTEM) and not message.private]

    async def _pass_on(self, said: Asked) -> list[Message]:
        """Nothing is answered; the notice that a shopper may read, if there is one, is no part of a turn."""
        parse = await self._runner.understand(said, now=self._clock()) if said.last.kind == TEXT else None
        passed = await self._store.write(
            waiting.pass_on, said.conversation.id, said.messages, parse, self._clock(), rules=self._queue_rules
        )
        await self._publisher.publish(passed)
        return []

    async def _store_turn(self, conversation_id: str, asked: list[Message], answer: Answer) -> Change:
        """Store the turn; an answer that cannot be stored is given up for a hand-off, so that nobody is left waiting."""
        try:
            return await self._store.write(store_turn, conversation_id, asked, answer, rules=self._queue_rules, now=self._clock())
        except Exception:
            logger.exception("the answer of a turn of %s could not be stored", conversation_id)
        failed = Answer(answer.parse, answer.intent, failed="bot_down", stages_ms=answer.stages_ms)
        return await self._store.write(store_turn, conversation_id, asked, failed, rules=self._queue_rules, now=self._clock())

    def _report(self, conversation: Conversation, asked: list[Message], answer: Answer, change: Change) -> None:
        """One line and the metrics of a turn; no text."""
        owner = change.conversation.owner
        result = (
            "failed" if answer.failed else "silent" if answer.dialogue is None else "handed_off" if owner is Owner.QUEUE else "answered"
        )
        intent = (answer.parse or {}).get("intent") or {}
        for stage, value in answer.stages_ms.items():
            self._metrics.turns.labels(stage.removesuffix("_ms")).observe(value / 1000)
        if answer.parse is not None and answer.parse.get("source", TEXT) == TEXT:
            self._metrics.confidence.observe(float(intent.get("confidence") or 0))
            self._metrics.kb_hits.labels(str(answer.parse.get("answer_band"))).inc()
        if answer.failed or answer.intent == "nlu_fallback":
            self._metrics.fallbacks.labels(answer.failed or "not_understood").inc()
        for command in answer.dialogue.commands if answer.dialogue else ():
            self._count(command)
        if change.moved and owner is Owner.QUEUE:
            self._metrics.handoffs.labels(_reason(change)).inc()
        logger.debug("asked", extra={"conversation": conversation.id, "text": masked(asked[-1].text)})
        logger.info(
            "turn",
            extra={
                "conversation": conversation.id, "channel": conversation.channel, "messages": len(asked), "result": result,
                "intent": intent.get("name"), "handed": answer.intent, "confidence": intent.get("confidence"), **answer.stages_ms,
            },
        )  # fmt: skip

    def _count(self, command: Mapping[str, Any]) -> None:
        if command.get("type") == "fallback" and command.get("step") in STEPS:
            self._metrics.fallback_steps.labels(command["step"]).inc()
        elif command.get("type") == "open_ticket":
            self._metrics.feedback.labels(feedback_class(str(command.get("kind")))).inc()

    def _lock(self, name: str) -> asyncio.Lock:
        return self._locks.setdefault(name, asyncio.Lock())

    async def _to_the_end(self, work: Coroutine[Any, Any, T]) -> T:
        return await asyncio.shield(self._in_background(work))

    def _in_background(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task


def _joinable(conversation: Conversation, message: Message) -> bool:
    return conversation.channel == WEB and message.kind == TEXT


def _reload(db: Connection, message: Message) -> Message:
    return messages.by_seq(db, message.conversation_id, message.seq) or message


def _reason(change: Change) -> str:
    customs = (message.body.get("custom") or {} for message in change.messages)
    return next((str(custom["reason"]) for custom in customs if custom.get("type") == "handoff"), "requested")
