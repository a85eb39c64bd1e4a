"""Section `turns`: where a turn's time goes, by what the processes themselves tell, over the conversations of the workload."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import numpy as np

from evaluation.report import Section, Table, percent
from evaluation.system import System, own_system
from evaluation.traffic import hold, scripts

WORKLOAD = Path("evaluation/data/workload.yml")
_PARTS = {
    "server": "channel, storage, publishing",
    "nlu": "understanding and search",
    "policies": "Rasa: policies, forms, tracker, wording",
    "actions": "our actions, without the shop",
    "shop": "the demo shop",
}


def measure() -> Section:
    """One conversation at a time, after one round that is not measured."""
    with own_system() as system:
        asyncio.run(_held(system))
        warm = len(_outcomes(system))
        timings = asyncio.run(_held(system))
        rows = np.array([_parts(outcome) for outcome in _outcomes(system)[warm:]])
    walls = np.array(timings) * 1000
    # The turns are the same ones in the same order; what the client waited beyond nlu and dialogue is the server's.
    rows[:, 0] = walls[: len(rows)] - rows[:, 0]
    shares = rows.sum(axis=0) / rows.sum()
    table = tuple(
        (part, about, f"{np.percentile(rows[:, i], 50):.1f}", f"{np.percentile(rows[:, i], 95):.1f}", percent(float(shares[i])))
        for i, (part, about) in enumerate(_PARTS.items())
    )
    total = ("all", "", f"{np.percentile(walls, 50):.1f}", f"{np.percentile(walls, 95):.1f}", percent(1.0))
    figures = {part: {"p50_ms": float(np.percentile(rows[:, i], 50)), "share": float(shares[i])} for i, part in enumerate(_PARTS)}
    note = f"{len(rows)} turns of `{WORKLOAD}`, one at a time."
    return Section("Where a turn's time goes", (Table(("part", "", "p50 ms", "p95 ms", "share"), (*table, total), note),), figures)


async def _held(system: System) -> list[float]:
    return (await hold(await scripts(WORKLOAD, system.url), system.url, lambda s, _: {"shopper_token": s.shopper_token}, 1)).turns_s


def _outcomes(system: System) -> list[dict[str, float]]:
    """Of every turn that the bot answered or handed over, in the order in which they were asked."""
    found = system.database().execute("SELECT outcome FROM messages WHERE author = 'shopper' ORDER BY id")
    return [json.loads(row[0]) for row in found]


def _parts(outcome: dict[str, float]) -> list[float]:
    """Milliseconds by part; in the first place what is not the server's."""
    nlu, dialogue = outcome.get("nlu_ms", 0.0), outcome.get("dialogue_ms", 0.0)
    actions, shop = outcome.get("actions_ms", 0.0), outcome.get("shop_ms", 0.0)
    return [nlu + dialogue, nlu, dialogue - actions, actions - shop, shop]
