"""The parts of a run-on message, for questions about it that one look at the whole does not answer. Pure rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

_MOST_CLAUSES = 4
_BOUNDARY = re.compile(r"[,，。.!！?？;；~～、\n]+\s*|(?<=[\u4e00-\u9fff])\s+|\s+(?=[\u4e00-\u9fff])")


@dataclass(frozen=True)
class Clause:
    """A part of a message; `end` is the offset behind it and the mark that follows it."""

    text: str
    end: int


def clauses(text: str) -> list[Clause]:
    """The first parts of a message, cut at punctuation and, in Chinese, at blanks."""
    found, start = [], 0
    for mark in [*_BOUNDARY.finditer(text), None]:
        stop, end = (mark.start(), mark.end()) if mark else (len(text), len(text))
        if any(char.isalnum() for char in text[start:stop]):
            found.append(Clause(text[start:stop].strip(), end))
        start = end
    return found[:_MOST_CLAUSES]
