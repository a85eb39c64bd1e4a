"""Rasa's own checks: its validator finds nothing wrong, and the policies follow the stories of every form to the letter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.flows import FLOWS, Flow
from tests.dialogue.conftest import ROOT

Step = dict[str, Any]
EXAMPLES = 20
"""Of an intent in the data for the validator: reading all of them takes it a minute, and other tests read them all."""


def _rasa(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", "rasa", *words], cwd=ROOT, env={**os.environ}, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def some_examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first examples of every intent."""
    groups = [group for path in (ROOT / "nlu_data/zh").glob("*.yml") for group in yaml.safe_load(path.read_text(encoding="utf8"))["nlu"]]
    first = [{**g, "examples": "".join(g["examples"].splitlines(keepends=True)[:EXAMPLES])} for g in groups if "intent" in g]
    out = tmp_path_factory.mktemp("examples") / "nlu.yml"
    out.write_text(yaml.safe_dump({"version": "3.1", "nlu": first}, allow_unicode=True), encoding="utf8")
    return out


def test_rasa_finds_nothing_to_warn_of(some_examples: Path) -> None:
    data = ["bot/rules", "bot/stories", str(some_examples)]
    said = _rasa("data", "validate", "--domain", "bot/domain", "--data", *data, "--config", "config.yml", "--fail-on-warnings")

    assert "No story structure conflicts found" in said


def test_policies_follow_the_stories_of_every_form(model: Path, tmp_path: Path) -> None:
    told = [story for flow in FLOWS.values() for want in flow.wants for story in _stories(flow, want)]
    (tmp_path / "test_forms.yml").write_text(yaml.safe_dump({"version": "3.1", "stories": told}, allow_unicode=True), encoding="utf8")
    said = _rasa(
        "test", "core", "-m", str(model), "-s", str(tmp_path / "test_forms.yml"), "--out", str(tmp_path), "--fail-on-prediction-errors"
    )

    assert f"Correct:          {len(told)} / {len(told)}" in said


def _stories(flow: Flow, want: str) -> list[Step]:
    """To the end; with a question and small talk in between; left by stop, by a person, by another want."""
    opened = [{"intent": want}, {"action": flow.form}, {"active_loop": flow.form}, _asks(flow.slots[-1])]
    ended = [{"intent": "inform"}, {"action": flow.form}, {"active_loop": None}, _asks(None), {"action": f"action_submit_{flow.form}"}]
    aside = [{"intent": "ask_knowledge"}, {"action": "action_answer_knowledge"}, {"action": flow.form}, {"active_loop": flow.form}]
    chat = [{"intent": "thank"}, {"action": "action_small_talk"}, {"action": flow.form}, {"active_loop": flow.form}]
    left = [{"active_loop": None}, _asks(None)]
    other = "order_form" if flow.form == "track_form" else "track_form"
    ways = {
        "to the end": ended,
        "question in between": [*aside, *ended],
        "thanks in between": [*chat, *ended],
        "stop": [{"intent": "stop"}, {"action": "action_stop"}, *left],
        "person": [{"intent": "request_human"}, {"action": "action_request_human"}, *left],
        "another want": [{"intent": FLOWS[other].want}, {"action": other}, {"active_loop": other}],
    }
    return [{"story": f"{want}, {way}", "steps": [*opened, *steps]} for way, steps in ways.items()]


def _asks(slot: str | None) -> Step:
    return {"slot_was_set": [{"requested_slot": slot}]}
