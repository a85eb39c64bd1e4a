"""How `python -m ops` starts the processes: configuration, places, rights."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.settings import Settings
from ops import __main__ as ops_main
from ops import processes
from ops.processes import make_private, programs, supervisor_config

SECRETS = {"ZHANGGUI_INTERNAL_SECRET": "i", "ZHANGGUI_SHOP_KEY": "s"}


def environment_of_server(settings: Settings) -> dict[str, str]:
    return next(dict(program.environment) for program in programs(settings, SECRETS) if program.name == "server")


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
