"""People at the desk, from the command line: `python -m server.console add 小王 --role supervisor` asks for a password."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer
from argon2 import PasswordHasher

from bot.settings import ConfigError, load_settings
from server.store.database import Store
from server.store.migrate import ForeignDatabase, migrate
from server.store.people import put_agent
from server.store.records import Agent
from server.tokens import new_id

app = typer.Typer(add_completion=False, help=__doc__)
_LEAST_CHARS = 10


class Role(str, Enum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ENGINEER = "engineer"
    ADMIN = "admin"


@app.callback()
def _commands() -> None:
    """Keeps `add` a command of its own while it is the only one."""


@app.command()
def add(
    name: str, role: Role = Role.AGENT, password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = ""
) -> None:
    """Add a person, or set role and password of the one with this name."""
    if len(password) < _LEAST_CHARS:
        raise typer.BadParameter(f"a password has at least {_LEAST_CHARS} characters")
    try:
        settings = load_settings()
        store = Store(settings.server.database_url)
        with store.engine.begin() as connection:
            migrate(connection, demo=settings.demo)
            put_agent(connection, Agent(new_id("a"), name, role.value, PasswordHasher().hash(password)))
        store.close()
    except (ConfigError, ForeignDatabase) as error:
        raise typer.BadParameter(str(error)) from error
    typer.echo(f"{name} may sign in at /desk/ as {role.value}.")


if __name__ == "__main__":
    app()
