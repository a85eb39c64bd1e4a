"""How the dialogue process calls an action: Rasa's `RemoteAction.run` with four differences.

Rasa's own (3.6.21) opens a connection per call, re-checks the JSON schema from scratch (15 ms), ships the whole history, and turns a
failed action into a successful one without events. Ours keeps a connection pool and one compiled validator, sends what the last
turns need, and aborts the turn on failure (DESIGN: What Rasa does unless told otherwise).
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Mapping
from typing import Any

import aiohttp
import rasa
from jsonschema import Draft7Validator
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.events import Event, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.connections import KEPT_OPEN_S
from bot.turn_context import SHOP_MS_HEADER, running_turn

ACTION_TIMEOUT_S = 8.0
TURNS_SENT, MESSAGES_SENT = 2, 11
"""Of the last turns all events are sent, of those before only what the shopper wrote."""


class ActionFailed(BaseException):
    """An action did not answer, or answered with an error. Not an `Exception`, so that Rasa's prediction loop cannot swallow it."""

    def __init__(self, action: str, cause: str) -> None:
        super().__init__(f"{action}: {cause}")
        self.action = action


_validator: Draft7Validator | None = None
_session: aiohttp.ClientSession | None = None


def install() -> None:
    """Replace `RemoteAction.run`. Called once, by the channel, before the first turn."""
    RemoteAction.run = _run


async def _run(self: RemoteAction, output_channel: Any, nlg: Any, tracker: DialogueStateTracker, domain: Any) -> list[Event]:
    result = await _call(self, tracker)
    messages = await self._utter_responses(result.get("responses") or [], output_channel, nlg, tracker)
    return [*messages, *deserialise_events(result.get("events") or [])]


async def _call(action: RemoteAction, tracker: DialogueStateTracker) -> dict[str, Any]:
    endpoint, name = action.action_endpoint, action.name()
    began = time.monotonic()
    try:
        status, result, shop_ms = await ask(endpoint.url, _body(name, tracker), endpoint.headers)
        _note_time(began, shop_ms)
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
        raise ActionFailed(name, f"{type(error).__name__} {error}") from error
    if status == 400 and "action_name" in result:
        raise ActionExecutionRejection(result["action_name"], result.get("error"))
    if status != 200:
        raise ActionFailed(name, f"status {status}")
    fault = next(_schema().iter_errors(result), None)
    if fault is not None:
        raise ActionFailed(name, fault.message)
    return dict(result)


async def ask(url: str, body: Any, headers: Mapping[str, str]) -> tuple[int, Any, float]:
    """Status, JSON and milliseconds that the shop took. A connection that breaks is replaced once: whatever an action sends to the shop
    it sends under a key, so that asking again does nothing twice. Raises what aiohttp raises, and ValueError for no JSON."""
    try:
        return await _posted(url, body, headers)
    except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
        return await _posted(url, body, headers)


async def _posted(url: str, body: Any, headers: Mapping[str, str]) -> tuple[int, Any, float]:
    async with _pool().post(url, json=body, headers=headers) as response:
        return response.status, await response.json(), float(response.headers.get(SHOP_MS_HEADER, 0))


def _note_time(began: float, shop_ms: float) -> None:
    turn = running_turn.get()
    if turn is not None:
        turn.spent_ms["actions"] += (time.monotonic() - began) * 1000
        turn.spent_ms["shop"] += shop_ms


def _body(name: str, tracker: DialogueStateTracker) -> dict[str, Any]:
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = [event.as_dict() for event in _recent(tracker)]
    return {"next_action": name, "sender_id": tracker.sender_id, "tracker": state, "version": rasa.__version__}


def _recent(tracker: DialogueStateTracker) -> list[Event]:
    """The events of the last turns and the shopper's messages before them, oldest first."""
    seen = itertools.accumulate(reversed(tracker.events), lambda n, e: n + isinstance(e, UserUttered), initial=0)
    late = itertools.takewhile(
        lambda pair: pair[1] < MESSAGES_SENT, zip(reversed(tracker.events), seen)
    )  # of a long talk only the end is read
    kept = [event for event, turns in late if turns < TURNS_SENT or isinstance(event, UserUttered)]
    return kept[::-1]


def _schema() -> Draft7Validator:
    global _validator
    if _validator is None:
        _validator = Draft7Validator(RemoteAction.action_response_format_spec())
    return _validator


def _pool() -> aiohttp.ClientSession:
    global _session
    if _session is None or _session.closed:
        _session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_OPEN_S), timeout=aiohttp.ClientTimeout(total=ACTION_TIMEOUT_S)
        )
    return _session
