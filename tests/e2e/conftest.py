"""The whole system as `make run` starts it, on ports and in a folder of its own; and a real browser."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from evaluation.system import System, own_system


class Running(System):
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


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    unhurried = {"ZHANGGUI_SERVER__LOGINS_PER_5MIN": "100000", "ZHANGGUI_CHAT__DEBOUNCE_MS": "0"}
    with own_system(**unhurried) as system:
        yield Running(system.folder, system.ports)


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
