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
    stamp, wanted = (ROOT / DIALOGUE_MODEL).with_suffix(".sha256"), _dialogue_hash()
    if not (ROOT / DIALOGUE_MODEL).exists() or not stamp.exists() or stamp.read_text() != wanted:
        dialogue(console)
        stamp.write_text(wanted)


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
    Path((ROOT / DIALOGUE_MODEL).with_suffix(".sha256")).write_text(_dialogue_hash())


if __name__ == "__main__":
    main()
