"""The whole system on ports and in a folder of its own, as `make run` starts it, for what holds conversations with it."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parent.parent
_PROCESSES = ("server", "nlu", "dialogue", "actions")


@dataclass(frozen=True)
class System:
    """`ports` by the name of the process."""

    folder: Path
    ports: Mapping[str, int]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports['server']}"

    def pid(self, name: str) -> int:
        """Of the present process, also after a restart; 0 while there is none."""
        command = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(self.folder / "supervisord.conf"), "pid", name]
        out = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
        return int(out) if out.isdigit() else 0

    def memory_mb(self, name: str) -> float:
        """Resident memory of a process and its children."""
        process = psutil.Process(self.pid(name))
        return float(sum(member.memory_info().rss for member in (process, *process.children(recursive=True)))) / 1e6

    def database(self) -> sqlite3.Connection:
        """The server's database, to be read only."""
        return sqlite3.connect(f"file:{self.folder / 'zhanggui.db'}?mode=ro", uri=True, timeout=10)

    def copy_dialogue(self, to: Path) -> None:
        """The dialogue's trackers, as they are now."""
        with sqlite3.connect(f"file:{self.folder / 'dialogue.db'}?mode=ro", uri=True) as trackers, sqlite3.connect(to) as copy:
            trackers.backup(copy)


@contextmanager
def own_system(**settings: str) -> Iterator[System]:
    """`settings` are further environment variables. Raises `CalledProcessError` when it does not start; what it says stands above."""
    with tempfile.TemporaryDirectory(prefix="zhanggui-") as name:
        folder, ports = Path(name), _free_ports()
        environment = {
            **os.environ,
            "ZHANGGUI_VAR": name,
            "ZHANGGUI_SERVER__DATABASE_URL": f"sqlite:///{folder}/zhanggui.db",
            "ZHANGGUI_SERVER__FILES_DIR": str(folder / "files"),
            "ZHANGGUI_SERVER__MESSAGES_PER_10S": "100000",
            **settings,
            **{f"ZHANGGUI_{process.upper()}__PORT": str(port) for process, port in ports.items()},
        }
        subprocess.run([sys.executable, "-m", "ops", "up"], cwd=ROOT, env=environment, check=True)
        try:
            yield System(folder, ports)
        finally:
            subprocess.run([sys.executable, "-m", "ops", "down"], cwd=ROOT, env=environment, check=False)


def _free_ports() -> dict[str, int]:
    probes = {name: socket.socket() for name in _PROCESSES}
    try:
        for probe in probes.values():
            probe.bind(("127.0.0.1", 0))
        return {name: int(probe.getsockname()[1]) for name, probe in probes.items()}
    finally:
        for probe in probes.values():
            probe.close()
