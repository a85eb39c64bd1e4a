"""Section `speed`: the NLU process alone, asked over HTTP: idle latency, throughput at concurrency, memory, time to start."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import cycle, islice

import aiohttp
import numpy as np
import psutil

from evaluation.report import Section, Table
from evaluation.understanding import validation_set

_IDLE, _BUSY, _CONCURRENCY = 400, 3000, 32
_START_S = 60.0


def measure() -> Section:
    """Chinese validation messages in turn. Raises RuntimeError when the process does not start."""
    texts = [example.text for example in validation_set() if example.language == "zh"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    load, started = os.getloadavg()[0], time.perf_counter()
    environment = {**os.environ, "ZHANGGUI_NLU__PORT": str(port), "ZHANGGUI_DEMO": "true"}
    process = subprocess.Popen([sys.executable, "-m", "bot.nlu.app"], env=environment)
    try:
        figures = asyncio.run(_measured(f"http://127.0.0.1:{port}", texts, process, started))
    finally:
        process.terminate()
        process.wait(10)
    rows = tuple((name, f"{value:.1f}") for name, value in figures.items())
    note = f"{os.cpu_count()} cores, the asking process beside it; load before: {load:.1f}."
    return Section("Speed of /model/parse", (Table(("figure", "value"), rows, note),), figures)


async def _measured(url: str, texts: Sequence[str], process: subprocess.Popen[bytes], started: float) -> dict[str, float]:
    async with aiohttp.ClientSession(url) as session:
        await _ready(session, process)
        start_s = time.perf_counter() - started
        idle = [await _asked(session, text) for text in islice(cycle(texts), _IDLE)]
        waiting = iter(islice(cycle(texts), _BUSY))
        begun = time.perf_counter()
        busy = [taken for many in await asyncio.gather(*(_worker(session, waiting) for _ in range(_CONCURRENCY))) for taken in many]
        rate = len(busy) / (time.perf_counter() - begun)
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    return {
        "start, s": start_s,
        "idle p50, ms": float(np.percentile(idle, 50)),
        "idle p95, ms": float(np.percentile(idle, 95)),
        f"requests/s at concurrency {_CONCURRENCY}": rate,
        f"p95 at concurrency {_CONCURRENCY}, ms": float(np.percentile(busy, 95)),
        "resident memory, MB": sum(member.memory_info().rss for member in family) / 1e6,
    }


async def _worker(session: aiohttp.ClientSession, waiting: Iterator[str]) -> list[float]:
    return [await _asked(session, text) for text in waiting]


async def _asked(session: aiohttp.ClientSession, text: str) -> float:
    """Milliseconds of one request that was answered."""
    begun = time.perf_counter()
    async with session.post("/model/parse", json={"text": text}) as answer:
        answer.raise_for_status()
        await answer.read()
    return (time.perf_counter() - begun) * 1000


async def _ready(session: aiohttp.ClientSession, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + _START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            async with session.get("/readyz") as answer:
                if answer.ok:
                    return
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.05)
    raise RuntimeError("the NLU process did not become ready; see its message above")
