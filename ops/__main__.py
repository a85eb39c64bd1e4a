"""Starts, stops and shows the running system: `python -m ops up|down|status|logs`. Called by make, inside the main environment."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

import httpx
import typer
from rich.console import Console
from rich.panel import Panel

from bot.settings import ConfigError, Settings, load_settings
from ops import train
from ops.processes import ROOT, VAR, Program, make_private, programs, socket_path, supervisor_config
from ops.secrets import load_or_make

app = typer.Typer(add_completion=False, help=__doc__)
console = Console()
READY_WITHIN_S = 120


@app.command()
def up() -> None:
    """Train what is missing, start the four processes, wait until each is ready, say where to click."""
    settings = _settings()
    make_private(VAR)
    secrets = load_or_make(VAR / "secrets.env")
    wanted = programs(settings, secrets)
    if _running():
        console.print("Already running.")
        _tell(settings, secrets["ZHANGGUI_DEMO_AGENT_PASSWORD"])
        return
    _need_free_ports(wanted)
    train.if_needed(console)
    os.umask(0o077)
    (VAR / "log").mkdir(exist_ok=True)
    config = VAR / "supervisord.conf"
    config.touch(mode=0o600)
    config.chmod(0o600)
    config.write_text(supervisor_config(wanted, VAR))
    subprocess.run([sys.executable, "-m", "supervisor.supervisord", "-c", str(config)], cwd=ROOT, check=True)
    _wait(wanted)
    _tell(settings, secrets["ZHANGGUI_DEMO_AGENT_PASSWORD"])


@app.command()
def down() -> None:
    """Stop everything that `up` started."""
    if not _running():
        console.print("Nothing is running.")
        return
    _ctl("shutdown")
    while _running():
        time.sleep(0.2)
    console.print("Stopped.")


@app.command()
def status() -> None:
    """The processes, since when they run, and how often they were restarted (see var/log/supervisord.log)."""
    console.print(_ctl("status") if _running() else "Nothing is running.")


@app.command()
def logs(follow: bool = typer.Option(True, help="go on showing new lines")) -> None:
    """The logs of all processes."""
    files = sorted(str(path) for path in (VAR / "log").glob("*.log"))
    subprocess.run(["tail", "-n", "20", *(["-F"] if follow else []), *files], check=False)


def _settings() -> Settings:
    """As the processes will read them: they start in another folder, so they are told the whole path."""
    file = Path(os.environ.get("ZHANGGUI_CONFIG") or ROOT / "config.yml").absolute()
    os.environ["ZHANGGUI_CONFIG"] = str(file)
    try:
        return load_settings(file)
    except ConfigError as error:
        _fail(str(error))


def _need_free_ports(wanted: list[Program]) -> None:
    for program in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", program.port))
            except OSError:
                _fail(
                    f"port {program.port}, which the {program.name} process needs, is in use by another program. "
                    f"Stop that program, or set {program.name}.port in config.yml (or ZHANGGUI_{program.name.upper()}__PORT)."
                )


def _wait(wanted: list[Program]) -> None:
    deadline = time.monotonic() + READY_WITHIN_S
    left = {program.name: program for program in wanted}
    with console.status("starting") as shown:
        while left:
            for name, program in list(left.items()):
                if _answers(program):
                    console.print(f"  {name} ready")
                    del left[name]
            shown.update("starting " + ", ".join(left))
            gone = [name for name in left if _state(name) == "FATAL"]
            if gone or time.monotonic() > deadline:
                _give_up((gone or list(left))[0])
            time.sleep(0.3)


def _answers(program: Program) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{program.port}{program.ready_path}", timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _give_up(name: str) -> None:
    log = VAR / "log" / f"{name}.log"
    last = log.read_text(errors="replace").strip().splitlines()[-5:] if log.exists() else []
    _ctl("shutdown")
    _fail(f"the {name} process does not start. Its last lines ({log}):\n  " + "\n  ".join(last))


def _state(name: str) -> str:
    words = _ctl("status", name).split()
    return words[1] if len(words) > 1 else ""


def _ctl(*words: str) -> str:
    command = [sys.executable, "-m", "supervisor.supervisorctl", "-c", str(VAR / "supervisord.conf"), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _running() -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        try:
            probe.connect(str(socket_path(VAR)))
        except OSError:
            return False
    return True


def _tell(settings: Settings, password: str) -> None:
    base = f"http://{settings.server.host}:{settings.server.port}"
    lines = [
        f"shop with the chat widget   {base}/",
        f"agent console               {base}/desk/" + (f"   name 小林, password {password}" if settings.demo else ""),
        f"API                         {base}/openapi.json",
        "",
        "stop: make stop    logs: make logs    status: make status",
    ]
    console.print(Panel("\n".join(lines), title="掌柜 Zhanggui is ready", expand=False))


def _fail(sentence: str) -> NoReturn:
    console.print(f"[red]error:[/red] {sentence}", highlight=False)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
