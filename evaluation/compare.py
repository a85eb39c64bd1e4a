"""Throughput beside plain Rasa: the same conversations, the same domain, rules and actions, in the same run.

Plain Rasa is what its documentation sets up: JiebaTokenizer, count vectors and DIET for understanding; Memoization, Rule and TED
policies; its own REST channel and in-memory trackers. It has no knowledge base and no stored conversations, so it does less per turn.
It is trained on a hundred Chinese examples of each intent.
Needs the running system (`make run`) for ours, the demo shop and the action server.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import yaml
from rich.console import Console
from rich.table import Table

from bot.nlu.data import load_examples
from evaluation.traffic import Script, Timings, hold, scripts

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "var/plain_rasa"
PORT = 5105
_EXAMPLES, _SEED = 100, 7
PIPELINE = [
    {"name": "JiebaTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
]


def run(url: str, workload: Path, concurrencies: tuple[int, ...], epochs: int, rounds: int, secret: str, actions_url: str) -> bool:
    """Print one table; True when ours reaches 1.5 times the messages per second of plain Rasa at every concurrency."""
    model = _trained(epochs)
    rows: list[tuple[int, Timings, Timings]] = []
    with _serving(model, secret, actions_url) as plain_url:
        for concurrency in concurrencies:
            ours, plain = Timings(), Timings()
            for _ in range(rounds):
                _add(plain, asyncio.run(_one(workload, url, plain_url, concurrency, _for_rasa)))
                _add(ours, asyncio.run(_one(workload, url, url, concurrency, _for_us)))
            rows.append((concurrency, ours, plain))
    _print(rows, epochs, rounds)
    return all(ours.per_second >= 1.5 * plain.per_second for _, ours, plain in rows)


async def _one(workload: Path, fixtures_url: str, url: str, concurrency: int, metadata: Any) -> Timings:
    return await hold(await scripts(workload, fixtures_url), url, metadata, concurrency)


def _for_us(script: Script, message_id: str) -> dict[str, Any]:
    return {"shopper_token": script.shopper_token}


def _for_rasa(script: Script, message_id: str) -> dict[str, Any]:
    now = datetime.now(ZoneInfo("Asia/Shanghai")).isoformat()
    shopper = {"id": script.shopper["sub"], "level": script.shopper.get("level")}
    return {"turn": {"now": now, "shopper": shopper, "message_id": message_id, "source": "text"}}


def _add(total: Timings, more: Timings) -> None:
    total.turns_s += more.turns_s
    total.wall_s += more.wall_s
    total.empty += more.empty
    total.failed += more.failed


def _print(rows: list[tuple[int, Timings, Timings]], epochs: int, rounds: int) -> None:
    table = Table(title=f"turns through REST, {rounds} rounds each, alternating (plain Rasa: DIET and TED, {epochs} epochs)")
    for column in ("concurrency", "system", "turns", "p50 ms", "p95 ms", "messages/s", "ratio", "failed"):
        table.add_column(column, justify="left" if column == "system" else "right")
    for concurrency, ours, plain in rows:
        for name, t in (("plain Rasa", plain), ("Zhanggui", ours)):
            ratio = f"{t.per_second / plain.per_second:.2f}"
            numbers = (
                str(len(t.turns_s)),
                f"{t.percentile_ms(50):.0f}",
                f"{t.percentile_ms(95):.0f}",
                f"{t.per_second:.1f}",
                ratio,
                str(t.failed),
            )
            table.add_row(str(concurrency), name, *numbers)
    Console(width=110).print(table)


def _environment(secret: str, actions_url: str) -> dict[str, str]:
    return {
        **os.environ,
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "PYTHONPATH": str(ROOT),
        "ZHANGGUI_INTERNAL_SECRET": secret,
        "ZHANGGUI_ACTIONS_URL": actions_url,
    }


def _trained(epochs: int) -> Path:
    """The peer's model, trained once for each number of epochs."""
    model = WORK / f"plain-{epochs}.tar.gz"
    if model.exists():
        return model
    WORK.mkdir(parents=True, exist_ok=True)
    ours = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf8"))
    pipeline = [*PIPELINE, {"name": "DIETClassifier", "epochs": epochs, "random_seed": 42}]
    policies = [*ours["policies"], {"name": "TEDPolicy", "max_history": 5, "epochs": epochs, "random_seed": 42}]
    (WORK / "config.yml").write_text(yaml.safe_dump({"recipe": "default.v1", "language": "zh", "pipeline": pipeline, "policies": policies}))
    Console().print(f"training plain Rasa, {epochs} epochs (minutes)")
    (WORK / "nlu.yml").write_text(_sample(), encoding="utf8")
    data = ["bot/rules", "bot/stories", str(WORK / "nlu.yml")]
    command = [str(ROOT / ".venv/rasa/bin/python"), "-m", "rasa", "train", "--domain", "bot/domain", "--data", *data]
    command += ["--config", str(WORK / "config.yml"), "--out", str(WORK), "--fixed-model-name", model.name.removesuffix(".tar.gz")]
    with (WORK / "train.log").open("w") as log:
        subprocess.run(command, cwd=ROOT, env=_environment("", ""), stdout=log, stderr=log, check=True)
    return model


def _sample() -> str:
    """Rasa's NLU YAML of a part of the Chinese examples: on all of them DIET needs hours, and the fewer it knows the quicker it answers."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for example in load_examples(ROOT / "nlu_data"):
        if example.language != "zh":
            continue
        by_intent[example.intent].append(example.text.replace("\n", " "))
    rng = random.Random(_SEED)
    parts = {intent: rng.sample(texts, min(len(texts), _EXAMPLES)) for intent, texts in by_intent.items()}
    nlu = [{"intent": intent, "examples": "".join(f"- {text}\n" for text in texts)} for intent, texts in parts.items()]
    return yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True)


@contextmanager
def _serving(model: Path, secret: str, actions_url: str) -> Iterator[str]:
    endpoint = {"url": f"{actions_url}/webhook", "headers": {"Authorization": f"Bearer {secret}"}}
    (WORK / "endpoints.yml").write_text(json.dumps({"action_endpoint": endpoint}))
    (WORK / "endpoints.yml").chmod(0o600)
    (WORK / "credentials.yml").write_text("rest:\n")
    command = [str(ROOT / ".venv/rasa/bin/python"), "-m", "rasa", "run", "-i", "127.0.0.1", "-p", str(PORT), "-m", str(model)]
    command += ["--endpoints", str(WORK / "endpoints.yml"), "--credentials", str(WORK / "credentials.yml")]
    with (WORK / "run.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(secret, actions_url), stdout=log, stderr=log)
        url = f"http://127.0.0.1:{PORT}"
        try:
            _wait(f"{url}/webhooks/rest/", process)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"plain Rasa ended with status {process.returncode}; see {WORK / 'run.log'}")
        try:
            if httpx.get(url, trust_env=False, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise RuntimeError(f"plain Rasa did not start; see {WORK / 'run.log'}")
