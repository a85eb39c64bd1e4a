"""A place in a list as shoppers say it."""

from __future__ import annotations

import re

_ORDINAL = re.compile(r"第\s*([一二三四五六七八九1-9])\s*[个单件条款双种]|^([1-9])$")
_DIGITS = {c: i for i, c in enumerate("一二三四五六七八九", 1)}


def place_in(text: str) -> int | None:
    """A place in a list, counted from 1: 第二个, 2."""
    ordinal = _ORDINAL.search(text.strip())
    said = ordinal and (ordinal.group(1) or ordinal.group(2))
    return (_DIGITS.get(said) or int(said)) if said else None


def is_place(text: str) -> bool:
    """Whether the message is a place in a list and nothing else."""
    return _ORDINAL.fullmatch(text.strip()) is not None
