"""Tells clients and agents what a transaction changed; everything here happens after it is stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from bot.core.ownership import Owner
from server.clock import Clock, Desk
from server.handover import QueueRules, owner_fields, waiting_positions
from server.hub import Hub, desk_topic
from server.metrics import Metrics
from server.rows import rows
from server.shapes import message_event, owner_event
from server.store import handoffs, people
from server.store.database import Store
from server.store.records import SHOPPER, Conversation
from server.transcript import Change

_WITH_PEOPLE = (Owner.QUEUE, Owner.AGENT)


class Publisher:
    """One for the process: it remembers which place in the queue each waiting shopper was last told."""

    def __init__(self, store: Store, hub: Hub, rules: QueueRules, metrics: Metrics, *, clock: Clock) -> None:
        self._store = store
        self._hub = hub
        self._rules = rules
        self._metrics = metrics
        self._clock = clock
        self._told: dict[str, int] = {}
        self.desk_id = int(clock() * 1000)
        """Number of the last event for the agents; starts at the time, so that it never repeats after a restart."""

    async def publish(self, change: Change) -> None:
        """Send the messages, the change of owner, and what it means for the others who wait."""
        conversation = change.conversation
        for message in change.messages:
            self._metrics.messages.labels(conversation.channel, message.author).inc()
            event = message_event(message, conversation, self._rules.desk)
            if not message.private:
                self._hub.publish(conversation.id, event)
            if change.moved or conversation.owner in _WITH_PEOPLE:
                own_id = {"message_id": event["id"]} if "id" in event else {}
                self.to_desk(conversation.fixture_id, {**event, **own_id, "conversation": conversation.id})
        if change.moved or change.handoff_ids:
            await self._announce(change)

    def typing(self, conversation: Conversation, author: str) -> None:
        """Passing: not stored, not sent again to who reconnects."""
        if author != SHOPPER:
            self._hub.publish(conversation.id, {"type": "typing", "from": author})
        if conversation.owner in _WITH_PEOPLE:
            self.to_desk(conversation.fixture_id, {"type": "typing", "conversation": conversation.id, "from": author})

    async def _announce(self, change: Change) -> None:
        conversation = change.conversation
        queue, names, changed = await self._store.read(
            _situation, conversation, change.handoff_ids, desk=self._rules.desk, now=self._clock()
        )
        if change.moved and conversation.owner is not Owner.QUEUE:
            self._told.pop(conversation.id, None)
            self.tell_owner(conversation, None, names.get(conversation.agent_id or ""))
        for row in changed:
            self.to_desk(conversation.fixture_id, {"type": "handoff", "handoff": row})
        self._tell_queue(queue)

    def _tell_queue(self, queue: dict[str, int]) -> None:
        for conversation_id, position in queue.items():
            if self._told.get(conversation_id) != position:
                self._told[conversation_id] = position
                fields = owner_fields(Owner.QUEUE, position, None, self._rules)
                self._hub.publish(conversation_id, owner_event(Owner.QUEUE, **fields))

    def tell_owner(self, conversation: Conversation, position: int | None, agent_name: str | None) -> None:
        fields = owner_fields(conversation.owner, position, agent_name, self._rules)
        self._hub.publish(conversation.id, owner_event(conversation.owner, **fields))

    def to_desk(self, fixture_id: str | None, event: dict[str, Any]) -> None:
        """Send an event to the agents of a pool, with the next number."""
        self.desk_id += 1
        self._hub.publish(desk_topic(fixture_id), {**event, "id": self.desk_id})


def _situation(
    db: Connection, conversation: Conversation, handoff_ids: list[str], *, desk: Desk, now: float
) -> tuple[dict[str, int], dict[str, str], list[dict[str, Any]]]:
    """The queue's places, agents' names, and the rows of the hand-offs that changed."""
    changed = [found for handoff_id in handoff_ids if (found := handoffs.get(db, handoff_id))]
    waiting = waiting_positions(db, conversation.fixture_id)
    return waiting, people.agent_names(db), rows(db, changed, desk=desk, now=now)
