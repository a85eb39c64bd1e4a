"""Secrets of this installation: made at first start, kept in var/secrets.env (mode 600), never in a default value."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

NAMES = ("ZHANGGUI_INTERNAL_SECRET", "ZHANGGUI_SHOP_KEY", "ZHANGGUI_TOKEN_KEY", "ZHANGGUI_CHANNEL_KEY", "ZHANGGUI_DEMO_AGENT_PASSWORD")


def load_or_make(path: Path) -> dict[str, str]:
    """The secrets in `path`, with those that are missing made and written; the environment overrides a value."""
    kept = dict(line.split("=", 1) for line in path.read_text().splitlines() if "=" in line) if path.exists() else {}
    missing = [name for name in NAMES if not kept.get(name)]
    if missing:
        kept |= {name: secrets.token_urlsafe(12 if name.endswith("PASSWORD") else 32) for name in missing}
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as out:
            out.writelines(f"{name}={value}\n" for name, value in kept.items())
    return {name: os.environ.get(name, value) for name, value in kept.items()}
