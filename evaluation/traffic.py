"""Conversations held with a REST channel, timed: the same driver for ours and for plain Rasa."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import yaml


@dataclass(frozen=True)
class Script:
    """One conversation of a workload file, its orders filled in; `shopper` is what the demo shop knows of its shopper."""

    sender: str
    turns: tuple[str, ...]
    shopper_token: str

    @property
    def shopper(self) -> dict[str, Any]:
        """The claims of the token; not verified here, the server does that."""
        body = self.shopper_token.split(".")[1]
        return dict(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))))


@dataclass
class Timings:
    """Seconds per turn, seconds of the whole run, and what went wrong."""

    turns_s: list[float] = field(default_factory=list)
    wall_s: float = 0.0
    empty: int = 0
    failed: int = 0

    @property
    def per_second(self) -> float:
        return len(self.turns_s) / self.wall_s

    def percentile_ms(self, q: float) -> float:
        return float(np.percentile(self.turns_s, q)) * 1e3


async def scripts(workload: Path, url: str) -> list[Script]:
    """The conversations of a file, each with a fresh shopper of the demo shop at `url`."""
    loaded = yaml.safe_load(workload.read_text(encoding="utf8"))
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        fixtures = [(await client.post(f"{url}/demo/fixtures", json={})).raise_for_status().json() for _ in loaded]
    return [_script(turns, fixture) for turns, fixture in zip(loaded, fixtures)]


def _script(turns: Sequence[str], fixture: dict[str, Any]) -> Script:
    orders = fixture["orders"]
    filled = tuple(re.sub(r"\{(order_\w+)\}", lambda m: str(orders[m.group(1)]), turn) for turn in turns)
    return Script(fixture["sender"], filled, fixture["shopper_token"])


async def hold(all_scripts: Sequence[Script], url: str, metadata: Callable[[Script, str], dict[str, Any]], concurrency: int) -> Timings:
    """Hold every conversation, `concurrency` of them at a time, each in order; the body is that of Rasa's REST channel."""
    timings, waiting = Timings(), list(reversed(all_scripts))
    limits = httpx.Limits(max_connections=concurrency)

    async def worker(client: httpx.AsyncClient) -> None:
        while waiting:
            script = waiting.pop()
            for number, text in enumerate(script.turns):
                message_id = f"{script.sender}-{number}"
                body = {"sender": script.sender, "message": text, "message_id": message_id, "metadata": metadata(script, message_id)}
                started = time.perf_counter()
                response = await client.post(f"{url}/webhooks/rest/webhook", json=body)
                timings.turns_s.append(time.perf_counter() - started)
                timings.failed += response.status_code != 200
                timings.empty += response.status_code == 200 and not response.json()

    async with httpx.AsyncClient(trust_env=False, timeout=60, limits=limits) as client:
        started = time.perf_counter()
        await asyncio.gather(*(worker(client) for _ in range(concurrency)))
        timings.wall_s = time.perf_counter() - started
    return timings
