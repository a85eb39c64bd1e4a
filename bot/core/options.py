"""Options of a product as a shopper says them: by value ("L", "黑的", "黑色 L 码") or by a step of size ("大一码").

`options` names each dimension and its values in the shop's order (sizes ascend), as in `Product.options` of docs/shop-api.yaml; a
combination is written with slashes ("黑色/M").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Options = Mapping[str, Sequence[str]]

_SIZE = re.compile(r"码|尺寸|size", re.IGNORECASE)
_COUNT = {"一": 1, "1": 1, "两": 2, "二": 2, "2": 2, "俩": 2}
_STEP = re.compile(
    r"(?<![偏了太买])(?P<way>[大小])(?:(?P<count>[一两二俩12])个?(?:[码号]|尺码)|(?:一?点|一?些)的?(?=$|[码号的吧])|个码)"
    r"|(?:(?P<size_count>one|two|1|2) )?(?:sizes? )(?P<direction>up|down|larger|bigger|smaller)",
    re.IGNORECASE,
)
_ENGLISH_COUNT = {None: 1, "one": 1, "1": 1, "two": 2, "2": 2}


def plain(text: str) -> str:
    """Half-width, upper case, without spaces."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


def named_value(values: Iterable[str], wanted: str) -> str | None:
    """The one of `values` that `wanted` names: equal, else contained in it (the longest), else equal in a part (03 for 03正红,
    黑 for 黑色), else spoken of as such (换个黑的)."""
    said = plain(wanted)
    known = {plain(v): v for v in values}
    tokens = _parts(said)
    for token in (said, *tokens):
        if token in known:
            return known[token]
    inside = [value for value in known if len(value) > 1 and _stands_in(value, said)]
    if inside:
        return known[max(inside, key=len)]
    bare = {part: value for form, value in known.items() for part in (*_parts(form), _bare(form)) if part}
    exact = next((bare[_bare(token)] for token in tokens if _bare(token) in bare), None)
    return exact or next((value for part, value in bare.items() if _stands_in(part, said, "[色的款]")), None)


def named_values(options: Options, wanted: str) -> dict[int, str]:
    """What `wanted` says of each dimension of `options`, by the place of the dimension."""
    found = {place: named_value(values, wanted) for place, values in enumerate(options.values())}
    return {place: value for place, value in found.items() if value is not None}


def has_values(option: str, values: Mapping[int, str]) -> bool:
    """Whether a combination has these values in these places."""
    parts = option.split("/")
    return all(place < len(parts) and parts[place] == value for place, value in values.items())


def find_option(options: Options, present: str, said: str) -> str | None:
    """The combination meant by the values in `said`, unnamed dimensions as in `present`; None when it names none of the values."""
    parts = present.split("/")
    named = {place: value for place, value in named_values(options, said).items() if place < len(parts)}
    return "/".join(named.get(place, part) for place, part in enumerate(parts)) if named else None


def step_said(said: str) -> int:
    """Sizes up (positive) or down that are asked for: 大一码 is 1, 小两码 is -2; 0 when none are (买大了一码 says what is wrong)."""
    found = _STEP.search(unicodedata.normalize("NFKC", said))
    if found is None:
        return 0
    if found["direction"]:
        count = _ENGLISH_COUNT[found["size_count"].lower() if found["size_count"] else None]
        return -count if found["direction"].lower() in ("down", "smaller") else count
    count = _COUNT[found["count"]] if found["count"] else 1
    return -count if found["way"] == "小" else count


def stepped(options: Options, present: str, step: int) -> str | None:
    """The combination `step` sizes from `present`; None beyond the last size, or where there are no sizes."""
    parts = present.split("/")
    for place, (dimension, values) in enumerate(options.items()):
        if _SIZE.search(dimension) and place < len(parts) and parts[place] in values:
            there = list(values).index(parts[place]) + step
            if 0 <= there < len(values):
                return "/".join([*parts[:place], values[there], *parts[place + 1 :]])
    return None


def wanted_option(options: Options, present: str, said: str) -> str | None:
    """The combination asked for by values, or by a step of size and perhaps another dimension (大一码，黑色的); None when there is none."""
    step = step_said(said)
    if not step:
        return find_option(options, present, said)
    there = stepped(options, present, step)
    besides = {dimension: () if _SIZE.search(dimension) else values for dimension, values in options.items()}
    return there and (find_option(besides, there, said) or there)


def combinations_in_stock(product: Mapping[str, Any], quantity: int) -> list[str]:
    """Combinations of a product (shape `Product`) of which there are at least `quantity` pieces."""
    return [str(s["option"]) for s in product["stock"] if s["quantity"] >= quantity]


def neighbours(product: Mapping[str, Any], present: str, quantity: int) -> list[str]:
    """Combinations in stock that differ from the present one in one dimension only."""
    have = present.split("/")
    return [o for o in combinations_in_stock(product, quantity) if sum(a != b for a, b in zip(o.split("/"), have)) == 1]


def _stands_in(value: str, said: str, followed_by: str = "") -> bool:
    """Contained, and not as a part of a longer number or Latin word: XL does not stand in XXL."""
    before, after = ("(?<![A-Z0-9])" if value[0].isascii() else ""), ("(?![A-Z0-9])" if value[-1].isascii() else "")
    return re.search(before + re.escape(value) + after + followed_by, said) is not None


def _parts(said: str) -> list[str]:
    """Split at slashes and between Chinese and Latin writing: 白色L码 → 白色, L, 码."""
    parts = re.split(r"[/、,，;；]|(?<=[一-鿿])(?=[A-Z0-9])|(?<=[A-Z0-9])(?=[一-鿿])", said)
    return [part for part in parts if _bare(part)]


def _bare(part: str) -> str:
    return re.sub(r"[色码号的]+$", "", part)
