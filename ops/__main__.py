"""Starts, stops and shows the running system: `python -m ops up|down|status|logs`. Called by make, inside the main environment."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import time
from http.client import HTTPException
from pathlib import Path
from typing import Any, NoReturn
from xmlrpc.client import Error as XmlRpcError
from xmlrpc.client import ServerProxy

import httpx
import typer
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]

from bot.settings import ConfigError, Settings, load_settings
from ops import train
from ops.processes import ROOT, VAR, Program, make_private, programs, socket_path, supervisor_config
from ops.secrets import load_or_make
from server.listening import family_of, local_host, local_url

app = typer.Typer(add_completion=False, help=__doc__)
console = Console()
READY_WITHIN_S = 120
_MOST_ENDS = 2
_REMEDY = dict.fromkeys(("nlu", "dialogue"), "train again with `make train`, then `make run`; if that does not help, ")


@app.command()
def up() -> None:
    """Train what is missing, start the four processes, wait until each is ready, say where to click."""
    settings = _settings()
    try:
        password = _bring_up(settings)
    except OSError as error:
        _fail(
            f"{error.filename or VAR}: {error.strerror or error}. Make room there or let this user read and write it "
            "(ZHANGGUI_VAR names another folder for all that is written), then run make run again."
        )
    _tell(settings, password)


def _bring_up(settings: Settings) -> str:
    """Start what does not run yet and wait for it; the password of the demo desk. Raises `OSError` when nothing can be written."""
    make_private(VAR)
    secrets = load_or_make(VAR / "secrets.env")
    wanted = programs(settings, secrets)
    if _running():
        console.print("Already running.")
        return secrets["ZHANGGUI_DEMO_AGENT_PASSWORD"]
    _need_free_ports(wanted)
    train.if_needed(console)
    os.umask(0o077)
    _supervise(wanted)
    _wait(wanted)
    return secrets["ZHANGGUI_DEMO_AGENT_PASSWORD"]


def _supervise(wanted: list[Program]) -> None:
    """Start supervisor, which starts the processes; when it does not start, that is said in one sentence."""
    (VAR / "log").mkdir(exist_ok=True)
    config = VAR / "supervisord.conf"
    config.touch(mode=0o600)
    config.chmod(0o600)
    config.write_text(supervisor_config(wanted, VAR))
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(config)]
    started = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if started.returncode != 0:
        said = (started.stderr or started.stdout).strip().splitlines() or ["it said nothing"]
        _fail(f"supervisor, which starts the processes, does not start with {config}: {said[-1]}")


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
        host = local_host(program.host)
        with socket.socket(family_of(host)) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, program.port))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    _fail(f"the {program.name} process cannot listen on {host} port {program.port}: {error.strerror}. Change config.yml.")
                _fail(
                    f"port {program.port}, which the {program.name} process needs, is in use by another program. "
                    f"Stop that program, or set {program.name}.port in config.yml (or ZHANGGUI_{program.name.upper()}__PORT)."
                )


def _wait(wanted: list[Program]) -> None:
    """Until every process answers. Gives up on one that ended twice, that supervisor gave up on, or that takes too long."""
    deadline = time.monotonic() + READY_WITHIN_S
    left = {program.name: program for program in wanted}
    ends: dict[str, set[int]] = {name: set() for name in left}
    with console.status("starting") as shown:
        while left:
            for name, program in list(left.items()):
                if _answers(program):
                    console.print(f"  {name} ready")
                    del left[name]
            shown.update("starting " + ", ".join(left))
            told = _told_by_supervisor()
            for name in left:
                ends[name] |= {told[name]["stop"]} - {0}
                if len(ends[name]) >= _MOST_ENDS or told[name]["statename"] == "FATAL":
                    _give_up(name, "ends again and again while starting")
            if left and time.monotonic() > deadline:
                _give_up(next(iter(left)), f"is not ready after {READY_WITHIN_S} s")
            time.sleep(0.3)


def _answers(program: Program) -> bool:
    try:
        return httpx.get(local_url(program.host, program.port) + program.ready_path, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _give_up(name: str, what: str) -> NoReturn:
    log = VAR / "log" / f"{name}.log"
    said = log.read_text(errors="replace").strip().splitlines()[-1:] if log.exists() else []
    _ctl("shutdown")
    _fail(f"the {name} process {what}: {_REMEDY.get(name, '')}read {log}" + (f" (last line: {said[0]})" if said else ""))


def _told_by_supervisor() -> dict[str, dict[str, Any]]:
    """Name → `statename`, `stop` (second at which it last ended, 0 for never) and more of each process."""
    transport = SupervisorTransport(serverurl=f"unix://{socket_path(VAR)}")
    try:
        found: Any = ServerProxy("http://127.0.0.1", transport=transport).supervisor.getAllProcessInfo()
    except (OSError, HTTPException, XmlRpcError):
        _fail(f"supervisor, which starts the processes, has ended: read {VAR / 'log' / 'supervisord.log'}")
    return {str(info["name"]): info for info in found}


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
    base = local_url(settings.server.host, settings.server.port)
    lines = [
        f"shop with the chat widget   {base}/",
        f"agent console               {base}/desk/" + (f"   name 小林, password {password}" if settings.demo else ""),
        f"API                         {base}/openapi.json",
        "",
        "stop: make stop    logs: make logs    status: make status",
    ]
    console.print(Panel("\n".join(lines), title="掌柜 Zhanggui is ready", expand=False))


def _fail(sentence: str) -> NoReturn:
    console.print(f"[red]error:[/red] {escape(sentence)}", highlight=False, soft_wrap=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    app()
