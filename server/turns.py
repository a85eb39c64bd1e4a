"""One turn: what is asked of `nlu`, what is handed to `dialogue`, and how long both are tried (docs/design.md: A turn)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from bot.core.bands import ANSWER
from bot.core.clauses import Clause, clauses
from bot.core.errors import Unavailable
from bot.core.messages import REQUEST_HUMAN, TEXT, UPLOAD
from bot.core.spoken import spoken_language
from bot.core.turns import Handed, TurnRules, intent_for_dialogue
from bot.core.waiting import left_to_answer
from server.buttons import control_parse, leaves_queue, parse_of
from server.clock import Desk
from server.dialogue_client import DialogueTurn
from server.nlu_client import NluRefused
from server.replies import Answer
from server.store.records import ButtonToken, Conversation, Message

logger = logging.getLogger(__name__)

T = TypeVar("T")

_HITS_KEPT = 3
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 1.0
_LEAST_TRY_S = 0.05
_ASIDE_S = 3.0
_LOOK_ROUND_S = 0.5
_OPEN_QUESTION = "confirm"
"""Who waits was asked whether to go on waiting: a yes or a no."""


class Nlu(Protocol):
    async def parse(self, text: str, *, timeout_s: float, about: Mapping[str, Any]) -> dict[str, Any]: ...


class Dialogue(Protocol):
    async def turn(self, request: dict[str, Any], *, timeout_s: float) -> DialogueTurn: ...


class Processes(Protocol):
    async def all_answer(self, *, timeout_s: float) -> bool: ...


@dataclass(frozen=True)
class Patience:
    """`deadline_s`: after this a turn without an answer is handed over; `try_s`: how long one attempt may take."""

    deadline_s: float
    try_s: float = 4.0


@dataclass(frozen=True)
class Asked:
    """What one turn answers: a message, or several short ones. `token` is that of a pressed button; `words` what is left to answer
    of messages that were partly for the server."""

    conversation: Conversation
    messages: Sequence[Message]
    token: ButtonToken | None = None
    words: str | None = None

    @property
    def last(self) -> Message:
        return self.messages[-1]

    @property
    def text(self) -> str:
        return "\n".join(message.text for message in self.messages) if self.words is None else self.words

    @property
    def language(self) -> str | None:
        """That of the conversation so far, else what the shopper's page says."""
        return self.conversation.language or (self.last.input or {}).get("language")


class TurnRunner:
    """Asks the two processes; never touches the database."""

    def __init__(self, nlu: Nlu, dialogue: Dialogue, processes: Processes, *, rules: TurnRules, patience: Patience, desk: Desk) -> None:
        self._nlu = nlu
        self._dialogue = dialogue
        self._processes = processes
        self._rules = rules
        self._patience = patience
        self._desk = desk

    async def answer(self, asked: Asked, *, now: float) -> Answer:
        """The bot's answer; a part that stays silent until the deadline gives an answer with `failed` set."""
        began = time.monotonic()
        deadline = began + self._patience.deadline_s
        try:
            parse = await self._understand(asked, now, deadline)
        except Unavailable:
            return await self._failed(None, "", "bot_down", began)
        understood = time.monotonic()
        handed = self._handed(asked, parse)
        try:
            dialogue = await self._persist(self._sender(asked, parse, handed, now), self._deadline_of(handed, deadline))
        except Unavailable:
            return await self._failed(parse, handed.intent, _reason_of_failure(asked.conversation, handed), began)
        inner = {f"{part}_ms": float(took) for part, took in dialogue.spent_ms.items()}
        stages = {"nlu_ms": _ms(began, understood), "dialogue_ms": _ms(understood), **inner, "total_ms": _ms(began)}
        return Answer(parse, handed.intent, dialogue, stages_ms=stages)

    async def _failed(self, parse: dict[str, Any] | None, intent: str, reason: str, began: float) -> Answer:
        """A turn that no process could answer, or that failed although all of them are there: then waiting does not help."""
        outage = reason == "bot_down" and not await self._processes.all_answer(timeout_s=_LOOK_ROUND_S)
        return Answer(parse, intent, failed=reason, outage=outage, stages_ms={"total_ms": _ms(began)})

    async def understand(self, asked: Asked, *, now: float) -> dict[str, Any] | None:
        """The parse alone, for a message that people answer; None when `nlu` does not give one soon."""
        try:
            return await self._understand(asked, now, time.monotonic() + _ASIDE_S)
        except Unavailable:
            return None

    async def left_to_answer(self, asked: Asked, *, now: float) -> str | None:
        """What is left to answer of a message that gives up waiting for a person, "" for nothing; None when it does not."""
        if asked.token is not None:
            return "" if leaves_queue(asked.token) else None
        if asked.last.kind != TEXT:
            return None
        understood: list[tuple[Clause, str]] = []
        for clause in clauses(asked.text):
            waiting = replace(asked.conversation, requested_slot=_OPEN_QUESTION)
            parse = await self.understand(replace(asked, conversation=waiting, words=clause.text), now=now)
            if parse is None:
                break
            understood.append((clause, str(parse["intent"]["name"])))
        return left_to_answer(asked.text, understood)

    async def _understand(self, asked: Asked, now: float, deadline: float) -> dict[str, Any]:
        last = asked.last
        if last.kind == REQUEST_HUMAN:
            return control_parse("request_human", asked.text, language=asked.language, source="button")
        if last.kind == UPLOAD:
            return _parse_of_upload(last, asked.language)
        if asked.token is not None and asked.token.intent != "ask_knowledge":
            return parse_of(asked.token, asked.language)

        async def ask(text: str) -> dict[str, Any]:
            return await self._persist(lambda t: self._nlu.parse(text, timeout_s=t, about=self._about(asked, now)), deadline)

        parse = _trimmed(await ask(asked.text))
        parts = clauses(asked.text) if _is_unanswered(parse) else []
        if len(parts) > 1:
            parse = _answered_in_parts(parse, [await ask(part.text) for part in parts])
        parse = _in_spoken_language(parse, asked)
        return _as_tapped(parse, asked.token, asked.language) if asked.token is not None else {**parse, "source": TEXT}

    def _about(self, asked: Asked, now: float) -> dict[str, Any]:
        conversation = asked.conversation
        return {
            "message_id": asked.last.message_id,
            "now": self._desk.local(now, conversation.clock_shift_s).isoformat(timespec="seconds"),
            "page": conversation.page,
            "language": asked.language,
            "requested_slot": conversation.requested_slot,
        }

    def _handed(self, asked: Asked, parse: dict[str, Any]) -> Handed:
        if parse["source"] != TEXT:
            return Handed(parse["intent"]["name"], 1.0)
        conversation = asked.conversation
        return intent_for_dialogue(parse, earlier_moods=conversation.moods, rules=self._rules, asked_slot=conversation.requested_slot)

    def _sender(self, asked: Asked, parse: dict[str, Any], handed: Handed, now: float) -> Callable[[float], Awaitable[DialogueTurn]]:
        request = self._request(asked, parse, handed, now)
        return lambda timeout_s: self._dialogue.turn(request, timeout_s=timeout_s)

    def _request(self, asked: Asked, parse: dict[str, Any], handed: Handed, now: float) -> dict[str, Any]:
        conversation = asked.conversation
        at = self._desk.local(now, conversation.clock_shift_s)
        shopper = {"id": conversation.shopper_id, "level": conversation.shopper_level} if conversation.shopper_id else None
        desk = {"open": self._desk.is_open(at), "opens_at": self._desk.opens_at(at).isoformat(timespec="seconds")}
        return {
            "conversation": conversation.id,
            "message_id": asked.last.message_id,
            "text": asked.text,
            "parse": {**parse, "intent": {"name": handed.intent, "confidence": handed.confidence}},
            "reset": conversation.needs_reset,
            "metadata": {
                "now": at.isoformat(timespec="seconds"),
                "language": parse.get("language") or asked.language or "zh",
                "mood": (parse.get("sentiment") or {}).get("label"),
                "reason": handed.reason,
                "shopper": shopper,
                "client": conversation.client,
                "page": conversation.page,
                "desk": desk,
            },
        }

    def _deadline_of(self, handed: Handed, deadline: float) -> float:
        """A shopper who wants a person need not wait for a dialogue that does not answer: one try is enough."""
        return min(deadline, time.monotonic() + self._patience.try_s / 2) if handed.intent == "request_human" else deadline

    async def _persist(self, call: Callable[[float], Awaitable[T]], deadline: float) -> T:
        """Try until the deadline, soon after a refused connection; raises the last `Unavailable`, and `NluRefused` at once."""
        pause_s = _FIRST_PAUSE_S
        while True:
            left_s = deadline - time.monotonic()
            try:
                return await call(max(_LEAST_TRY_S, min(self._patience.try_s, left_s)))
            except NluRefused as error:
                logger.error("not tried again: %s", error)
                raise
            except Unavailable as error:
                if deadline - time.monotonic() <= pause_s:
                    logger.warning("given up: %s", error)
                    raise
                logger.info("tried again: %s", error)
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)


def _reason_of_failure(conversation: Conversation, handed: Handed) -> str:
    if handed.intent == "request_human":
        return "requested"
    confirming = conversation.active_form is not None and conversation.requested_slot == "confirm"
    return "unknown_outcome" if confirming and handed.intent not in ("deny", "stop") else "bot_down"


def _trimmed(parse: dict[str, Any]) -> dict[str, Any]:
    """Without the long tail: Rasa keeps and copies what it is given."""
    ranking, hits = parse.get("intent_ranking") or [], parse.get("retrieval") or []
    return {**parse, "intent_ranking": ranking[:_HITS_KEPT], "retrieval": hits[:_HITS_KEPT]}


def _is_unanswered(parse: Mapping[str, Any]) -> bool:
    """A question that no article answers as a whole: it may be several."""
    return bool((parse.get("intent") or {}).get("name") == "ask_knowledge" and parse.get("answer_band") != ANSWER)


def _answered_in_parts(parse: dict[str, Any], parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The parse with the best hit of each part that is a question with an answer, marked `of_several`."""
    asked = [p for p in parts if (p.get("intent") or {}).get("name") == "ask_knowledge" and p.get("answer_band") == ANSWER]
    hits = {p["retrieval"][0]["id"]: {**p["retrieval"][0], "of_several": True} for p in asked}
    return {**parse, "retrieval": list(hits.values())[:_HITS_KEPT], "answer_band": ANSWER} if hits else parse


def _in_spoken_language(parse: dict[str, Any], asked: Asked) -> dict[str, Any]:
    """The parse, its language that of the conversation where the message itself shows none."""
    intent, slot = (parse.get("intent") or {}).get("name", ""), asked.conversation.requested_slot
    detected = parse.get("language") or asked.language or "zh"
    return {**parse, "language": spoken_language(asked.text, detected, asked.language, intent=intent, asked_slot=slot)}


def _as_tapped(parse: dict[str, Any], token: ButtonToken, language: str | None) -> dict[str, Any]:
    """A tapped suggestion: the hits of its title, with the article that was tapped in front, and nothing uncertain about it.

    The title is in the language of the article; the shopper's stays what it was.
    """
    tapped = parse_of(token, language or parse.get("language"))
    hits = parse.get("retrieval") or []
    article = token.entities.get("article")
    first = [hit for hit in hits if hit.get("id") == article]
    band = "answer" if first else parse.get("answer_band", "refuse")
    return {**tapped, "retrieval": first + [hit for hit in hits if hit not in first], "answer_band": band}


def _parse_of_upload(message: Message, language: str | None) -> dict[str, Any]:
    file_id = (message.input or {}).get("payload")
    image = {"entity": "image", "value": file_id, "start": 0, "end": 0, "confidence": 1.0, "extractor": "upload"}
    return control_parse("inform", message.text, language=language, source=UPLOAD, entities=[image])


def _ms(start: float, end: float | None = None) -> float:
    return round(((time.monotonic() if end is None else end) - start) * 1000, 1)
