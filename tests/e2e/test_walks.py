"""Random walks of a shopper through the real processes: whatever is said, tapped or sent, the rules of `walks/rules.py` hold.

A failing walk is reduced and printed as YAML, with what every message was taken for and answered. To hold it again, put it into
`walks/found.yml`, or run `ZHANGGUI_WALK=file.yml pytest tests/e2e/test_walks.py -k found`.
`make test-soak` holds 2,000 walks, and `make test-soak SEED=17` the same ones again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings

from evaluation.system import ROOT
from tests.e2e.conftest import Running
from tests.e2e.walks.books import Books
from tests.e2e.walks.turns import WALKS
from tests.e2e.walks.walk import World, hold

MANY = int(os.environ.get("ZHANGGUI_WALKS", "0"))
"""Of a soak; without it 50 walks that are the same every time."""
FOUND = Path(os.environ.get("ZHANGGUI_WALK") or ROOT / "tests/e2e/walks/found.yml")


@pytest.fixture(scope="module")
def world(running: Running) -> Iterator[World]:
    with running.client() as client:
        fixture = running.fixture()
        body = {"sender": fixture["sender"], "message": "拍错了 帮我取消订单", "metadata": {"shopper_token": fixture["shopper_token"]}}
        offered = client.post("/webhooks/rest/webhook", json=body).raise_for_status().json()
        button = next(b["payload"] for m in offered for b in m.get("buttons", []))
        yield World(running, client, Books(running.folder), button)


@settings(
    max_examples=MANY or 50,
    deadline=None,
    derandomize=MANY == 0,
    database=None,
    print_blob=True,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate, Phase.shrink),
)
@given(walk=WALKS)
def test_walk(world: World, walk: dict[str, Any]) -> None:
    hold(world, walk)


def _found() -> list[Any]:
    return [pytest.param(walk, id=walk["id"]) for walk in yaml.safe_load(FOUND.read_text(encoding="utf8")) or []] if FOUND.exists() else []


@pytest.mark.parametrize("walk", _found())
def test_found(world: World, walk: dict[str, Any]) -> None:
    """Walks that once broke a rule."""
    hold(world, walk)
