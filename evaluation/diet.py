"""The peer of every shop that uses Rasa: DIET with JiebaTokenizer, trained in Rasa's own environment on the same fold."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "var/diet"


def predict(train: Sequence[tuple[str, str]], test: Sequence[str], *, epochs: int = 100) -> list[str]:
    """The intents that DIET predicts for `test` after `epochs` epochs on `train` (text, intent).

    Minutes per call; an answer is kept under var/diet, so that an interrupted evaluation goes on where it stopped.
    Raises RuntimeError with the end of Rasa's log when training fails.
    """
    job = {"train": [list(row) for row in train], "test": list(test), "epochs": epochs}
    digest = hashlib.sha256(json.dumps(job, ensure_ascii=False).encode()).hexdigest()[:16]
    kept = KEPT / f"{digest}.json"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(_run(json.dumps({**job, "folder": str(KEPT / digest)}, ensure_ascii=False)), encoding="utf8")
    return [row["intent"] for row in json.loads(kept.read_text(encoding="utf8"))]


def _run(job: str) -> str:
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    command = [str(ROOT / ".venv/rasa/bin/python"), str(ROOT / "evaluation/diet_rasa.py")]
    done = subprocess.run(command, input=job, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"DIET could not be trained:\n{done.stderr[-2000:]}")
    return done.stdout[done.stdout.index("[{") :]
