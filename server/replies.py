"""The second transaction of a turn: replies, owner, tickets, ratings and button tokens are stored together, or not at all."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from bot.core.messages import Reply
from bot.core.ownership import Owner, may_speak
from server import tickets, wording
from server.dialogue_client import DialogueTurn
from server.handover import QueueRules, hand_over
from server.store import conversations, handoffs, messages
from server.store import tickets as ticket_store
from server.store.records import AGENT, BOT, Conversation, Message
from server.transcript import Change, Transcript

logger = logging.getLogger(__name__)

_MOODS_KEPT = 5
_INNER_SLOTS = ("frozen", "requested_slot", "last_action_text", "suggested", "spare_suggestions")


@dataclass(frozen=True)
class Answer:
    """What a turn brought: the dialogue's turn, or `failed` with the reason for which the conversation is handed over.

    `outage`: it failed because a process was away, so that the bot may take it back once all answer.
    """

    parse: dict[str, Any] | None
    intent: str
    dialogue: DialogueTurn | None = None
    failed: str | None = None
    outage: bool = False
    stages_ms: dict[str, float] = field(default_factory=dict)


def store_turn(db: Connection, conversation_id: str, asked: Sequence[Message], answer: Answer, *, rules: QueueRules, now: float) -> Change:
    """Store what the bot answered to `asked`. When a person has taken the conversation meanwhile, it is a private note only."""
    conversation = conversations.get(db, conversation_id)
    transcript = Transcript(db, conversation, now=now)
    turn = {"turn_seq": asked[-1].seq}
    if not may_speak(conversation.owner, BOT):
        result = "silent"
        _keep_as_note(transcript, answer, turn)
    else:
        result = _speak(transcript, answer, rules, turn)
    outcome = {"result": result, "intent": answer.intent, "actions": _actions(answer), **answer.stages_ms}
    messages.finish(db, conversation_id, [message.seq for message in asked], parse=answer.parse, outcome=outcome)
    return transcript.save()


def _speak(transcript: Transcript, answer: Answer, rules: QueueRules, turn: dict[str, Any]) -> str:
    """Add the replies; returns the result that the transcript shows: answered, handed_off, or failed."""
    _learn(transcript, answer)
    if answer.dialogue is None:
        skill = _skill_of(transcript.conversation)
        command = {"reason": answer.failed, "priority": "high", "skill": skill, "outage": answer.outage}
        transcript.notice(hand_over(transcript, command, rules), **turn)
        return "failed"
    for message in answer.dialogue.messages:
        transcript.answer(message, **turn)
    for command in answer.dialogue.commands:
        reply = _obey(transcript, command, rules)
        if reply is not None:
            transcript.notice(reply, **turn)
    return "answered" if transcript.conversation.owner is Owner.BOT else "handed_off"


def _obey(transcript: Transcript, command: Mapping[str, Any], rules: QueueRules) -> Reply | None:
    """Carry out one command of the dialogue (docs/design.md: Commands)."""
    match command.get("type"):
        case "handoff" if transcript.conversation.owner is Owner.BOT:
            return hand_over(transcript, command, rules)
        case "open_ticket":
            return tickets.open_ticket(transcript, command, rules.desk)
        case "close_check":
            return tickets.close_check(transcript, command, rules.desk)
        case "ticket_status":
            return tickets.tell_status(transcript, command, rules.desk)
        case "rate":
            return rate(transcript, stars=command.get("stars"), text=command.get("text"))
        case "fallback":  # counted when the turn is reported
            return None
        case other:
            logger.error("the dialogue sent a command nobody carries out here: %r", other)
            return None


def rate(transcript: Transcript, *, stars: Any, text: Any) -> Reply:
    """Store a rating for whoever spoke last to the shopper, or the comment on one just given, and thank for it."""
    author = messages.last_speaker(transcript.db, transcript.conversation.id)
    held = handoffs.of_conversation(transcript.db, transcript.conversation.id) if author == AGENT else []
    explains = ticket_store.explain_rating(transcript.db, transcript.conversation.id, stars, text, now=transcript.now) if text else False
    if not explains and isinstance(stars, int) and 1 <= stars <= 5:
        ticket_store.add_rating(
            transcript.db,
            conversation_id=transcript.conversation.id,
            target=author,
            agent_id=held[-1].agent_id if held else None,
            stars=stars,
            text=str(text)[:4000] if text else None,
            now=transcript.now,
        )
    return wording.notice("rated", transcript.conversation.language)


def _learn(transcript: Transcript, answer: Answer) -> None:
    """Keep language, mood and dialogue state with the conversation."""
    conversation = transcript.conversation
    parse, dialogue = answer.parse or {}, answer.dialogue
    mood = (parse.get("sentiment") or {}).get("label") if parse.get("source", "text") == "text" else None
    if mood:
        transcript.change(moods=[*conversation.moods, mood][-_MOODS_KEPT:])
    if parse.get("language") and parse["language"] != conversation.language:
        transcript.change(language=parse["language"])
    if dialogue is not None:
        slots = {name: value for name, value in dialogue.slots.items() if name not in _INNER_SLOTS and value is not None}
        if any(command.get("type") == "handoff" for command in dialogue.commands):
            slots = {**conversation.slots, **slots}  # the dialogue has reset its forms; the people want to know what was in them
        transcript.change(slots=slots, active_form=dialogue.active_form, requested_slot=dialogue.requested_slot, needs_reset=False)


def _keep_as_note(transcript: Transcript, answer: Answer, turn: dict[str, Any]) -> None:
    for message in answer.dialogue.messages if answer.dialogue else ():
        if message.get("text"):
            transcript.add(BOT, {"text": message["text"]}, private=True, **turn)


def _skill_of(conversation: Conversation) -> str:
    form = conversation.active_form or ""
    return "logistics" if form.startswith("track") else "aftersale" if form else "presale"


def _actions(answer: Answer) -> list[str]:
    return [name for name in answer.dialogue.actions if name != "action_listen"] if answer.dialogue else []
