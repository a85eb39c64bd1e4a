"""Trains what is missing or out of date before a start: the understanding (`bot.nlu.train`) and the dialogue (Rasa)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import typer
import yaml
from rich.console import Console

from ops.processes import DIALOGUE_MODEL, ROOT

_RASA_KEYS = ("recipe", "language", "pipeline", "policies", "assistant_id")
_SOURCES = ("bot/domain", "bot/rules", "bot/stories")


def if_needed(console: Console) -> None:
    """Run each training whose inputs changed since its last one; a failure is one sentence and exit code 1."""
    _run([sys.executable, "-m", "bot.nlu.train", "--if-needed"], "training the understanding failed; its lines above say why", console)
    sources = _dialogue_hash()
    if not is_current(ROOT / DIALOGUE_MODEL, sources):
        dialogue(console)
        note_trained(ROOT / DIALOGUE_MODEL, sources)


def is_current(model: Path, sources: str) -> bool:
    """Whether the archive is the one that was trained from `sources`, byte for byte; Rasa starts without a model from a broken one."""
    stamp = _stamp_of(model)
    return model.exists() and stamp.exists() and stamp.read_text() == _stamp_text(model, sources)


def note_trained(model: Path, sources: str) -> None:
    """Write the stamp that `is_current` reads: the hash of what it was trained from, and that of the archive."""
    _stamp_of(model).write_text(_stamp_text(model, sources))


def _stamp_of(model: Path) -> Path:
    return model.with_suffix(".sha256")


def _stamp_text(model: Path, sources: str) -> str:
    return f"{sources}\n{hashlib.sha256(model.read_bytes()).hexdigest()}\n"


def dialogue(console: Console) -> None:
    """`rasa train` on domain, rules and stories, into models/dialogue."""
    console.print("training the dialogue (Rasa), about 20 s")
    model = ROOT / DIALOGUE_MODEL
    command = [
        str(ROOT / ".venv/rasa/bin/python"),
        "-m",
        "rasa",
        "train",
        "--domain",
        "bot/domain",
        "--data",
        "bot/rules",
        "bot/stories",
        "--config",
        "config.yml",
        "--out",
        str(model.parent),
        "--fixed-model-name",
        model.name.removesuffix(".tar.gz"),
    ]
    _run(command, "training the dialogue failed; its lines above say why", console, quiet=True)


def _dialogue_hash() -> str:
    settings = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf8"))
    digest = hashlib.sha256(repr([settings.get(key) for key in _RASA_KEYS]).encode())
    for path in sorted(p for source in _SOURCES for p in (ROOT / source).rglob("*.yml")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()


def _run(command: list[str], hint: str, console: Console, *, quiet: bool = False) -> None:
    environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=quiet, text=True, check=False)
    if done.returncode != 0:
        if quiet:
            console.print((done.stdout + done.stderr)[-3000:], highlight=False, markup=False)
        console.print(f"[red]error:[/red] {hint}", highlight=False)
        raise typer.Exit(1)


def main() -> None:
    """`python -m ops.train`: both, whether needed or not."""
    console = Console()
    _run([sys.executable, "-m", "bot.nlu.train"], "training the understanding failed; its lines above say why", console)
    dialogue(console)
    note_trained(ROOT / DIALOGUE_MODEL, _dialogue_hash())


if __name__ == "__main__":
    main()
