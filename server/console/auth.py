"""Sign-in of agents: argon2 passwords, a session as cookie or bearer token, and a look at `Origin` for the cookie."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from starlette.requests import HTTPConnection

from bot.core.errors import Forbidden, Unauthorized
from server.clock import Clock
from server.limits import RateLimiter
from server.store import people
from server.store.database import Store
from server.store.records import Agent
from server.tokens import hash_secret, new_id, new_secret

COOKIE = "zhanggui_agent"
SESSION_S = 12 * 3600
_SAFE = ("GET", "HEAD", "OPTIONS")


class Sessions:
    """Who is signed in."""

    def __init__(self, store: Store, *, clock: Clock, limiter: RateLimiter) -> None:
        self._store = store
        self._clock = clock
        self._limiter = limiter
        self._hasher = PasswordHasher()
        self._quick = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)

    async def login(self, name: str, password: str, *, client: str) -> tuple[str, Agent]:
        """A new session token; raises `Unauthorized` alike for an unknown name and a wrong password."""
        self._limiter.check(f"{client}|{name}")
        agent = await self._store.read(people.agent_by_name, name)
        if not await asyncio.to_thread(self._fits, agent.password_hash if agent else self._hasher_decoy, password) or agent is None:
            raise Unauthorized("name or password is wrong")
        token = new_secret("a")
        expires_at = self._clock() + SESSION_S
        await self._store.write(people.add_agent_session, token_hash=hash_secret(token), agent_id=agent.id, expires_at=expires_at)
        return token, agent

    async def logout(self, connection: HTTPConnection) -> None:
        token = _token(connection)
        if token is not None:
            await self._store.write(people.end_agent_session, hash_secret(token))

    async def agent(self, connection: HTTPConnection) -> Agent:
        """Who makes this request; raises `Unauthorized`, or `Forbidden` for a page of another origin that rides on the cookie.

        Only a bearer token makes the look at `Origin` needless; with one the cookie is not read.
        """
        if _bearer(connection) is None and not _is_safe(connection):
            check_origin(connection)
        token = _token(connection)
        agent = await self.agent_of(token) if token else None
        if agent is None:
            raise Unauthorized("sign in first")
        return agent

    async def agent_of(self, token: str) -> Agent | None:
        return await self._store.read(people.agent_by_session, hash_secret(token), self._clock())

    def new_agent(self, name: str, role: str, password: str, *, random: bool = False, fixture_id: str | None = None) -> Agent:
        """An agent to be stored. A `random` password needs no slow hash."""
        hasher = self._quick if random else self._hasher
        return Agent(new_id("a"), name, role, hasher.hash(password), fixture_id)

    @property
    def _hasher_decoy(self) -> str:
        """A hash nobody has the password of, so that an unknown name takes as long as a known one."""
        return "$argon2id$v=19$m=65536,t=3,p=4$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

    def _fits(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False


def check_origin(connection: HTTPConnection) -> None:
    """A browser names the page a request comes from; only our own pages may use the cookie. Raises `Forbidden`."""
    origin = connection.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        raise Forbidden("this page may not act for an agent")


def _is_safe(connection: HTTPConnection) -> bool:
    return connection.scope["type"] == "http" and connection.scope["method"] in _SAFE


def _token(connection: HTTPConnection) -> str | None:
    return _bearer(connection) or connection.cookies.get(COOKIE)


def _bearer(connection: HTTPConnection) -> str | None:
    """The bearer token; None for no `Authorization` and for one of another kind."""
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" and token else None
