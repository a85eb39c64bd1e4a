"""Runs in the Rasa environment: trains the policies of a folder's config.yml and asks them for every decision in a tracker database.

    policies_rasa.py FOLDER dialogue.db → FOLDER/answers.json: {"decisions": …, "as_held": …, "by_ted": …, "cpu_p50_ms": …, "memory_mb": …}

A decision is an action that the bot took after the shopper spoke; `as_held` are those that the policies would take again.
"""

from __future__ import annotations

import json
import resource
import sqlite3
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import rasa.model_training
from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


def main() -> None:
    folder, database = Path(sys.argv[1]), sys.argv[2]
    model = rasa.model_training.train(
        "bot/domain", str(folder / "config.yml"), ["bot/rules", "bot/stories"], output=str(folder), fixed_model_name="model"
    ).model
    agent = Agent.load(model)
    rows = sqlite3.connect(database).execute("SELECT sender_id, events FROM trackers").fetchall()
    asked = [answer for sender, events in rows for answer in _decisions(agent, sender, json.loads(events))]
    answers = {
        "decisions": len(asked),
        "as_held": sum(a["same"] for a in asked),
        "by_ted": sum(a["ted"] for a in asked),
        "cpu_p50_ms": statistics.median(a["ms"] for a in asked),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
    }
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf8")


def _decisions(agent: Agent, sender: str, stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the policies say at each action after the first message; the tracker always goes on as it was held."""
    tracker = DialogueStateTracker(sender, agent.domain.slots)
    asked: list[dict[str, Any]] = []
    spoken = False
    for event in filter(None, map(Event.from_parameters, stored)):
        spoken = spoken or isinstance(event, UserUttered)
        if spoken and isinstance(event, ActionExecuted) and not _follows_by_order(tracker):
            asked.append(_ask(agent, tracker, event.action_name))
        tracker.update(event, agent.domain)
    return asked


def _follows_by_order(tracker: DialogueStateTracker) -> bool:
    """An action that another action called for, and what comes after a form that stepped aside, is nobody's decision."""
    last = tracker.events[-1] if tracker.events else None
    return tracker.followup_action is not None or isinstance(last, ActionExecutionRejected)


def _ask(agent: Agent, tracker: DialogueStateTracker, held: str) -> dict[str, Any]:
    began = time.process_time()
    prediction = agent.processor._predict_next_with_tracker(tracker)
    taken = (time.process_time() - began) * 1000
    said = agent.domain.action_names_or_texts[prediction.max_confidence_index]
    return {"same": said == held, "ted": "TEDPolicy" in (prediction.policy_name or ""), "ms": taken}


if __name__ == "__main__":
    main()
