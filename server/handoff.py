"""What people do with conversations: accept, write, transfer, give back, close. Every step is one transaction, then published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection

from bot.core import sla
from bot.core.errors import Conflict, Forbidden, NotFound
from bot.core.messages import Reply
from bot.core.ownership import Owner, Transition
from server import tickets, wording
from server.clock import Clock
from server.complaints import complaints
from server.handover import QueueRules, open_handoff
from server.metrics import Metrics
from server.publisher import Publisher
from server.store import conversations, handoffs, messages
from server.store.database import Store
from server.store.records import ACTIVE, AGENT, AGENT_ID_SEPARATOR, CLOSED, QUEUED, Agent, Conversation, Handoff, Message
from server.transcript import Change, Transcript

MAY_OVERRIDE = ("supervisor", "admin")
"""Roles that may act on a conversation which somebody else holds."""


class HandoffService:
    def __init__(self, store: Store, publisher: Publisher, rules: QueueRules, *, clock: Clock, metrics: Metrics) -> None:
        self._store = store
        self._publisher = publisher
        self._rules = rules
        self._clock = clock
        self._metrics = metrics

    async def accept(self, handoff_id: str, agent: Agent) -> None:
        """Take a waiting conversation; accepting again what one holds is no error. Raises `Conflict` when it is taken."""
        change = await self._step(_accept, handoff_id, agent)
        if change.moved:
            handoff = await self.get(handoff_id, agent)
            self._metrics.queue_wait.observe((handoff.accepted_at or handoff.queued_at) - handoff.queued_at)

    async def transfer(self, handoff_id: str, agent: Agent, *, skill: str | None, to: str | None, note: str | None) -> None:
        """Back into the queue for another skill or colleague; whoever held it is free at once."""
        await self._step(_transfer, handoff_id, agent, skill=skill, to=to, note=note)

    async def give_back(self, handoff_id: str, agent: Agent, *, note: str | None) -> None:
        await self._step(_give_back, handoff_id, agent, note=note)

    async def close(self, handoff_id: str, agent: Agent, *, outcome: str, note: str | None) -> None:
        change = await self._step(_close, handoff_id, agent, outcome=outcome, note=note)
        await self._count_breach(change, "solve")

    async def say(self, conversation_id: str, agent: Agent, *, message_id: str, text: str, private: bool) -> Message:
        """A message of a person. It takes the conversation at once, unless it is a private note.

        Stored once per `message_id`; raises `Conflict` for the same id with another text, or when a colleague holds the conversation.
        """
        message, change = await self._store.write(_say, conversation_id, agent, message_id, text, private, self._clock())
        if change is not None:
            await self._publisher.publish(change)
            if not private:
                await self._count_breach(change, "first_reply")
        return message

    async def get(self, handoff_id: str, agent: Agent) -> Handoff:
        """The hand-off if this agent may see it; raises `NotFound`."""
        return (await self._store.read(visible, handoff_id, agent))[0]

    async def requeue_left(self, lease_s: float) -> None:
        """Conversations whose agent gave no sign of life for `lease_s` wait again, with their place by age."""
        for handoff in await self._store.read(handoffs.unseen_since, self._clock() - lease_s):
            await self._quietly(handoff, ACTIVE, _requeue)

    async def return_unaccepted(self, after_s: float) -> None:
        """The bot takes back what nobody accepted in time; a ticket makes sure that it is not forgotten."""
        for handoff in await self._store.read(handoffs.waiting_before, self._clock() - after_s):
            await self._quietly(handoff, QUEUED, _time_out, self._rules)

    async def return_after_outage(self) -> None:
        """The bot is back: it takes back what was handed over only because it was away and what nobody accepted."""
        for handoff in await self._store.read(handoffs.waiting_for_bot):
            await self._quietly(handoff, QUEUED, _back_from_outage)

    async def _step(self, step: Callable[..., None], handoff_id: str, agent: Agent, **details: Any) -> Change:
        change = await self._store.write(_with_transcript, step, handoff_id, agent, self._clock(), details)
        await self._publisher.publish(change)
        return change

    async def _quietly(self, handoff: Handoff, state: str, step: Callable[..., None], *more: Any) -> None:
        """A step of the system itself; skipped when somebody was faster."""
        change = await self._store.write(_if_still, handoff.id, state, step, self._clock(), more)
        if change is not None:
            await self._publisher.publish(change)

    async def _count_breach(self, change: Change, clock: str) -> None:
        for handoff_id in change.handoff_ids:
            handoff = await self._store.read(handoffs.get, handoff_id)
            if handoff is not None and self._is_late(handoff, change.conversation, clock):
                self._metrics.sla_breaches.labels(handoff.priority, clock).inc()

    def _is_late(self, handoff: Handoff, conversation: Conversation, clock: str) -> bool:
        minutes = sla.BY_PRIORITY[handoff.priority]
        limit = minutes.first_reply_min if clock == "first_reply" else minutes.solve_min
        done = handoff.first_reply_at if clock == "first_reply" else handoff.closed_at
        if done is None:
            return False
        desk, shift_s = self._rules.desk, conversation.clock_shift_s
        return desk.local(done, shift_s) > desk.calendar.add(desk.local(handoff.queued_at, shift_s), limit)


def visible(db: Connection, handoff_id: str, agent: Agent) -> tuple[Handoff, Conversation]:
    """A hand-off and its conversation; `NotFound` also for those of another pool."""
    handoff = handoffs.get(db, handoff_id)
    if handoff is None or handoff.fixture_id != agent.fixture_id:
        raise NotFound("there is no such hand-off")
    return handoff, conversations.get(db, handoff.conversation_id)


def visible_conversation(db: Connection, conversation_id: str, agent: Agent) -> Conversation:
    conversation = conversations.get(db, conversation_id)
    if conversation.fixture_id != agent.fixture_id:
        raise NotFound("there is no such conversation")
    return conversation


def _with_transcript(
    db: Connection, step: Callable[..., None], handoff_id: str, agent: Agent, now: float, details: dict[str, Any]
) -> Change:
    handoff, conversation = visible(db, handoff_id, agent)
    transcript = Transcript(db, conversation, now=now)
    step(transcript, handoff, agent, **details)
    return transcript.save()


def _if_still(db: Connection, handoff_id: str, state: str, step: Callable[..., None], now: float, more: tuple[Any, ...]) -> Change | None:
    handoff = handoffs.get(db, handoff_id)
    if handoff is None or handoff.state != state:
        return None
    transcript = Transcript(db, conversations.get(db, handoff.conversation_id), now=now)
    step(transcript, handoff, *more)
    return transcript.save()


def _accept(transcript: Transcript, handoff: Handoff, agent: Agent) -> None:
    if handoff.state == ACTIVE and handoff.agent_id == agent.id:
        return
    now = transcript.now
    taken = handoffs.change(transcript.db, handoff.id, only_in=QUEUED, state=ACTIVE, agent_id=agent.id, accepted_at=now, seen_at=now)
    if not taken:
        raise Conflict("this conversation has been taken already" if handoff.state == ACTIVE else "this hand-off is closed")
    _join(transcript, handoff, agent)


def _join(transcript: Transcript, handoff: Handoff, agent: Agent) -> None:
    transcript.touches(handoff.id)
    transcript.move(Transition.ACCEPT, by=_actor(agent), agent_id=agent.id, handoff_id=handoff.id)
    transcript.notice(wording.notice("joined", transcript.conversation.language, agent=agent.name))


def _transfer(transcript: Transcript, handoff: Handoff, agent: Agent, *, skill: str | None, to: str | None, note: str | None) -> None:
    _may_act(handoff, agent)
    if handoff.state != ACTIVE:
        raise Conflict(f"only an accepted hand-off can be transferred; this one is {handoff.state}")
    wanted = skill or handoff.skill
    _queue_again(transcript, handoff, wanted_agent=to, skill=wanted)
    transcript.move(Transition.HAND_OFF, by=_actor(agent), agent_id=None)
    if note:
        transcript.add(AGENT, {"text": note}, author_name=agent.name, private=True)
    transcript.notice(wording.notice("transferred", transcript.conversation.language))


def _give_back(transcript: Transcript, handoff: Handoff, agent: Agent, *, note: str | None) -> None:
    _may_act(handoff, agent)
    _end(transcript, handoff, "returned", note)
    transcript.move(Transition.RETURN, by=_actor(agent), agent_id=None, handoff_id=None)
    transcript.notice(wording.notice("returned", transcript.conversation.language))


def _close(transcript: Transcript, handoff: Handoff, agent: Agent, *, outcome: str, note: str | None) -> None:
    _may_act(handoff, agent)
    _end(transcript, handoff, outcome, note)
    transcript.move(Transition.CLOSE, by=_actor(agent))
    say_goodbye(transcript, "closed_by_agent")


def say_goodbye(transcript: Transcript, sentence: str) -> None:
    """The last words of a closed conversation, and the request for a rating."""
    language = transcript.conversation.language
    transcript.notice(wording.notice(sentence, language))
    transcript.notice(wording.notice("rating_request", language, {"type": "rating_request"}))


def _end(transcript: Transcript, handoff: Handoff, outcome: str, note: str | None) -> None:
    if handoff.state == CLOSED:
        raise Conflict("this hand-off is closed already")
    handoffs.change(transcript.db, handoff.id, state=CLOSED, closed_at=transcript.now, outcome=outcome, note=note)
    transcript.touches(handoff.id)


def _may_act(handoff: Handoff, agent: Agent) -> None:
    if handoff.agent_id != agent.id and agent.role not in MAY_OVERRIDE:
        raise Forbidden("only who holds the conversation, or a supervisor, may do this")


def _say(
    db: Connection, conversation_id: str, agent: Agent, message_id: str, text: str, private: bool, now: float
) -> tuple[Message, Change | None]:
    conversation = visible_conversation(db, conversation_id, agent)
    own_id = f"{agent.id}{AGENT_ID_SEPARATOR}{message_id}"
    known = messages.by_message_id(db, conversation_id, AGENT, own_id)
    if known is not None:
        if known.text != text or known.private != private:
            raise Conflict("this id was used for another message", field="id")
        return known, None
    transcript = Transcript(db, conversation, now=now)
    if not private:
        _hold(transcript, agent)
        _note_first_reply(transcript)
    message = transcript.add(AGENT, {"text": text}, message_id=own_id, author_name=agent.name, private=private)
    return message, transcript.save()


def _hold(transcript: Transcript, agent: Agent) -> None:
    """Make the agent the owner (DESIGN: a human message takes ownership at once)."""
    conversation = transcript.conversation
    if conversation.owner is Owner.AGENT:
        if conversation.agent_id != agent.id:
            raise Conflict("a colleague holds this conversation")
    elif conversation.owner is Owner.QUEUE and conversation.handoff_id is not None:
        handoff = handoffs.get(transcript.db, conversation.handoff_id)
        assert handoff is not None
        _accept(transcript, handoff, agent)
    else:
        now = transcript.now
        fields = {"agent_id": agent.id, "accepted_at": now, "seen_at": now}
        _join(transcript, open_handoff(transcript, state=ACTIVE, reason="policy", **fields), agent)


def _note_first_reply(transcript: Transcript) -> None:
    handoff_id = transcript.conversation.handoff_id
    handoff = handoffs.get(transcript.db, handoff_id) if handoff_id else None
    if handoff is not None and handoff.first_reply_at is None:
        handoffs.change(transcript.db, handoff.id, first_reply_at=transcript.now)
        transcript.touches(handoff.id)


def _requeue(transcript: Transcript, handoff: Handoff) -> None:
    _queue_again(transcript, handoff)
    transcript.move(Transition.HAND_OFF, by="system", agent_id=None)
    transcript.notice(wording.notice("agent_gone", transcript.conversation.language))


def _queue_again(transcript: Transcript, handoff: Handoff, **changes: Any) -> None:
    """Nobody holds it any more. Its place is that of its age, its patience begins anew."""
    fields = {"agent_id": None, "waiting_since": transcript.now, **changes}
    handoffs.change(transcript.db, handoff.id, state=QUEUED, **fields)
    transcript.touches(handoff.id)


def _time_out(transcript: Transcript, handoff: Handoff, rules: QueueRules) -> None:
    told = complaints(transcript.db, handoff)
    ticket = tickets.note_for_later(transcript, rules.desk, detail=handoff.summary or handoff.reason, told=told)
    shown = tickets.card(ticket, transcript.conversation, rules.desk)
    reply = wording.notice("queue_timeout", transcript.conversation.language, shown, ticket_no=ticket.ticket_no)
    back_to_bot(transcript, handoff, "timed_out", reply)


def _back_from_outage(transcript: Transcript, handoff: Handoff) -> None:
    back_to_bot(transcript, handoff, handoffs.BOT_BACK, wording.notice("bot_back", transcript.conversation.language))


def back_to_bot(transcript: Transcript, handoff: Handoff, outcome: str, reply: Reply, *, by: str = "system", **fields: Any) -> None:
    """The bot goes on; `fields` are further columns of the notice."""
    _end(transcript, handoff, outcome, None)
    transcript.move(Transition.RETURN, by=by, agent_id=None, handoff_id=None)
    transcript.notice(reply, **fields)


def _actor(agent: Agent) -> str:
    return f"agent:{agent.id}"


def close_idle(db: Connection, conversation_id: str, before: float, now: float) -> Change | None:
    """End a conversation that the bot holds and that has been silent since `before`; None when somebody spoke meanwhile."""
    conversation = conversations.get(db, conversation_id)
    if conversation.owner is not Owner.BOT or conversation.active_at >= before:
        return None
    transcript = Transcript(db, conversation, now=now)
    transcript.move(Transition.CLOSE, by="system")
    say_goodbye(transcript, "idle")
    return transcript.save()
