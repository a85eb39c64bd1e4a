"""Section `policies`: what TEDPolicy would change. The scripted conversations are held once, with the rules; then every decision of theirs
is asked again of a model with and of one without TED (evaluation/policies_rasa.py, in Rasa's environment)."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import httpx
import yaml

from evaluation.conversations import SCRIPTS
from evaluation.report import Section, Table, percent
from evaluation.system import ROOT, System, own_system

WORK = ROOT / "var/policies"


def measure(epochs: int) -> Section:
    """Trains both models (TED with `epochs`), minutes. Raises RuntimeError with the end of Rasa's log when that fails."""
    WORK.mkdir(parents=True, exist_ok=True)
    with own_system() as system:
        held = _hold_all(system)
        (WORK / "dialogue.db").unlink(missing_ok=True)
        system.copy_dialogue(WORK / "dialogue.db")
    answers = {name: _asked(name, extra) for name, extra in (("rules", []), (f"rules and TED, {epochs} epochs", [_ted(epochs)]))}
    rows = tuple(
        (
            name,
            str(a["decisions"]),
            percent(a["as_held"] / a["decisions"]),
            str(a["by_ted"]),
            f"{a['cpu_p50_ms']:.1f}",
            f"{a['memory_mb']:.0f}",
        )
        for name, a in answers.items()
    )
    header = ("policies", "decisions", "as held", "decided by TED", "processor p50 ms", "memory, MB")
    note = f"{held} scripted conversations, of each the last turns that the tracker store keeps."
    return Section("TEDPolicy beside the rules", (Table(header, rows, note),), answers)


def _ted(epochs: int) -> dict[str, Any]:
    return {"name": "TEDPolicy", "max_history": 5, "epochs": epochs, "random_seed": 42}


def _hold_all(system: System) -> int:
    found = [script for path in sorted(SCRIPTS.glob("*.yml")) for script in yaml.safe_load(path.read_text(encoding="utf-8"))]
    with httpx.Client(base_url=system.url, trust_env=False, timeout=30) as client:
        for script in found:
            _hold(client, script)
    return len(found)


def _hold(client: httpx.Client, script: dict[str, Any]) -> None:
    setup = script.get("setup") or {}
    options = {**(setup.get("fixtures") or {}), **({"now": setup["clock"]} if setup.get("clock") else {})}
    fixture = client.post("/demo/fixtures", json=options).raise_for_status().json()
    metadata = {} if setup.get("shopper") == "anonymous" else {"shopper_token": fixture["shopper_token"]}
    known = {**fixture, **fixture["orders"]}
    for turn in script["turns"]:
        said = re.sub(r"\{(\w+)\}", lambda m: str(known.get(m[1], m[0])), str(turn["say"]))
        body = {"sender": fixture["sender"], "message": said, "metadata": metadata}
        client.post("/webhooks/rest/webhook", json=body).raise_for_status()


def _asked(name: str, extra: list[dict[str, Any]]) -> dict[str, Any]:
    ours = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    config = {"recipe": "default.v1", "language": "zh", "assistant_id": "zhanggui", "pipeline": [], "policies": [*ours["policies"], *extra]}
    folder = WORK / re.sub(r"\W+", "-", name)
    folder.mkdir(exist_ok=True)
    (folder / "config.yml").write_text(yaml.safe_dump(config), encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    command = [str(ROOT / ".venv/rasa/bin/python"), str(ROOT / "evaluation/policies_rasa.py"), str(folder), str(WORK / "dialogue.db")]
    done = subprocess.run(command, cwd=ROOT, env={**environment, "TF_CPP_MIN_LOG_LEVEL": "3"}, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"the policies could not be asked:\n{done.stderr[-2000:]}")
    return dict(json.loads(Path(folder / "answers.json").read_text(encoding="utf-8")))
