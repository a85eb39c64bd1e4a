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
    is_new = check_mark(connection, demo=demo)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if is_new:
        connection.execute(insert(meta), {"name": MADE_BY, "value": DEMO if demo else REAL})


def check_mark(connection: Connection, *, demo: bool) -> bool:
    """Whether the database is new and empty. Changes nothing; raises `ForeignDatabase` for one of the other mode or program."""
    existing = set(inspect(connection).get_table_names())
    if not existing:
        return True
    mode = _made_by(connection, existing)
    if mode != (DEMO if demo else REAL):
        maker = f"in {mode} mode" if mode else "by another program"
        raise ForeignDatabase(f"the database was made {maker} and demo is {str(demo).lower()}: set another server.database_url")
    return False


def _made_by(connection: Connection, tables: set[str]) -> str | None:
    if meta.name not in tables:
        return None
    return connection.execute(select(meta.c.value).where(meta.c.name == MADE_BY)).scalar()
