"""A place in a list as shoppers say it."""

from __future__ import annotations

import re

_IN_ENGLISH = "first|second|third|fourth|fifth"
_ORDINAL = re.compile(
    r"第\s*([一二三四五六七八九1-9])\s*[个单件条款双种]|^([1-9])$"
    rf"|\bthe ({_IN_ENGLISH}) (?:one|order)\b|^(?:the )?({_IN_ENGLISH})(?: one)?$",
    re.IGNORECASE,
)
_DIGITS = {c: i for words in ("一二三四五六七八九", _IN_ENGLISH.split("|")) for i, c in enumerate(words, 1)}


def place_in(text: str) -> int | None:
    """A place in a list, counted from 1: 第二个, 2, the second one."""
    ordinal = _ORDINAL.search(text.strip(" .。!！,，"))
    said = next(filter(None, ordinal.groups()), "").lower() if ordinal else None
    return (_DIGITS.get(said) or int(said)) if said else None


def is_place(text: str) -> bool:
    """Whether the message is a place in a list and nothing else."""
    return _ORDINAL.fullmatch(text.strip()) is not None
