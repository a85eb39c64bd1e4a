"""Idempotency keys: the same confirmed wish gives the same key, however often the turn is run."""

from __future__ import annotations

import hashlib


def idempotency_key(conversation_id: str, form_instance: str, *what: str) -> str:
    """32 hex digits from the conversation, the instance of the form (the message that opened it) and the confirmed values."""
    joined = "\x1f".join((conversation_id, form_instance, *what))
    return hashlib.sha256(joined.encode()).hexdigest()[:32]
