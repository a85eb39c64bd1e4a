"""The whole system as `make run` starts it, on ports and in a folder of its own; and a real browser."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[2]
PROCESSES = ("server", "nlu", "dialogue", "actions")


@dataclass(frozen=True)
class Running:
    """`pid` asks the supervisor, so it is the present process after a restart."""

    url: str
    ports: dict[str, int]
    folder: Path
    environment: dict[str, str]

    def pid(self, name: str) -> int:
        out = self._ctl("pid", name).strip()
        return int(out) if out.isdigit() else 0

    def wait_until_restarted(self, name: str, old_pid: int) -> None:
        """Until another process than `old_pid` answers; AssertionError after 30 s."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.pid(name) not in (0, old_pid) and _listens(self.ports[name]):
                return
            time.sleep(0.2)
        raise AssertionError(f"{name} was not restarted")

    def client(self, **options: Any) -> httpx.Client:
        return httpx.Client(base_url=self.url, trust_env=False, timeout=30, **options)

    def fixture(self, **options: Any) -> dict[str, Any]:
        """A fresh shopper with orders of their own."""
        with self.client() as client:
            return dict(client.post("/demo/fixtures", json=options).raise_for_status().json())

    def _ctl(self, *words: str) -> str:
        command = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(self.folder / "supervisord.conf"), *words]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("system")
    ports = {name: free_port() for name in PROCESSES}
    environment = {
        **os.environ,
        "ZHANGGUI_VAR": str(folder),
        "ZHANGGUI_SERVER__DATABASE_URL": f"sqlite:///{folder}/zhanggui.db",
        "ZHANGGUI_SERVER__FILES_DIR": str(folder / "files"),
        "ZHANGGUI_SERVER__MESSAGES_PER_10S": "100000",
        "ZHANGGUI_SERVER__LOGINS_PER_5MIN": "100000",
        "ZHANGGUI_CHAT__DEBOUNCE_MS": "0",
        **{f"ZHANGGUI_{name.upper()}__PORT": str(port) for name, port in ports.items()},
    }
    started = subprocess.run([sys.executable, "-m", "ops", "up"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert started.returncode == 0, started.stdout + started.stderr
    try:
        yield Running(f"http://127.0.0.1:{ports['server']}", ports, folder, environment)
    finally:
        subprocess.run([sys.executable, "-m", "ops", "down"], cwd=ROOT, env=environment, check=False)


@pytest.fixture(scope="module")  # Playwright holds an event loop while it is open; asynchronous tests need theirs
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "chromium is needed for the page tests: apt install chromium"
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=[*quiet, "--disable-component-update", "--disable-sync"])
        yield opened
        opened.close()
