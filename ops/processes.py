"""The four processes as supervisor programs: command, environment, log file."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.settings import ServerSection, Settings
from server.listening import LOCAL, local_url

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("ZHANGGUI_VAR") or ROOT / "var").resolve()
"""Everything this installation writes: databases, logs, secrets. Another folder runs a second system beside the first."""
DIALOGUE_MODEL = "models/dialogue/dialogue.tar.gz"


@dataclass(frozen=True)
class Program:
    """`ready_path` answers 200 on `host` and `port` when the process can do its work."""

    name: str
    command: str
    environment: Mapping[str, str]
    port: int
    ready_path: str
    host: str = LOCAL


def programs(settings: Settings, secrets: Mapping[str, str]) -> list[Program]:
    main, rasa = ROOT / ".venv/main/bin/python", ROOT / ".venv/rasa/bin/python"
    common = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "ZHANGGUI_INTERNAL_SECRET": secrets["ZHANGGUI_INTERNAL_SECRET"]}
    for_rasa = {
        **common,
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "2",
        "OMP_NUM_THREADS": "1",
        "SANIC_HOST": "127.0.0.1",
        "ZHANGGUI_ACTIONS_URL": f"http://127.0.0.1:{settings.actions.port}",
        "ZHANGGUI_ACTIONS_PORT": str(settings.actions.port),
        "ZHANGGUI_NLU_URL": f"http://127.0.0.1:{settings.nlu.port}",
        "ZHANGGUI_DIALOGUE_DB": str(VAR / "dialogue.db"),
        "ZHANGGUI_SHOP_NAME": settings.shop.name,
        "ZHANGGUI_SHOP_NAME_EN": settings.shop.name_en or settings.shop.name,
    }
    shop_url = settings.shop.url or f"{local_url(settings.server.host, settings.server.port)}/demo/shop"
    for_actions = {
        **for_rasa,
        "ZHANGGUI_SHOP_URL": str(shop_url),
        "ZHANGGUI_SHOP_KEY": secrets["ZHANGGUI_SHOP_KEY"],
        "ZHANGGUI_SHOP_TIMEOUT_S": str(settings.shop.timeout_s),
        "ZHANGGUI_AFTER_FALLBACKS": str(settings.handoff.after_fallbacks),
    }
    rasa_run = (
        f"{rasa} -m rasa run -i 127.0.0.1 -p {settings.dialogue.port} -m {DIALOGUE_MODEL}"
        " --endpoints bot/endpoints.yml --credentials bot/credentials.yml"
    )
    for_server = {**common, **secrets, **_places(settings.server)}
    return [
        Program("actions", f"{rasa} -m actions", for_actions, settings.actions.port, "/health"),
        Program("nlu", f"{main} -m bot.nlu.app", common, settings.nlu.port, "/readyz"),
        Program("dialogue", rasa_run, for_rasa, settings.dialogue.port, "/webhooks/zhanggui/"),
        Program("server", f"{main} -m server.app", for_server, settings.server.port, "/healthz", settings.server.host),
    ]


def _places(server: ServerSection) -> dict[str, str]:
    """Database and images of the server in `VAR`, unless the settings name other places."""
    unset = ServerSection()
    places = {}
    if server.database_url == unset.database_url:
        places["ZHANGGUI_SERVER__DATABASE_URL"] = f"sqlite:///{VAR / 'zhanggui.db'}"
    if server.files_dir == unset.files_dir:
        places["ZHANGGUI_SERVER__FILES_DIR"] = str(VAR / "files")
    return places


def make_private(folder: Path) -> None:
    """A folder that only its owner enters: it holds what shoppers wrote."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def socket_path(folder: Path) -> Path:
    """Where supervisor listens: in `folder`, or in the system's temporary folder when that path is too long for a socket."""
    path = folder / "supervisor.sock"
    if len(str(path)) < 100:
        return path
    return Path(tempfile.gettempdir()) / f"zhanggui-{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}.sock"


def supervisor_config(all_programs: list[Program], folder: Path) -> str:
    """Text of supervisord.conf; logs in `folder`/log, rotated at 10 MB."""
    head = f"""[unix_http_server]
file={socket_path(folder)}
chmod=0700

[supervisord]
logfile={folder}/log/supervisord.log
pidfile={folder}/supervisord.pid
directory={ROOT}
umask=077
minfds=4096

[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix://{socket_path(folder)}
"""
    return head + "".join(_section(program, folder) for program in all_programs)


def _section(program: Program, folder: Path) -> str:
    environment = ",".join(f'{key}="{_escaped(value)}"' for key, value in program.environment.items())
    return f"""
[program:{program.name}]
command={program.command}
environment={environment}
autorestart=true
startsecs=2
startretries=5
stopasgroup=true
killasgroup=true
stopwaitsecs=8
redirect_stderr=true
stdout_logfile={folder}/log/{program.name}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""


def _escaped(value: str) -> str:
    return value.replace("%", "%%").replace('"', '\\"')
