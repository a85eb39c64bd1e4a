"""Scripted conversations in tests/conversations, held through the public REST channel with fresh shoppers.

    - id: …
      shows: [request_return/stop, R083]      # cells of docs/conversations.md; not read here
      setup: {shopper: member | anonymous, fixtures: {…}, clock: …}
      turns: [{say: …, expect: {any_of: [regex], all_of: […], none_of: […], handoff: true, silent: true}}]

Placeholders such as {order_shipped} are the fixture's orders. Patterns are searched in everything the shopper can read.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from evaluation.system import ROOT
from tests.e2e.conftest import Running

HIDDEN = {"recipient_id", "type", "payload", "reason", "skill", "priority", "band", "score", "position", "eta_seconds"}


def scripts() -> list[Any]:
    files = sorted((ROOT / "tests/conversations").glob("*.yml"))
    loaded = [script for file in files for script in yaml.safe_load(file.read_text(encoding="utf8"))]
    return [pytest.param(script, id=script["id"]) for script in loaded]


def readable(value: Any, key: str = "") -> list[str]:
    if key in HIDDEN or isinstance(value, bool) or value is None:
        return []
    if isinstance(value, dict):
        return [text for k, v in value.items() for text in readable(v, k)]
    if isinstance(value, list):
        return [text for item in value for text in readable(item, key)]
    return [str(value)]


def faults(expect: dict[str, Any], reply: list[dict[str, Any]]) -> list[str]:
    said = "\n".join(readable(reply))
    handed = any((message.get("custom") or {}).get("type") == "handoff" for message in reply)
    if expect.get("silent"):
        return [f"expected silence, got {said!r}"] if reply else []
    found = (
        [f"nothing matches {expect['any_of']}"] if expect.get("any_of") and not any(re.search(p, said) for p in expect["any_of"]) else []
    )
    found += [f"{p!r} is missing" for p in expect.get("all_of", []) if not re.search(p, said)]
    found += [f"{p!r} must not be said" for p in expect.get("none_of", []) if re.search(p, said)]
    if "handoff" in expect and expect["handoff"] != handed:
        found.append(f"handoff is {handed}")
    return [f"{fault} in {said!r}" for fault in found]


@pytest.mark.parametrize("script", scripts())
def test_conversation(running: Running, script: dict[str, Any]) -> None:
    setup = script.get("setup") or {}
    options = {**(setup.get("fixtures") or {}), **({"now": setup["clock"]} if setup.get("clock") else {})}
    fixture = running.fixture(**options)
    metadata = {} if setup.get("shopper") == "anonymous" else {"shopper_token": fixture["shopper_token"]}
    with running.client() as client:
        for number, turn in enumerate(script["turns"]):
            say = re.sub(r"\{(\w+)\}", lambda m: fixture["orders"].get(m[1]) or fixture[m[1]], str(turn["say"]))
            body = {"sender": fixture["sender"], "message": say, "message_id": f"m{number}", "metadata": metadata}
            response = client.post("/webhooks/rest/webhook", json=body)

            assert response.status_code == 200, (say, response.text)
            assert not faults(turn.get("expect") or {}, response.json()), say


def test_examples_of_the_contract(running: Running) -> None:
    """The tool that comes with the contract, where it lies beside the checkout."""
    import subprocess
    import sys

    tool = ROOT.parent / "shared/tools/talk.py"
    if not tool.exists():
        pytest.skip("no ../shared beside this checkout")
    examples = [str(path) for path in sorted((tool.parent / "examples").glob("*.yml"))]
    done = subprocess.run([sys.executable, str(tool), "--url", running.url, *examples], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout
