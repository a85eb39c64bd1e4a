"""Section `endurance`: one shopper who talks a thousand turns. Turns must not get slower, and the dialogue process must not grow."""

from __future__ import annotations

import itertools
import re
import time
from typing import Any

import httpx
import numpy as np

from evaluation.report import Section, Table, percent
from evaluation.system import System, own_system

TURNS = 1000
_ENDS = 100
MOST_SLOWER, MOST_GROWN = 1.3, 0.05
_SAID = (
    "你好",
    "我的快递到哪了",
    "{order_shipped}",
    "退货运费谁出",
    "{order_delivered} 我要退货",
    "西藏包邮不",
    "尺码不合适",
    "算了先不退了",
    "查一下订单 {order_paid_unshipped}",
    "{order_delivered} 帮我开发票",
    "保修多久",
    "个人",
    "先不了",
    "有什么优惠券可以领",
    "几点发货",
    "谢谢",
    "{order_delivered} 这件帮我换成L码",
    "再说一遍",
    "算了不换了",
    "我的退款到哪一步了",
)
"""Reads, questions, forms with a digression and given up; nothing is ever submitted, so that every round is like the first."""


def measure(turns: int = TURNS) -> Section:
    """`turns` ≥ 300, in one conversation over REST."""
    with own_system() as system, httpx.Client(base_url=system.url, trust_env=False, timeout=30) as client:
        _hold(client, turns // 4)  # whatever is loaded, compiled or filled at first use is not the conversation's
        before = system.memory_mb("dialogue")
        taken = _hold(client, turns)
        after = system.memory_mb("dialogue")
        stages = _stages(system)
    first, last = taken[:_ENDS], taken[-_ENDS:]
    figures = {
        "p95 of the first 100 turns, ms": _p95(first),
        "p95 of the last 100 turns, ms": _p95(last),
        "slower by": _p95(last) / _p95(first),
        "dialogue alone, first 100, p95 ms": _p95(stages[:_ENDS]),
        "dialogue alone, last 100, p95 ms": _p95(stages[-_ENDS:]),
        "memory of the dialogue process before, MB": before,
        "memory of the dialogue process after, MB": after,
        "grown by": after / before - 1,
    }
    passed = figures["slower by"] <= MOST_SLOWER and figures["grown by"] < MOST_GROWN
    rows = tuple((name, percent(value) if name == "grown by" else f"{value:.2f}") for name, value in figures.items())
    bounds = f"the last 100 turns at most {MOST_SLOWER} times the first 100, memory less than {percent(MOST_GROWN, 0)} more"
    note = f"{'Kept' if passed else 'Missed'}: {bounds}."
    return Section(f"A conversation of {turns} turns", (Table(("figure", "value"), rows, note),), figures)


def _hold(client: httpx.Client, turns: int) -> list[float]:
    """Milliseconds of every turn of a conversation with a fresh shopper."""
    fixture = client.post("/demo/fixtures", json={}).raise_for_status().json()
    taken = []
    for number, text in enumerate(itertools.islice(itertools.cycle(_SAID), turns)):
        said = re.sub(r"\{(\w+)\}", lambda m: str(fixture["orders"][m[1]]), text)
        body: dict[str, Any] = {"sender": fixture["sender"], "message": said, "message_id": f"m{number}"}
        body["metadata"] = {"shopper_token": fixture["shopper_token"]}
        began = time.perf_counter()
        answer = client.post("/webhooks/rest/webhook", json=body)
        taken.append((time.perf_counter() - began) * 1000)
        answer.raise_for_status()
        if not answer.json():
            raise RuntimeError(f"turn {number}, {said!r}: no answer; the conversation was handed to a person")
    return taken


def _stages(system: System) -> list[float]:
    """Milliseconds in the dialogue process, of every turn of the longest conversation."""
    query = """
        SELECT json_extract(outcome, '$.dialogue_ms') FROM messages
        WHERE author = 'shopper' AND conversation_id = (SELECT conversation_id FROM messages GROUP BY 1 ORDER BY count(*) DESC LIMIT 1)
        ORDER BY seq
    """
    return [float(row[0]) for row in system.database().execute(query)]


def _p95(values: list[float]) -> float:
    return float(np.percentile(values, 95))
