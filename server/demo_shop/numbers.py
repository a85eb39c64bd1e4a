"""Numbers that look like those of a shop: orders, parcels, after-sales. Random, so that nobody can guess a neighbour's."""

from __future__ import annotations

import random
from datetime import datetime

_RESERVED = 990_000
"""Order numbers of a day from here on are never given out: `unknown_order_id` takes them."""
_PREFIX = {"顺丰": "SF", "中通": "ZT"}


def order_id(created_at: datetime, rng: random.Random) -> str:
    """Fourteen digits: the day, then six digits below the reserved ones."""
    return f"{created_at:%Y%m%d}{rng.randrange(_RESERVED):06d}"


def unknown_order_id(day: datetime, rng: random.Random) -> str:
    """A well-formed number that no order has or will ever have."""
    return f"{day:%Y%m%d}{rng.randrange(_RESERVED, 1_000_000):06d}"


def aftersale_id(created_at: datetime, rng: random.Random) -> str:
    """AS and twelve digits; too short to be taken for an order number."""
    return f"AS{created_at:%y%m%d}{rng.randrange(1_000_000):06d}"


def tracking_no(courier: str, rng: random.Random) -> str:
    return f"{_PREFIX[courier]}{rng.randrange(10**12, 10**13)}"
