"""Options of a product as a shopper says them: "L", "黑", "黑色 L 码"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence


def plain(text: str) -> str:
    """Half-width, upper case, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def named_value(values: Iterable[str], wanted: str) -> str | None:
    """The one of `values` that `wanted` names: equal, else contained in it (the longest), else equal in a part (03 for 03正红,
    黑 for 黑色)."""
    said = plain(wanted)
    known = {plain(v): v for v in values}
    tokens = _parts(said)
    for token in (said, *tokens):
        if token in known:
            return known[token]
    inside = [value for value in known if len(value) > 1 and _stands_in(value, said)]
    if inside:
        return known[max(inside, key=len)]
    bare = {part: value for form, value in known.items() for part in (*_parts(form), _bare(form))}
    return next((bare[_bare(token)] for token in tokens if _bare(token) in bare), None)


def named_values(options: Mapping[str, Sequence[str]], wanted: str) -> dict[int, str]:
    """What `wanted` says of each dimension of `options`, by the place of the dimension."""
    found = {place: named_value(values, wanted) for place, values in enumerate(options.values())}
    return {place: value for place, value in found.items() if value is not None}


def has_values(option: str, values: Mapping[int, str]) -> bool:
    """Whether a combination as the catalogue writes it ("黑色/L") has these values in these places."""
    parts = option.split("/")
    return all(place < len(parts) and parts[place] == value for place, value in values.items())


def _stands_in(value: str, said: str) -> bool:
    """Contained, and not as a part of a longer number or Latin word: XL does not stand in XXL."""
    before, after = ("(?<![A-Z0-9])" if value[0].isascii() else ""), ("(?![A-Z0-9])" if value[-1].isascii() else "")
    return re.search(before + re.escape(value) + after, said) is not None


def _parts(said: str) -> list[str]:
    """Split at slashes and between Chinese and Latin writing: 白色L码 → 白色, L, 码."""
    parts = re.split(r"[/、,，;；]|(?<=[一-鿿])(?=[A-Z0-9])|(?<=[A-Z0-9])(?=[一-鿿])", said)
    return [part for part in parts if _bare(part)]


def _bare(part: str) -> str:
    return re.sub(r"[色码号的]+$", "", part)
