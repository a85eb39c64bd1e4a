"""Queries on agents and their sessions, demo fixtures and uploaded files."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, insert, select, update

from server.store.records import ACTIVE, Agent, File, Fixture
from server.store.tables import agent_sessions, agents, files, fixtures, handoffs


def agent_by_name(db: Connection, name: str) -> Agent | None:
    row = db.execute(select(agents).where(agents.c.name == name)).first()
    return Agent(**row._asdict()) if row else None


def agent_by_session(db: Connection, token_hash: str, now: float) -> Agent | None:
    query = select(agents).join(agent_sessions).where(agent_sessions.c.token_hash == token_hash, agent_sessions.c.expires_at > now)
    row = db.execute(query).first()
    return Agent(**row._asdict()) if row else None


def agent_names(db: Connection) -> dict[str, str]:
    return {row.id: row.name for row in db.execute(select(agents.c.id, agents.c.name))}


def put_agent(db: Connection, agent: Agent) -> None:
    """Add an agent, or set role and password of the one with this name."""
    values = {"role": agent.role, "password_hash": agent.password_hash}
    if db.execute(update(agents).where(agents.c.name == agent.name).values(**values)).rowcount == 0:
        db.execute(insert(agents), vars(agent))


def add_agent_session(db: Connection, *, token_hash: str, agent_id: str, expires_at: float) -> None:
    db.execute(insert(agent_sessions), {"token_hash": token_hash, "agent_id": agent_id, "expires_at": expires_at})


def end_agent_session(db: Connection, token_hash: str) -> None:
    db.execute(delete(agent_sessions).where(agent_sessions.c.token_hash == token_hash))


def add_fixture(db: Connection, fixture: Fixture, people: list[Agent]) -> None:
    db.execute(insert(fixtures), vars(fixture))
    db.execute(insert(agents), [vars(agent) for agent in people])


def add_file(db: Connection, file: File) -> None:
    db.execute(insert(files), vars(file))


def file(db: Connection, file_id: str) -> File | None:
    row = db.execute(select(files).where(files.c.id == file_id)).first()
    return File(**row._asdict()) if row else None


def desk(db: Connection, fixture_id: str | None) -> list[tuple[Agent, int]]:
    """The people who serve the shoppers of a pool, and how many conversations each of them holds."""
    held = (
        select(handoffs.c.agent_id, func.count().label("active")).where(handoffs.c.state == ACTIVE).group_by(handoffs.c.agent_id)
    ).subquery()
    mine = agents.c.fixture_id.is_(None) if fixture_id is None else agents.c.fixture_id == fixture_id
    query = select(agents, func.coalesce(held.c.active, 0).label("active")).outerjoin(held, held.c.agent_id == agents.c.id)
    found = []
    for row in db.execute(query.where(mine).order_by(agents.c.name)):
        values = row._asdict()
        active = values.pop("active")
        found.append((Agent(**values), active))
    return found
