"""How `python -m ops` starts the processes: configuration, places, rights."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import typer
from fastapi.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from bot.settings import Settings
from ops import __main__ as ops_main
from ops import processes, train
from ops.processes import Program, make_private, programs, supervisor_config
from server import listening
from tests.server.stubs import listen, port_of, serving

SECRETS = {"ZHANGGUI_INTERNAL_SECRET": "i", "ZHANGGUI_SHOP_KEY": "s"}


def environment_of_server(settings: Settings) -> dict[str, str]:
    return _environment_of("server", settings)


def _environment_of(name: str, settings: Settings) -> dict[str, str]:
    return next(dict(program.environment) for program in programs(settings, SECRETS) if program.name == name)


async def test_another_folder_holds_all_that_the_server_writes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "VAR", tmp_path)

    environment = environment_of_server(Settings())

    assert environment["ZHANGGUI_SERVER__DATABASE_URL"] == f"sqlite:///{tmp_path}/zhanggui.db"
    assert environment["ZHANGGUI_SERVER__FILES_DIR"] == f"{tmp_path}/files"


async def test_places_that_the_settings_name_are_kept() -> None:
    environment = environment_of_server(Settings(server={"database_url": "postgresql+psycopg://db/shop", "files_dir": "/srv/files"}))

    assert not any(name.startswith("ZHANGGUI_SERVER__") for name in environment)


async def test_the_configuration_is_the_one_that_the_server_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own.yml").write_text("server: {port: 8123}")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ZHANGGUI_CONFIG", "own.yml")

    settings = ops_main._settings()

    assert settings.server.port == 8123
    assert ops_main.os.environ["ZHANGGUI_CONFIG"] == str(tmp_path / "own.yml")


async def test_what_is_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir(mode=0o755)

    make_private(folder)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "umask=077" in supervisor_config([], folder)


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own for supervisor, which is ended after the test."""
    monkeypatch.setattr(ops_main, "VAR", tmp_path)
    yield tmp_path
    if ops_main._running():
        ops_main._ctl("shutdown")


def program(folder: Path, script: str, *, name: str = "nlu") -> Program:
    """A program that runs a few lines of Python, and never answers."""
    (folder / f"{name}.py").write_text(script)
    return Program(name, f"{sys.executable} {folder}/{name}.py", {}, port_of(listen()), "/readyz")


async def test_a_process_that_ends_again_and_again_is_given_up_with_what_to_do(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It lives longer than `startsecs`, as a process does that loads a model first."""
    wanted = [program(var, "import time\ntime.sleep(2.3)\nraise SystemExit('the model is [/broken]')")]
    ops_main._supervise(wanted)
    began = time.monotonic()

    with pytest.raises(typer.Exit):
        ops_main._wait(wanted)

    assert time.monotonic() - began < 20
    said = capsys.readouterr().out
    assert "error: the nlu process ends again and again while starting: train again with `make train`" in said
    assert f"read {var}/log/nlu.log (last line: the model is [/broken])" in said


async def test_a_process_that_was_restarted_once_is_waited_for(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ops_main, "READY_WITHIN_S", 15)
    serve = "from http.server import HTTPServer, SimpleHTTPRequestHandler as H\nHTTPServer(('127.0.0.1', {}), H).serve_forever()"
    once = "import pathlib\nmark = pathlib.Path(__file__ + '.mark')\nif not mark.exists(): mark.touch(); raise SystemExit(1)\n"
    waits = program(var, "")
    (var / "nlu.py").write_text(once + serve.format(waits.port))
    wanted = [replace(waits, ready_path="/")]

    ops_main._supervise(wanted)
    ops_main._wait(wanted)

    assert (var / "nlu.py.mark").exists()


async def test_a_supervisor_that_does_not_start_is_one_sentence(var: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (var / "log/supervisord.log").mkdir(parents=True)

    with pytest.raises(typer.Exit):
        ops_main._supervise([program(var, "")])

    said = capsys.readouterr()
    assert said.out.startswith("error: supervisor, which starts the processes, does not start")
    assert (said.out.count("\n"), said.err) == (1, "")


async def test_a_folder_that_cannot_be_written_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    environment = {**os.environ, "ZHANGGUI_VAR": str(tmp_path / "file/var")}

    command = [sys.executable, "-m", "ops", "up"]
    done = await asyncio.to_thread(subprocess.run, command, env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith(f"error: {tmp_path}/file/var: Not a directory. Make room there or let this user")
    assert done.stdout.count("\n") == 1


async def test_a_dialogue_archive_that_was_changed_is_trained_again(tmp_path: Path) -> None:
    model = tmp_path / "dialogue.tar.gz"
    assert not train.is_current(model, "sources")
    model.write_bytes(b"as trained")
    assert not train.is_current(model, "sources")

    train.note_trained(model, "sources")

    assert train.is_current(model, "sources")
    assert not train.is_current(model, "other sources")
    model.write_bytes(b"as trai")
    assert not train.is_current(model, "sources")


@pytest.mark.parametrize(
    ("host", "reached_at"),
    [("127.0.0.1", "127.0.0.1"), ("localhost", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::1", "::1"), ("::", "::1")],
)
async def test_the_server_listens_on_its_address_and_is_probed_there(
    host: str, reached_at: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        listener = listening.listen(host, 0)
    except OSError as error:
        if ":" not in host:
            raise
        pytest.skip(f"no IPv6 here: {error}")
    settings = Settings(demo=host not in ("0.0.0.0", "::"), server={"host": host, "port": port_of(listener)})
    server = next(program for program in programs(settings, SECRETS) if program.name == "server")

    async with serving(_answers_ok, listener):
        assert await asyncio.to_thread(ops_main._answers, server)
        with pytest.raises(typer.Exit):
            ops_main._need_free_ports([server])

    assert f"port {server.port}, which the server process needs, is in use" in capsys.readouterr().out
    url = f"http://[{reached_at}]:{server.port}" if ":" in reached_at else f"http://{reached_at}:{server.port}"
    assert _environment_of("actions", settings)["ZHANGGUI_SHOP_URL"] == f"{url}/demo/shop"


async def _answers_ok(scope: Scope, _receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await JSONResponse({})(scope, _receive, send)
