"""Bring the database to the current schema (Alembic) and keep the mark of who made it."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, insert, inspect, select

from server.store.tables import meta

MADE_BY = "made_by"
DEMO, REAL = "demo", "real"


class ForeignDatabase(Exception):
    """Demo mode was pointed at a database that demo mode did not make, or the other way round."""


def migrate(connection: Connection, *, demo: bool) -> None:
    """Upgrade to the newest revision inside the given transaction; raises `ForeignDatabase` before anything is changed."""
    wanted = DEMO if demo else REAL
    existing = set(inspect(connection).get_table_names())
    if existing and _made_by(connection, existing) != wanted:
        raise ForeignDatabase(
            f"the database was made in {_made_by(connection, existing) or 'another program'}"
            f" mode and demo is {str(demo).lower()}: set another server.database_url"
        )
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if not existing:
        connection.execute(insert(meta), {"name": MADE_BY, "value": wanted})


def _made_by(connection: Connection, tables: set[str]) -> str | None:
    if meta.name not in tables:
        return None
    return connection.execute(select(meta.c.value).where(meta.c.name == MADE_BY)).scalar()
