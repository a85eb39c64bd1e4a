"""Ratings, suggestions and the class of feedback (requirements R033, R063), read from a shopper's words. Pure rules."""

from __future__ import annotations

import re
from collections.abc import Sequence

COMPLAINT, SUGGESTION, CONSULTATION = "complaint", "suggestion", "consultation"
LOW_SCORE = 3
"""Up to this score we ask what went wrong."""

_LABELS = (
    (1, re.compile(r"(非常|很|特别|太|极其|十分)不满意|差评|very (dissatisfied|unsatisfied|unhappy)", re.IGNORECASE)),
    (2, re.compile(r"不(太|大|怎么|是很)?满意|dissatisfied|unsatisfied|not satisfied", re.IGNORECASE)),
    (3, re.compile(r"一般般?|中评|还行|凑合|neutral|so-so|average", re.IGNORECASE)),
    (5, re.compile(r"(非常|很|特别|十分|超级?|太)满意|满分|好评|very satisfied|very happy", re.IGNORECASE)),
    (4, re.compile(r"满意|satisfied", re.IGNORECASE)),
)
_RATING_WORDS = re.compile(
    r"[给打评选个了吧的你您们我要想来服务客这次就]|[零一二三四五六七八九十两\d]+\s*(?:个|颗)?[分星]|\d+|满分|[好中差]评|评价|(非常|很|太|特别|十分|比较|不)*满意|一般般?"
    r"|\b(i|give|you|a|an|the|rate|rating|it|of|stars?|out|points?|is|was|service|very|not|dis|un)?(satisfied)?\b",
    re.IGNORECASE,
)
_ANNOUNCING = re.compile(
    r"[我想有要给你您们提点个条些一下说可以能吗呢吧啊]|建议|意见|想法|反馈"
    r"|\b(i|have|a|an|some|few|suggestions?|ideas?|feedback|for|you|your|shop|would|like|want|to|make|give|leave|can|the|d)\b",
    re.IGNORECASE,
)
_BLAME = re.compile(r"差|失望|不满意|不行|垃圾|糟|难用|bad|poor|terrible|disappoint", re.IGNORECASE)
_ASKS_TO_RATE = re.compile(
    r"(想|要|来|去|怎么|哪里|可以|能).{0,4}(评价|打分|评分)|(打|评)个分|(leave|give).{0,12}(review|rating)", re.IGNORECASE
)
_NOTHING = re.compile(
    r"(没(有|什么|啥)?|不(用|想|说|了|评)|无|算了?|none|nothing|no(thing)?)\W*(想|要|可|好)?说?(的|了)?\W*", re.IGNORECASE
)
_LEAST_CHARS = 2


def score_of(said: Sequence[str], text: str) -> int | None:
    """A score of 1–5: the first number of `said` (figures; of ten when above five), else a verbal label of `text`."""
    number = next((int(value) for value in said if value.isdecimal()), None)
    if number is not None and number <= 10:
        return max(1, number if number <= 5 else (number + 1) // 2)
    return next((score for score, words in _LABELS if words.search(text)), None)


def comment_in(text: str) -> str | None:
    """The text itself when it says more than a score."""
    return text.strip() if _meaningful(_RATING_WORDS.sub("", text)) else None


def says_nothing_more(text: str) -> bool:
    """Whether an answer to "what went wrong" declines to say it."""
    return bool(_NOTHING.fullmatch(text.strip())) or not any(char.isalnum() for char in text)


def announces_only(text: str) -> bool:
    """Whether a message says that there is a suggestion and not which."""
    return not _meaningful(_ANNOUNCING.sub("", text))


def asks_to_rate(text: str) -> bool:
    return bool(_ASKS_TO_RATE.search(text))


def blames(text: str) -> bool:
    return bool(_BLAME.search(text))


def feedback_class(ticket_kind: str) -> str:
    """Complaint, suggestion or consultation (投诉 / 建议 / 咨询), from the kind of a ticket."""
    return ticket_kind if ticket_kind in (COMPLAINT, SUGGESTION) else CONSULTATION


def _meaningful(text: str) -> bool:
    return sum(char.isalnum() for char in text) >= _LEAST_CHARS
