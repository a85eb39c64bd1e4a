"""The context packet: everything a person needs to go on where the bot stopped (contract: Agents)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from bot.core.bands import ANSWER, REFUSE
from bot.core.intents import DIALOGUE_ACTS
from server import tickets as ticket_cards
from server.clock import Desk
from server.complaints import complaints
from server.console.words import intent_of, suggested_reply, summary, with_complaints
from server.handoff import visible
from server.rows import row
from server.shapes import message_event
from server.shop_client import Snapshot
from server.store import messages, tickets
from server.store.records import BOT, SHOPPER, Agent, Conversation, Message

_ARTICLES = 3
_INNER_SLOTS = (
    "language",
    "mood",
    "fallback_step",
    "spare_suggestions",
    "amends",
    "offered",
    "confirm",
    "form_instance",
    "frozen",
    "requested_slot",
    "last_action_text",
)
_TRANSCRIPT = 500


@dataclass(frozen=True)
class Draft:
    """A packet without what only the shop knows."""

    packet: dict[str, Any]
    conversation: Conversation
    asked: list[Message]

    def with_snapshot(self, snapshot: Snapshot) -> dict[str, Any]:
        """The packet with order, parcel and refund as the shop shows them now; that the shop showed the order is a verified fact."""
        packet, facts = self.packet, self.packet["facts"]
        if snapshot.order is not None:
            facts = [*facts, {"name": "order", "value": snapshot.order["order_id"], "verified": True, "by": "shop"}]
        articles = packet["articles"]
        sure = articles and articles[0]["band"] == ANSWER
        return {
            **packet,
            "facts": facts,
            "shopper": {**packet["shopper"], **(snapshot.contact or {})},
            "order": snapshot.order,
            "parcel": snapshot.parcel,
            "refund": snapshot.refund,
            "suggested_reply": suggested_reply(self.asked, snapshot, articles[0]["answer"] if sure else None),
        }

    @property
    def order_in_question(self) -> str | None:
        """The order that the dialogue was about, else the last one that was named."""
        slots = self.packet["slots"]
        named = [entity["value"] for entity in self.packet["entities"] if entity["entity"] == "order_id"]
        return slots.get("focus_order") or slots.get("order_id") or (named[-1] if named else None)


def build(db: Connection, handoff_id: str, agent: Agent, *, desk: Desk, now: float) -> Draft:
    """Raises `NotFound` for a hand-off that this agent does not see."""
    handoff, conversation = visible(db, handoff_id, agent)
    transcript = messages.newest(db, conversation.id, limit=_TRANSCRIPT)
    asked = [message for message in transcript if message.author == SHOPPER]
    packet = {
        **row(db, handoff_id, desk=desk, now=now),
        "transcript": [_line(message, conversation, desk) for message in transcript],
        "summary": with_complaints(handoff.summary or summary(handoff, conversation, asked), complaints(db, handoff, answered=True)),
        "facts": _facts(conversation),
        "entities": _entities(asked),
        "slots": {name: value for name, value in conversation.slots.items() if name not in _INNER_SLOTS},
        "shopper": _shopper(db, conversation, desk),
        "sentiment": [_mood(message) for message in asked if message.parse],
        "tried": [_try(message, transcript) for message in asked if message.outcome and message.outcome.get("intent")],
        "complaint_class": _latest(asked, "complaint_class"),
        "articles": _articles(asked),
    }
    return Draft(packet, conversation, asked)


def note_reading(db: Connection, conversation_id: str, agent: Agent, now: float) -> None:
    """A line of the audit trail: who has read what a shopper wrote."""
    tickets.record(db, now=now, actor=f"agent:{agent.id}", action="read", conversation_id=conversation_id)


def _line(message: Message, conversation: Conversation, desk: Desk) -> dict[str, Any]:
    line = message_event(message, conversation, desk)
    if message.parse is not None:
        intent = message.parse.get("intent") or {}
        mood = (message.parse.get("sentiment") or {}).get("label")
        line["parse"] = {"intent": intent.get("name"), "confidence": intent.get("confidence"), "sentiment": mood}
    return line


def _facts(conversation: Conversation) -> list[dict[str, Any]]:
    if conversation.shopper_id is None:
        return [{"name": "shopper", "value": "anonymous", "verified": False}]
    return [{"name": "shopper", "value": conversation.shopper_id, "verified": True, "by": "token"}]


def _entities(asked: Sequence[Message]) -> list[dict[str, Any]]:
    """Every value that was said, once, with the message it was said in."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for message in asked:
        for entity in (message.parse or {}).get("entities") or []:
            key = (str(entity.get("entity")), str(entity.get("value")))
            found.setdefault(key, {"entity": key[0], "value": entity.get("value"), "seq": message.seq})
    return list(found.values())


def _shopper(db: Connection, conversation: Conversation, desk: Desk) -> dict[str, Any]:
    mine = tickets.of_shopper(db, conversation_id=conversation.id, shopper_id=conversation.shopper_id)
    tags = [tag for tag in (conversation.shopper_level, None if conversation.shopper_id else "anonymous") if tag]
    return {
        "id": conversation.shopper_id,
        "level": conversation.shopper_level,
        "tags": [*tags, *(["complained"] if any(ticket.kind == ticket_cards.COMPLAINT for ticket in mine) else [])],
        "tickets": [ticket_cards.card(ticket, conversation, desk) for ticket in mine],
    }


def _mood(message: Message) -> dict[str, Any]:
    mood = (message.parse or {}).get("sentiment") or {}
    return {"seq": message.seq, "label": mood.get("label"), "score": mood.get("score")}


def _try(message: Message, transcript: Sequence[Message]) -> dict[str, Any]:
    """What the bot did with one message, and what it said."""
    outcome = message.outcome or {}
    said = [reply.text for reply in transcript if reply.author == BOT and reply.turn_seq == message.seq and reply.text]
    action = next((name for name in outcome.get("actions") or []), None)
    return {
        "seq": message.seq, "intent": outcome.get("intent"), "action": action, "actions": outcome.get("actions") or [],
        "result": outcome.get("result"), "text": said[0][:200] if said else None,
    }  # fmt: skip


def _articles(asked: Sequence[Message]) -> list[dict[str, Any]]:
    """The hits of the latest question that had any, best first."""
    for message in reversed(asked):
        hits = (message.parse or {}).get("retrieval") or []
        if hits and intent_of(message) not in DIALOGUE_ACTS and (message.parse or {}).get("answer_band") != REFUSE:
            band = (message.parse or {}).get("answer_band")
            fields = ("id", "title", "answer", "score")
            return [{**{name: hit.get(name) for name in fields}, "band": band} for hit in hits[:_ARTICLES]]
    return []


def _latest(asked: Sequence[Message], name: str) -> Any:
    return next((value for message in reversed(asked) if (value := (message.parse or {}).get(name))), None)
