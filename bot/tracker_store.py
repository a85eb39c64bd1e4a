"""Bounded trackers on disk: slots, the active form and the last turns of each conversation, with the reply of its last turn.

Rasa's trackers grow without end (turn 400: 170 ms) and its in-memory store dies with the process. Here a tracker is cut at an
`action_listen` once it holds more than `MAX_TURNS` turns, and a turn's tracker and reply are written in one transaction, so that a turn
that is sent again after a crash is answered again and not run again.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.remote_action import ActionFailed
from bot.turn_context import running_turn
from bot.turn_result import turn_result

KEPT_TURNS, MAX_TURNS = 20, 30
CACHED_TRACKERS = 500
FRESH_AFTER_S = 24 * 3600
LASTING_SLOTS = ("focus_order", "focus_page", "language", "amends", "checked", "charge_check", "alarm")
_NOT_KEPT = ("retrieval", "intent_ranking", "segments")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trackers (
    sender_id TEXT PRIMARY KEY, events TEXT NOT NULL, message_id TEXT, result TEXT, updated REAL NOT NULL
) WITHOUT ROWID
"""


class BoundedTrackerStore(TrackerStore):
    """`path`: the SQLite file; its folder is made. One process uses it (DESIGN: several replicas need a shared store)."""

    def __init__(self, domain: Domain | None, event_broker: Any = None, path: str = "var/dialogue.db", **kwargs: Any) -> None:
        super().__init__(domain, event_broker)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")
        self._db.execute(_SCHEMA)
        # A tracker is taken out while its turn runs and put back when the turn is kept: an aborted turn leaves no trace.
        self._cache: OrderedDict[str, DialogueStateTracker] = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the tracker, and with it the result of the running turn if it is this tracker's.

        Raises `ActionFailed`, and keeps nothing of the turn, when it was broken off before the bot listens again.
        """
        tracker = _bounded(tracker, self.domain)
        turn = running_turn.get()
        ended = turn is not None and tracker.latest_message is not None and tracker.latest_message.message_id == turn.message_id
        if ended and tracker.latest_action_name != ACTION_LISTEN_NAME:
            # Rasa stops after ten actions and would count those of this turn against every later one: the conversation would be mute.
            raise ActionFailed(str(tracker.latest_action_name), "the turn did not come to an end")
        result = json.dumps(turn_result(tracker, turn.messages, turn.spent_ms), ensure_ascii=False) if turn is not None and ended else None
        _make_lean(tracker)
        events = json.dumps([event.as_dict() for event in tracker.events], ensure_ascii=False)
        self._db.execute(
            "INSERT OR REPLACE INTO trackers VALUES (?, ?, ?, ?, ?)",
            (tracker.sender_id, events, turn.message_id if turn is not None and ended else None, result, time.time()),
        )
        self._cache[tracker.sender_id] = tracker
        while len(self._cache) > CACHED_TRACKERS:
            self._cache.popitem(last=False)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        turn = running_turn.get()
        row = self._db.execute("SELECT events, updated FROM trackers WHERE sender_id = ?", (sender_id,)).fetchone()
        if row is None:
            return None
        tracker = self._cache.pop(sender_id, None) or self._load(sender_id, row[0])
        stale = time.time() - row[1] > FRESH_AFTER_S
        return _fresh(tracker, self.domain) if stale or (turn is not None and turn.reset) else tracker

    def result_of(self, sender_id: str, message_id: str) -> dict[str, Any] | None:
        """What the conversation's last turn answered, if that turn was `message_id`."""
        row = self._db.execute("SELECT message_id, result FROM trackers WHERE sender_id = ?", (sender_id,)).fetchone()
        return json.loads(row[1]) if row is not None and row[0] == message_id and row[1] else None

    async def keys(self) -> Iterable[str]:
        return [row[0] for row in self._db.execute("SELECT sender_id FROM trackers")]

    def _load(self, sender_id: str, events: str) -> DialogueStateTracker:
        parsed = [Event.from_parameters(item) for item in json.loads(events)]
        return DialogueStateTracker.from_events(
            sender_id, [event for event in parsed if event is not None], slots=self.domain.slots, domain=self.domain
        )


def _make_lean(tracker: DialogueStateTracker) -> None:
    """Drop what only the turn itself needed, on disk and in the cache: a parse with its hits is ten times the rest."""
    for event in tracker.events:
        if isinstance(event, UserUttered):
            for name in _NOT_KEPT:
                event.parse_data.pop(name, None)


def _bounded(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """The tracker itself, or a shorter one with the same slots and active loop when it holds more than `MAX_TURNS` turns."""
    events = list(tracker.events)
    starts = [i for i, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(starts) <= MAX_TURNS:
        return tracker
    cut = starts[-KEPT_TURNS]
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], slots=domain.slots, domain=domain)
    head = _opening({name: value for name, value in before.current_slot_values().items() if value is not None})
    if before.active_loop_name:
        head.insert(-1, ActiveLoop(before.active_loop_name))
    return DialogueStateTracker.from_events(tracker.sender_id, head + events[cut:], slots=domain.slots, domain=domain)


def _fresh(tracker: DialogueStateTracker, domain: Domain) -> DialogueStateTracker:
    """A new session that remembers the order, the language, what was offered for which order, the checks, and an alarm."""
    kept = {name: tracker.get_slot(name) for name in LASTING_SLOTS if tracker.get_slot(name) is not None}
    return DialogueStateTracker.from_events(tracker.sender_id, _opening(kept), slots=domain.slots, domain=domain)


def _opening(slots: dict[str, Any]) -> list[Event]:
    head: list[Event] = [ActionExecuted("action_session_start"), SessionStarted()]
    head += [SlotSet(name, value) for name, value in slots.items()]
    return [*head, ActionExecuted("action_listen")]
