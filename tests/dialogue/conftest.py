"""The real Rasa process with the real action server; only the shop is a stub at the wire."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.dialogue.stub_shop import DELIVERED, StubShop

ROOT = Path(__file__).resolve().parents[2]
SECRET = "a-secret-for-tests-only-0123456789"
NOW = "2026-11-21T14:00:00+08:00"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Dialogue:
    """The running pair; `say` sends one turn as the server does."""

    url: str
    database: Path
    counter: int = 0

    def conversation(self, shopper: str | None = "s_1", language: str = "zh") -> Conversation:
        self.counter += 1
        return Conversation(self, f"c_{os.getpid()}_{self.counter}", shopper, language)

    def post(self, body: dict[str, Any], secret: str = SECRET) -> tuple[int, dict[str, Any]]:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"}
        request = urllib.request.Request(f"{self.url}/turn", json.dumps(body).encode(), headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, json.loads(response.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())


@dataclass
class Conversation:
    dialogue: Dialogue
    id: str
    shopper: str | None
    language: str = "zh"
    turns: int = 0
    last: dict[str, Any] = field(default_factory=dict)

    def body(
        self, text: str, intent: str, *, band: str = "refuse", hits: list[dict[str, Any]] | None = None, **more: Any
    ) -> dict[str, Any]:
        self.turns += 1
        source = more.get("source", "text")
        given = more.get("entities", {})
        pairs = given.items() if isinstance(given, dict) else given
        found = [(name, value if isinstance(value, dict) else {"value": value}) for name, value in pairs]
        entities = [{"entity": name, "start": 0, "end": 0, "extractor": source, **what} for name, what in found]
        parse = {
            "intent": {"name": intent, "confidence": more.get("confidence", 0.9)},
            "intent_ranking": [{"name": name, "confidence": share} for name, share in more.get("ranking", [])],
            "entities": entities,
            "retrieval": hits or [],
            "answer_band": band,
            "sentiment": {"label": "calm", "score": 0.9},
            "complaint_class": more.get("complaint_class"),
            "segments": [{"intent": want} for want in more.get("wants", [])],
            "source": source,
        }
        about = {
            "now": NOW,
            "language": more.get("language", self.language),
            "mood": "calm",
            "reason": more.get("reason"),
            "client": "c",
            "page": more.get("page"),
        }
        about["shopper"] = {"id": self.shopper, "level": "ordinary"} if self.shopper else None
        message_id = more.get("message_id", f"m{self.turns}")
        return {
            "conversation": self.id,
            "message_id": message_id,
            "text": text,
            "reset": more.get("reset", False),
            "parse": parse,
            "metadata": about,
        }

    def say(self, text: str, intent: str, **more: Any) -> str:
        """The texts of the answer, joined; the whole answer is in `last`."""
        status, self.last = self.dialogue.post(self.body(text, intent, **more))
        assert status == 200, self.last
        return "\n".join(m.get("text", "") for m in self.last["messages"])

    def tap(self, title: str) -> str:
        """Press a button of the last answer, by its title."""
        payload = next(b["payload"] for m in self.last["messages"] for b in m.get("buttons", []) if b["title"] == title)
        return self.press(payload, title)

    def press(self, payload: str, title: str) -> str:
        intent, _, values = payload[1:].partition("{")
        entities = json.loads("{" + values) if values else {}
        return self.say(title, intent, source="button", entities=entities)

    @property
    def cards(self) -> list[str]:
        return [m["custom"]["type"] for m in self.last["messages"] if "custom" in m]

    @property
    def products(self) -> list[str]:
        """The products on the cards of the answer."""
        shown = [m["custom"] for m in self.last["messages"] if m.get("custom", {}).get("type") == "product_cards"]
        return [item["sku"] for card in shown for item in card["items"]]

    @property
    def commands(self) -> list[dict[str, Any]]:
        """Those that do something; the step of the ladder is only counted."""
        return [command for command in self.last["commands"] if command["type"] != "fallback"]

    @property
    def step(self) -> str | None:
        """The step of the ladder that was taken."""
        return next((c["step"] for c in self.last["commands"] if c["type"] == "fallback"), None)

    @property
    def words(self) -> list[str]:
        """Everything of the answer that is wording: texts, titles of buttons, titles and states of cards."""
        messages = self.last["messages"]
        cards = [m["custom"] for m in messages if "custom" in m]
        inner = [item for card in cards for item in [card, *card.get("items", [])]]
        shown = [item[name] for item in inner for name in ("title", "status_text") if isinstance(item.get(name), str)]
        return [m["text"] for m in messages if m.get("text")] + self.buttons + shown

    @property
    def buttons(self) -> list[str]:
        return [b["title"] for m in self.last["messages"] for b in m.get("buttons", [])]


def to_confirmation(chat: Any) -> str:
    """A return, up to the question whether to submit it."""
    chat.say(f"{DELIVERED} 这单我想退货", "request_return", entities={"order_id": DELIVERED})
    return str(chat.say("不喜欢 颜色不好看", "inform"))


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("model")
    command = [sys.executable, "-m", "rasa", "train", "--domain", "bot/domain", "--data", "bot/rules", "bot/stories", "-c", "config.yml"]
    done = subprocess.run(
        [*command, "--out", str(out), "--fixed-model-name", "dialogue"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return out / "dialogue.tar.gz"


@pytest.fixture(scope="session")
def shop_process() -> Iterator[StubShop]:
    shop = StubShop()
    shop.start()
    yield shop
    shop.stop()


@pytest.fixture
def shop(shop_process: StubShop) -> StubShop:
    shop_process.reset()
    return shop_process


@pytest.fixture(scope="session")
def dialogue(model: Path, shop_process: StubShop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dialogue]:
    folder, port, actions_port = tmp_path_factory.mktemp("run"), free_port(), free_port()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "RASA_TELEMETRY_ENABLED": "false",
        "ZHANGGUI_INTERNAL_SECRET": SECRET,
        "ZHANGGUI_ACTIONS_URL": f"http://127.0.0.1:{actions_port}",
        "ZHANGGUI_ACTIONS_PORT": str(actions_port),
        "ZHANGGUI_NLU_URL": "http://127.0.0.1:9",
        "ZHANGGUI_DIALOGUE_DB": str(folder / "dialogue.db"),
        "ZHANGGUI_SHOP_NAME": "晨光书店",
        "ZHANGGUI_SHOP_NAME_EN": "Morning Books",
        "ZHANGGUI_SHOP_URL": shop_process.url,
        "ZHANGGUI_SHOP_KEY": "shop-key-for-tests",
        "ZHANGGUI_SHOP_TIMEOUT_S": "0.5",
        "ZHANGGUI_AFTER_FALLBACKS": "2",
    }
    rasa = [
        "rasa",
        "run",
        "-i",
        "127.0.0.1",
        "-p",
        str(port),
        "-m",
        str(model),
        "--endpoints",
        "bot/endpoints.yml",
        "--credentials",
        "bot/credentials.yml",
    ]
    log = (folder / "log").open("w")
    started = [
        subprocess.Popen([sys.executable, "-m", *command], cwd=ROOT, env=environment, stdout=log, stderr=log)
        for command in (["actions"], rasa)
    ]
    url = f"http://127.0.0.1:{port}/webhooks/zhanggui"
    try:
        _wait(url + "/", folder / "log")
        _wait(f"http://127.0.0.1:{actions_port}/health", folder / "log")
        yield Dialogue(url, folder / "dialogue.db")
    finally:
        for process in started:
            process.kill()
            process.wait()
        log.close()


def _wait(url: str, log: Path, seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer\n{log.read_text()[-3000:]}")
