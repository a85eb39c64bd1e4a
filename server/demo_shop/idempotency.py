"""A write happens at most once under its key: the outcome is stored in the transaction that makes the change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from bot.core.errors import Conflict, NotFound
from server.demo_shop.errors import NotAllowed
from server.demo_shop.models import Write


@dataclass(frozen=True)
class Outcome:
    """What a write answered: the HTTP status and body, and whether it had been stored before."""

    status: int
    body: dict[str, Any]
    replayed: bool = False


def fingerprint(operation: str, arguments: Mapping[str, Any]) -> str:
    """The same operation with the same values gives the same 64 hex digits."""
    text = json.dumps([operation, arguments], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def once(session: Session, shopper_id: str, key: str, print_: str, run: Callable[[], dict[str, Any]]) -> Outcome:
    """Run a write, or give the outcome that is stored under its key. A refusal by the shop's rules is an outcome too.

    Raises `Conflict` when the key was used for something else. What `run` raises besides `NotAllowed` is not stored.
    """
    stored = session.get(Write, (shopper_id, key))
    if stored is not None:
        if stored.fingerprint != print_:
            raise Conflict("这个 Idempotency-Key 已经用于另一个请求。", field="Idempotency-Key")
        return Outcome(stored.status, stored.body, replayed=True)
    outcome = _outcome(session, run)
    session.add(Write(shopper_id=shopper_id, key=key, fingerprint=print_, status=outcome.status, body=outcome.body))
    return outcome


def _outcome(session: Session, run: Callable[[], dict[str, Any]]) -> Outcome:
    try:
        return Outcome(200, run())
    except NotAllowed as refused:
        session.expunge_all()  # nothing was flushed yet: what time alone did to the rows is forgotten as well
        return Outcome(409, refusal_body(refused))


def refusal_body(refused: NotAllowed) -> dict[str, Any]:
    return {"error": {"code": refused.code, "reason": refused.reason, "message": refused.message}}


def stored_outcome(session: Session, shopper_id: str, key: str) -> Outcome:
    """Raises `NotFound` when nothing happened under the key."""
    stored = session.get(Write, (shopper_id, key))
    if stored is None:
        raise NotFound("没有这个 Idempotency-Key 的记录。")
    return Outcome(stored.status, stored.body, replayed=True)
