"""What a shopper finds when a chat opens: the shop, the hot questions, whether people are there, and the page's subject."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

from bot.core.errors import NotFound, Unavailable
from knowledge_base.articles import ArticleError, read_article
from server.clock import Clock, Desk
from server.shop_client import ShopClient
from server.store.records import Conversation

logger = logging.getLogger(__name__)

_SUBJECT_TIMEOUT_S = 1.5


class Welcome:
    """`hot_questions` are topic ids; their titles are read once, at the first chat."""

    def __init__(self, shop_name: str, hot_questions: list[str], shop: ShopClient, desk: Desk, *, articles: Path, clock: Clock) -> None:
        self._shop_name = shop_name
        self._hot_ids = hot_questions
        self._shop = shop
        self._desk = desk
        self._articles = articles
        self._clock = clock
        self._hot: list[dict[str, str]] | None = None

    async def fields(self, conversation: Conversation, page: str | None) -> dict[str, Any]:
        """What the `welcome` event says beside session and owner."""
        if self._hot is None:
            self._hot = await asyncio.to_thread(self._titles)
        now = self._desk.local(self._clock(), conversation.clock_shift_s)
        opens_at = self._desk.opens_at(now).isoformat(timespec="seconds")
        subject = await self._subject(conversation, page)
        return {
            "shop": self._shop_name,
            "hot": self._hot,
            "desk": {"open": self._desk.is_open(now), "opens_at": opens_at},
            **({"subject": subject} if subject else {}),
        }

    async def _subject(self, conversation: Conversation, page: str | None) -> dict[str, Any] | None:
        """The card of `sku:…` or of the shopper's own `order:…`; nothing when the shop does not know it or is slow."""
        kind, _, name = (page or "").partition(":")
        now = self._desk.local(self._clock(), conversation.clock_shift_s)
        try:
            async with asyncio.timeout(_SUBJECT_TIMEOUT_S):
                if kind == "sku" and name.isalnum():
                    return await self._shop.product_card(name, now=now)
                if kind == "order" and name.isdigit() and conversation.shopper_id:
                    return await self._shop.order_card(name, shopper_id=conversation.shopper_id, now=now)
        except (NotFound, Unavailable, TimeoutError):
            pass
        return None

    def _titles(self) -> list[dict[str, str]]:
        found = []
        for topic in self._hot_ids:
            try:
                found.append({"title": read_article(self._articles / f"{topic}.md").title})
            except (OSError, ArticleError) as error:
                logger.warning("the hot question %s is left out: %s", topic, error)
        return found
