"""One written form for what shoppers type, with the way back: every normalised character knows the span it came from.

NFKC (full-width → half-width, ligatures), lower case, traditional → simplified by character, zero-width characters out, white space
to one space, and runs of one character cut to two ("好好好好吃" → "好好吃"; digits and x stay: 1000, XXL).
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from importlib import resources

_JOINED_MARKS = frozenset("\u3099\u309a\uff9e\uff9f")  # Japanese voicing marks compose with the character before
_MAX_RUN = 2


@dataclass(frozen=True)
class Normalised:
    """`text` is normalised; character i of it came from `original[starts[i]:ends[i]]`."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Half-open span of the original for a half-open, non-empty span of the normalised text."""
        return self.starts[start], self.ends[end - 1]


def normalise(text: str) -> Normalised:
    """Normalise a message of any length; never raises, and gives an empty text for white space alone."""
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for char in _simple_form(text[start:end]):
            if char == " " and (not chars or chars[-1] == " "):
                continue
            if _run_is_full(chars, char):
                ends[-1] = end  # the span of the kept characters covers the whole run
                continue
            chars.append(char)
            starts.append(start)
            ends.append(end)
    while chars and chars[-1] == " ":
        chars.pop(), starts.pop(), ends.pop()
    return Normalised(text, "".join(chars), tuple(starts), tuple(ends))


def plain(text: str) -> str:
    """The normalised text alone, for training data and the index."""
    return normalise(text).text


def key(text: str) -> str:
    """What two phrasings must share to count as the same: letters, digits and ideographs of the normalised text."""
    return letters(plain(text))


def letters(text: str) -> str:
    """`key` of a text that is normalised already."""
    return "".join(char for char in text if char.isalnum())


def _clusters(text: str) -> list[tuple[int, int]]:
    """Spans of a base character with the combining marks that belong to it."""
    spans: list[tuple[int, int]] = []
    for i, char in enumerate(text):
        if spans and (char in _JOINED_MARKS or unicodedata.combining(char)):
            spans[-1] = (spans[-1][0], i + 1)
        else:
            spans.append((i, i + 1))
    return spans


@functools.lru_cache(maxsize=16_384)
def _simple_form(cluster: str) -> str:
    if cluster.isspace():
        return " "
    form = unicodedata.normalize("NFKC", cluster).lower().translate(_simplified())
    return "".join(" " if char.isspace() else char for char in form if _is_visible(char))


def _is_visible(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Mn") or char.isspace()


def _run_is_full(chars: list[str], char: str) -> bool:
    if char.isdigit() or char == "x" or len(chars) < _MAX_RUN:
        return False
    return all(before == char for before in chars[-_MAX_RUN:])


@functools.cache
def _simplified() -> dict[int, str]:
    """Character table of OpenCC (first choice of each); one character for one, so offsets stay simple."""
    table: dict[int, str] = {}
    source = resources.files("opencc").joinpath("dictionary/TSCharacters.txt").read_text(encoding="utf-8")
    for line in source.splitlines():
        traditional, _, simplified = line.strip().partition("\t")
        if len(traditional) == 1 and simplified:
            table[ord(traditional)] = simplified.split(" ")[0][0]
    return table
