"""What the shopper told before of what went wrong: a complaint or a wish for compensation takes it over and does not ask again."""

from __future__ import annotations

import re

from actions.remedies import blamed
from actions.turn import Said, Turn
from actions.words import CHINESE

MEANINGFUL_CHARS = 8
"""A shorter message names a want and tells nothing of it."""
LONGEST = 500
_CLASS_OF = {
    "payment_problem": "system",
    "account_problem": "system",
    "urge_shipment": "logistics",
    "urge_delivery": "logistics",
    "report_not_received": "logistics",
    "report_damaged": "goods_aftersale",
    "report_wrong_or_missing": "goods_aftersale",
    "report_quality": "goods_aftersale",
    "request_repair": "goods_aftersale",
}
"""The class of a complaint about it (requirement R062)."""
_MESSAGES = 6
"""What is further back is another matter."""
_ANSWERS = re.compile(r"[嗯好行]*[，,\s]*(确认|提交)|(yes|ok|sure)\b", re.IGNORECASE)
"""How an answer to a confirmation begins, which tells nothing new."""
_LEAD = re.compile(r"^(?:(?:不是(?:这个|这样|的)?|不对|错了)[，,。.\s]*)?我(?:说|问|讲|要办)的是[，,：:\s]*|^(?:不是这个|不对)[，,。.\s]+")
"""不是这个 我说的是…: what was misunderstood is no part of the story."""
_TELLS = frozenset({*_CLASS_OF, "complain", "request_compensation"})


def plainly(text: str) -> str:
    """A story without the words that take back a misunderstanding."""
    return _LEAD.sub("", text)


def tells(text: str) -> bool:
    return sum(char.isalnum() for char in text) >= MEANINGFUL_CHARS


def whole_story(turn: Turn, said: str | None) -> str | None:
    """What was told before, in order, then `said`; None when nothing was."""
    before = [blamed(told.intent, told.text.strip(), turn.language) for told in _told(turn)]
    between = "；" if turn.language.startswith(CHINESE) else "; "
    return between.join(dict.fromkeys([*before, *([said] if said else [])]))[:LONGEST] or None


def class_of(turn: Turn) -> str | None:
    """The class of a complaint: that of what went wrong first, else what the message says."""
    return next((_CLASS_OF[said.intent] for said in _told(turn) if said.intent in _CLASS_OF), turn.complaint_class)


def _told(turn: Turn) -> list[Said]:
    recent = turn.earlier[-_MESSAGES:]
    return [said for said in recent if said.intent in _TELLS and tells(said.text) and not _ANSWERS.match(said.text)]
