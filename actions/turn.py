"""What an action knows of the turn: the parse that came with the message, who is asking, and the slots."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker

from actions.places import is_place, place_in
from bot.core.pages import page_order, page_sku

_EARLIER = 10
_NOT = re.compile(
    r"(?:(?<!是)(?:不是|并非)|没有?(?:买过?|说)|谁(?:问|说|要|提)|\bnot)"
    r"(?:什么|说|退|换|你|[那这]|[个件双条款]|我?的|\s|\b(?:the|my|a|an)\b)*$",
    re.IGNORECASE,
)
"""What stands before a product that is not meant: 不是那件羽绒服."""
_BUT = re.compile(r"(?:那|这)?(?:一?[个单件条])?[，,。\s]*(?:而是|是|but\b)", re.IGNORECASE)
"""What follows it when another one is named instead."""


@dataclass(frozen=True)
class Said:
    """An earlier message of the shopper, with what was understood, and the products and the address that it names."""

    intent: str
    text: str
    products: Sequence[str] = ()
    address: str | None = None


@dataclass(frozen=True)
class Turn:
    """One shopper's message as an action sees it (docs/design.md, server → dialogue).

    `now` is aware and in the shop's time zone; `shopper_id` is None for an anonymous shopper; `ranking` is the classifier's and `hits` are
    knowledge hits with `score` 0–1, both best first; `wants` are the intents of the parts of the message, in order; `source` is `text`,
    `button` or `upload`; `page` is where the shopper is, such as `order:20261120000012` or `sku:10101`; `previous_id` is the message
    before this one; `said_before` are the bot's messages of the turn before (`text`, `buttons`, `custom`); `earlier` are the last messages
    that the shopper typed before this one, oldest first; `denied` are the products among the entities of the message that it says it is
    not about, and `entities` are the others; `pictured` says that this message or one of the last ten was a picture; `told_ticket` that
    the turn before told of a ticket.
    """

    conversation: str
    message_id: str
    text: str
    intent: str
    confidence: float
    ranking: Sequence[Mapping[str, Any]]
    entities: Sequence[Mapping[str, Any]]
    hits: Sequence[Mapping[str, Any]]
    band: str
    mood: str
    language: str
    complaint_class: str | None
    wants: Sequence[str]
    source: str
    now: datetime
    shopper_id: str | None
    level: str | None
    client: str | None
    page: str | None
    previous_id: str | None
    reason: str | None
    slots: Mapping[str, Any]
    active_form: str | None
    requested_slot: str | None
    said_before: Sequence[Mapping[str, Any]]
    earlier: Sequence[Said]
    denied: Sequence[Mapping[str, Any]]
    pictured: bool
    told_ticket: bool

    @classmethod
    def of(cls, tracker: Tracker) -> Turn:
        parse = tracker.latest_message or {}
        user, before = _last_two_messages(tracker)
        about = (user.get("metadata") or {}).get("turn") or {}
        denied = _denied(parse)
        shopper = about.get("shopper") or {}
        turn = cls(
            conversation=tracker.sender_id,
            message_id=_message_id(user) or "",
            text=parse.get("text") or "",
            intent=(parse.get("intent") or {}).get("name") or "",
            confidence=float((parse.get("intent") or {}).get("confidence") or 0.0),
            ranking=parse.get("intent_ranking") or [],
            entities=[e for e in parse.get("entities") or [] if e.get("extractor") != "server" and e not in denied],
            hits=parse.get("retrieval") or [],
            band=parse.get("answer_band") or "refuse",
            language=about.get("language") or tracker.slots.get("language") or "zh",
            mood=(parse.get("sentiment") or {}).get("label") or "calm",
            complaint_class=parse.get("complaint_class"),
            wants=[str(segment["intent"]) for segment in parse.get("segments") or []],
            source=about.get("source", "text"),
            now=datetime.fromisoformat(about["now"]) if about.get("now") else datetime.now().astimezone(),
            shopper_id=shopper.get("id"),
            level=shopper.get("level"),
            client=about.get("client"),
            page=about.get("page"),
            previous_id=_message_id(before),
            reason=about.get("reason"),
            slots=tracker.slots,
            active_form=(tracker.active_loop or {}).get("name"),
            requested_slot=tracker.slots.get("requested_slot"),
            said_before=_said_before(tracker),
            earlier=_earlier(tracker),
            denied=denied,
            pictured=_pictured(tracker),
            told_ticket=_told_ticket(tracker),
        )
        return _as_tapped(turn) if turn.source == "text" and turn.active_form else turn

    @property
    def page_sku(self) -> str | None:
        """The product whose page the shopper is looking at."""
        return page_sku(self.page)

    @property
    def page_order(self) -> str | None:
        """The order whose page the shopper is looking at."""
        return page_order(self.page)

    @property
    def focus(self) -> str | None:
        """The order the talk is about: the one of the page when it was opened after another was spoken of."""
        spoken_of = self.slot("focus_order")
        turned = self.page_order is not None and self.page_order != self.slot("focus_page")
        return self.page_order if turned or spoken_of is None else str(spoken_of)

    def values(self, entity: str) -> list[str]:
        """Normalised values of an entity type, in the order in which they were typed."""
        return [str(e["value"]) for e in self.entities if e["entity"] == entity and e.get("value") not in (None, "")]

    def value(self, entity: str) -> str | None:
        found = self.values(entity)
        return found[0] if found else None

    def slot(self, name: str) -> Any:
        return self.slots.get(name)


_ANSWER = re.compile(r"/(?P<intent>inform|affirm|deny)(?P<values>\{.*\})?", re.DOTALL)


def _as_tapped(turn: Turn) -> Turn:
    """An answer's button that was typed, by its title or its place (同款新的, 第二个), is the button that was tapped."""
    buttons = [button for said in turn.said_before for button in said["buttons"] or ()]
    offered = [(str(b["title"]), found) for b in buttons if (found := _ANSWER.fullmatch(str(b["payload"])))]
    typed = turn.text.strip().rstrip("。.!！~吧 ").casefold()
    meant = [found for title, found in offered if title.casefold() == typed]
    place = place_in(turn.text) if is_place(turn.text) and turn.requested_slot != "rating" else None
    if place and not meant:  # a place says which, never yes or no
        meant = [found for _, found in offered if found["intent"] == "inform"][place - 1 : place]
    if len(meant) != 1:
        return turn
    values = json.loads(meant[0]["values"] or "{}")
    entities = [{"entity": name, "value": value} for name, value in values.items()]
    return replace(turn, intent=meant[0]["intent"], entities=entities, confidence=1.0, source="button")


def _last_two_messages(tracker: Tracker) -> list[Mapping[str, Any]]:
    said = [event for event in tracker.events if event.get("event") == "user"]
    return [*reversed(said[-2:]), {}, {}][:2]


def is_denied(text: str, word: str) -> bool:
    """Whether a word stands in a text only behind a "not", or in a "not this but that": 羽绒服 in 不是羽绒服 是被子."""
    parts = re.split(re.escape(word), text, flags=re.IGNORECASE)
    behind = [bool(_NOT.search(before)) for before in parts[:-1]]
    return bool(behind) and (all(behind) or any(no and _BUT.match(after) for no, after in zip(behind, parts[1:], strict=True)))


def _denied(parse: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """What arrived and is not what was ordered is a product all the same."""
    if ((parse.get("intent") or {}).get("name") or "").startswith("report_"):
        return []
    products = [e for e in parse.get("entities") or [] if e.get("entity") == "product" and e.get("value")]
    return [e for e in products if is_denied(parse.get("text") or "", str(e["value"]))]


def _values(parse: Mapping[str, Any], entity: str) -> list[str]:
    return [str(e["value"]) for e in parse.get("entities") or [] if e.get("entity") == entity and e.get("value")]


def _message_id(user: Mapping[str, Any]) -> str | None:
    about = (user.get("metadata") or {}).get("turn") or {}
    return about.get("message_id") or user.get("message_id")


def _earlier(tracker: Tracker) -> list[Said]:
    typed = [event for event in tracker.events if event.get("event") == "user"][-_EARLIER - 1 : -1]
    parsed = [event.get("parse_data") or {} for event in typed]
    return [
        Said(
            (parse.get("intent") or {}).get("name") or "",
            str(parse.get("text") or ""),
            _values(parse, "product"),
            next(iter(_values(parse, "address")), None),
        )
        for parse in parsed
        if parse.get("source", "text") == "text" and parse.get("text")
    ]


def _pictured(tracker: Tracker) -> bool:
    said = [event for event in tracker.events if event.get("event") == "user"][-_EARLIER - 1 :]
    return any(e.get("entity") == "image" for event in said for e in (event.get("parse_data") or {}).get("entities") or [])


def _bot_before(tracker: Tracker) -> list[Mapping[str, Any]]:
    """What the bot said, and told the server to do, between the last two messages of the shopper."""
    asked = [i for i, event in enumerate(tracker.events) if event.get("event") == "user"]
    between = tracker.events[asked[-2] : asked[-1]] if len(asked) > 1 else []
    return [event for event in between if event.get("event") == "bot"]


def _told_ticket(tracker: Tracker) -> bool:
    done = [((event.get("data") or {}).get("custom") or {}).get("command") or {} for event in _bot_before(tracker)]
    return any(command.get("type") in ("open_ticket", "ticket_status") for command in done)


def _said_before(tracker: Tracker) -> list[dict[str, Any]]:
    """The bot's messages between the last two messages of the shopper, without commands and without "once more:"."""
    said = [
        {"text": e.get("text"), "buttons": (e.get("data") or {}).get("buttons"), "custom": (e.get("data") or {}).get("custom")}
        for e in _bot_before(tracker)
        if (e.get("metadata") or {}).get("utter_action") != "utter_repeat"
    ]
    return [one for one in said if one["text"] or (one["custom"] and "command" not in one["custom"])]
