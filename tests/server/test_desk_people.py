"""`python -m server.console add`: people at the desk outside demo mode."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from server.console.__main__ import app
from server.store.database import Store
from server.store.people import agent_by_name


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    config = tmp_path / "config.yml"
    url = f"sqlite:///{tmp_path}/server.db"
    config.write_text(f"demo: false\nserver: {{database_url: '{url}'}}\n")
    monkeypatch.setenv("ZHANGGUI_CONFIG", str(config))
    return url


async def test_a_person_is_added_with_a_role_and_a_hashed_password(database: str) -> None:
    done = CliRunner().invoke(app, ["add", "小王", "--role", "supervisor", "--password", "long-enough-password"])

    assert done.exit_code == 0, done.output
    store = Store(database)
    agent = await store.read(agent_by_name, "小王")
    store.close()
    assert agent is not None
    assert (agent.role, agent.password_hash[:9]) == ("supervisor", "$argon2id")


async def test_a_short_password_is_refused(database: str) -> None:
    done = CliRunner().invoke(app, ["add", "小王", "--password", "short"])

    assert done.exit_code != 0
    assert "10" in done.output
