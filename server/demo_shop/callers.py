"""Who asks, and when: what every call to the shop carries besides its own arguments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

SHOP_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has one zone and no summer time."""


@dataclass(frozen=True)
class Caller:
    """`shopper_id` is None for an anonymous reader; `verified_phone` (four digits) is what such a reader knows about one order;
    `client` is a hash of the reader's address, on which wrong guesses are counted. `now` is aware, in the shop's zone."""

    now: datetime
    shopper_id: str | None = None
    client: str | None = None
    verified_phone: str | None = None
