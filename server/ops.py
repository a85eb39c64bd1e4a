"""For whoever runs it: is it alive, does every process answer, and the numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from server.errors import error_body
from server.http import HttpFailed, JsonHttp
from server.metrics import Metrics
from server.store import handoffs
from server.store.database import Store

_TIMEOUT_S = 2.0
_ABOUT_TIMEOUT_S = 0.5
_METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Processes:
    """The other processes: a client of each, and the path at which it says whether it is ready."""

    def __init__(self, processes: Mapping[str, tuple[JsonHttp, str]]) -> None:
        self._processes = processes

    async def states(self, *, timeout_s: float = _TIMEOUT_S) -> dict[str, str]:
        """`ok`, or what is wrong, by name of the process."""
        found = await asyncio.gather(*(_state(http, path, timeout_s) for http, path in self._processes.values()))
        return dict(zip(self._processes, found, strict=True))

    async def all_answer(self, *, timeout_s: float = _TIMEOUT_S) -> bool:
        return all(state == "ok" for state in (await self.states(timeout_s=timeout_s)).values())

    async def about(self, name: str) -> dict[str, Any]:
        """What a process says of itself beside its state; nothing when it does not answer."""
        http, path = self._processes[name]
        try:
            answer = await http.get(path, timeout_s=_ABOUT_TIMEOUT_S)
        except HttpFailed:
            return {}
        return answer.body if answer.is_success and isinstance(answer.body, dict) else {}


async def _state(http: JsonHttp, path: str, timeout_s: float) -> str:
    try:
        answer = await http.get(path, timeout_s=timeout_s)
    except HttpFailed:
        return "does not answer"
    return "ok" if answer.is_success else f"answers with status {answer.status}"


@dataclass(frozen=True)
class Operations:
    processes: Processes
    store: Store
    metrics: Metrics


def create_router(operations: Operations) -> APIRouter:
    router = APIRouter(tags=["operations"])

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """This process is alive."""
        return {"status": "ok"}

    @router.get("/readyz")
    async def readyz() -> Response:
        """Every process answers; otherwise 503, and which does not."""
        states = {"server": "ok", **await operations.processes.states()}
        silent = [f"{name} {state}" for name, state in states.items() if state != "ok"]
        if not silent:
            return JSONResponse({"status": "ready", "processes": states})
        body: dict[str, Any] = {"status": "not_ready", "processes": states, **error_body("unavailable", "; ".join(silent))}
        return JSONResponse(body, 503, {"Retry-After": "2"})

    @router.get("/metrics")
    async def metrics() -> Response:
        """Prometheus text format."""
        operations.metrics.queue_length.clear()
        for skill, length in (await operations.store.read(handoffs.queue_lengths)).items():
            operations.metrics.queue_length.labels(skill).set(length)
        operations.metrics.model(await operations.processes.about("nlu"))
        return Response(operations.metrics.text(), media_type=_METRICS_TYPE)

    return router
