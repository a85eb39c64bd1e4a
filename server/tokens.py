"""Tokens: the shopper's (signed by the shop), session secrets, button tokens, and hashes of what must not be stored in clear."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Any

import jwt

from bot.core.errors import Unauthorized

MAX_LIFE_S = 24 * 3600
BUTTON_LIFE_S = 30 * 60
BUTTON_TOKEN = re.compile(r"b_[A-Za-z0-9_-]{22,60}")
_LEEWAY_S = 60


@dataclass(frozen=True)
class Shopper:
    """Who a verified token names."""

    id: str
    level: str


class ShopperTokens:
    """HS256 tokens with `sub` (shopper id), `level`, `iat` and `exp`, at most 24 hours apart (contract: Chat)."""

    def __init__(self, key: str) -> None:
        self._key = key

    def issue(self, shopper: Shopper, *, now: float, life_s: int = MAX_LIFE_S) -> str:
        """Sign a token; only the demo shop does this here, a real shop signs its own."""
        claims = {"sub": shopper.id, "level": shopper.level, "iat": int(now), "exp": int(now) + life_s}
        return jwt.encode(claims, self._key, algorithm="HS256")

    def verify(self, token: str, *, now: float) -> Shopper:
        """The shopper of a token; raises `Unauthorized` for one that is not ours, expired or longer-lived than allowed."""
        try:
            claims = jwt.decode(
                token,
                self._key,
                algorithms=["HS256"],
                options={"require": ["sub", "level", "iat", "exp"], "verify_exp": False, "verify_iat": False, "verify_aud": False},
            )
        except (jwt.PyJWTError, ValueError) as exc:
            raise Unauthorized("the shopper token is not valid", field="shopper_token") from exc
        _check_times(_time(claims, "iat"), _time(claims, "exp"), now)
        if not _is_name(claims["sub"]) or not _is_name(claims["level"]):
            raise Unauthorized("the shopper token must name a shopper and a level", field="shopper_token")
        return Shopper(claims["sub"], claims["level"])


def _check_times(issued: float, expires: float, now: float) -> None:
    if expires <= now:
        raise Unauthorized("the shopper token has expired", field="shopper_token")
    if issued > now + _LEEWAY_S or expires - issued > MAX_LIFE_S:
        raise Unauthorized("a shopper token lives at most 24 hours from its issue", field="shopper_token")


def _time(claims: dict[str, Any], name: str) -> float:
    value = claims[name]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Unauthorized(f"{name} of the shopper token must be a number", field="shopper_token")
    return value


def _is_name(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 64


def new_id(prefix: str) -> str:
    """An id that does not tell how many came before, such as `c_5f0c…` (96 bits)."""
    return f"{prefix}_{secrets.token_hex(12)}"


def new_secret(prefix: str) -> str:
    """A secret of 192 bits: whoever has it is let in."""
    return f"{prefix}_{secrets.token_urlsafe(24)}"


def hash_secret(secret: str) -> str:
    """What is stored of a secret; random secrets need no salt."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class ClientHasher:
    """A keyed hash of network addresses, so that the shop can lock out one that guesses without ever seeing it."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def __call__(self, address: str | None) -> str:
        return hmac.new(self._key, f"client:{address or ''}".encode(), hashlib.sha256).hexdigest()[:16]
