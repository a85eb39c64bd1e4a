"""Which of several tickets a shopper means by what they say of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from server.store.records import Ticket

_KINDS = {"complaint": re.compile(r"投诉|complain", re.IGNORECASE), "suggestion": re.compile(r"建议|suggest", re.IGNORECASE)}
_OF_ANY = re.compile(
    r"第?[一二两三四五六七八九十\d]+个?|[那这哪]个?|单[子号]?|工单|登记|投诉|建议|什么时候|多久|怎么样?了?|处理|进[度展]|[回答]复|查|看|我的?|你们?|了|吗|呢|的|是"
    r"|\b(the|my|one|case|ticket|complaint|when|how|what|about|is|with|it|of)\b|[^\w]",
    re.IGNORECASE,
)
"""What is said of every ticket."""


def meant(said: str, tickets: Sequence[Ticket]) -> list[Ticket]:
    """Those that the words may mean: of a kind that is named, then those that share most of what was told; all when nothing tells."""
    of_kind = [ticket for ticket in tickets if (words := _KINDS.get(ticket.kind)) and words.search(said)] or list(tickets)
    told = _pairs(_OF_ANY.sub(" ", said))
    shared = [len(told & _pairs(ticket.detail)) for ticket in of_kind]
    most = max(shared, default=0)
    return [ticket for ticket, count in zip(of_kind, shared) if count == most] if most else of_kind


def _pairs(text: str) -> set[str]:
    """Its words in Latin letters, and its Chinese characters two by two."""
    lowered = text.lower()
    return {*re.findall(r"[a-z0-9]{3,}", lowered), *re.findall(r"(?=([\u4e00-\u9fff]{2}))", lowered)}
