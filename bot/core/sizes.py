"""Which size fits: what a shopper says of their body against the size table of a product (fact use.size_choice)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

HEIGHT, WEIGHT, WAIST, CHEST, FOOT, AGE = "身高", "体重", "腰围", "胸围", "脚长", "月龄"
"""Measures as size tables name them: centimetres, 斤 (half a kilogram), centimetres, centimetres, centimetres, months."""
USUAL = "平时的尺码"

_ASKS = re.compile(
    r"(什么|啥|多大|几|哪个|哪一个|哪)的?(尺?码|号|size)|(穿|选|买|拍|要)(多大|什么尺寸|哪个合适)|尺码(怎么|咋)选|(偏大|偏小)|码(数|子)?(合适|正不正|准不准)"
    r"|穿?[SMLX\d]+码?(行|合适|可以|能穿|穿得[下上])[吗么不]|(what|which) size|size (should|do|would|fits?)",
    re.IGNORECASE,
)
_ROW = re.compile(rf"({HEIGHT}|{WEIGHT}|{WAIST}|{CHEST}|{FOOT})\s*(\d+(?:\.\d+)?)(?:\s*[-~至到]\s*(\d+(?:\.\d+)?))?")
_ROW_AGE = re.compile(r"(\d+)\s*[-~至到]\s*(\d+)\s*个月")
_DIGITS = str.maketrans("零一二两三四五六七八九", "01223456789")
_CHI_CM = 100 / 3
_NUMBER = r"(\d{1,3}(?:\.\d+)?)"


def asks_size(text: str) -> bool:
    """Whether a message asks which size to take."""
    return bool(_ASKS.search(unicodedata.normalize("NFKC", text)))


@dataclass(frozen=True)
class Fit:
    """The size to take. `smaller` is set when the measures lie between two sizes and the larger one is taken; `size` is None when
    they lie beyond the table: then `nearest` is its end."""

    size: str | None
    nearest: str
    smaller: str | None = None


def measures_in(text: str, *, bare: bool = False) -> dict[str, float | str]:
    """What a message says of the body, in the units above, and under `USUAL` the size that is usually worn.

    `bare`: numbers without a name may be height and weight ("165 110"), because these were asked for or the message asks for a size.
    """
    left = re.sub(r"[一二两]米[零一二两三四五六七八九]{1,2}", lambda m: m[0].translate(_DIGITS), unicodedata.normalize("NFKC", text))
    found: dict[str, float | str] = {}
    for name, pattern, value in _SAID:
        match = pattern.search(left)
        if match and name not in found:
            found[name] = value(match)
            left = left[: match.start()] + " " + left[match.end() :]
    if bare or asks_size(text):
        _bare_numbers(left, found)
    return found


def fit(table: Mapping[str, str], said: Mapping[str, float | str]) -> Fit | None:
    """The size for what was said; None when nothing of it stands in the table. Measures count before the usual size; when two
    measures disagree the larger size is taken."""
    sizes, rows = list(table), [_ranges(text) for text in table.values()]
    usual = str(said.get(USUAL, ""))
    values = {name: value for name, value in said.items() if isinstance(value, float) and any(name in row for row in rows)}
    if not values and usual.isdigit() and any(FOOT in row for row in rows):
        values = {FOOT: (int(usual) + 10) / 2}  # GB/T 3293: size 42 is a foot of 26 cm; some lasts run smaller
    if not values:
        return Fit(usual, usual) if usual in table else None
    places = [_place(name, value, rows) for name, value in values.items()]
    if max(places) >= len(sizes):
        return Fit(None, sizes[-1])
    largest, smallest = max(places), max(min(places), 0)
    if largest < 0:
        return Fit(None, sizes[0])
    return Fit(sizes[largest], sizes[largest], sizes[smallest] if smallest < largest else None)


def asked_by(table: Mapping[str, str]) -> list[str]:
    """The measures that a table goes by, in its order; empty when it is written in another way."""
    return list(dict.fromkeys(name for text in table.values() for name in _ranges(text)))


def _ranges(text: str) -> dict[str, tuple[float, float]]:
    ranges = {m[1]: (float(m[2]), float(m[3] or m[2])) for m in _ROW.finditer(text)}
    age = _ROW_AGE.search(text)
    return ranges | ({AGE: (float(age[1]), float(age[2]))} if age else {})


_SLACK = {HEIGHT: 6.0, WEIGHT: 10.0, FOOT: 0.5, AGE: 1.0}
"""So far below the smallest size that one still fits."""


def _place(name: str, value: float, rows: Sequence[Mapping[str, tuple[float, float]]]) -> int:
    """The first size that is large enough; -1 for less than the smallest, `len(rows)` for more than the largest."""
    known = [(place, row[name]) for place, row in enumerate(rows) if name in row]
    if value < known[0][1][0] - _SLACK.get(name, 4.0):
        return -1
    return next((place for place, (_, high) in known if value <= high + 1e-6), len(rows))


def _bare_numbers(text: str, found: dict[str, float | str]) -> None:
    numbers = [float(n) for n in re.findall(r"(?<![\d.A-Za-z])(\d{2,3}(?:\.\d)?)(?![\d.]|\s*[码号元块件双])", text)]
    if HEIGHT not in found and numbers and 130 <= numbers[0] <= 210:
        found[HEIGHT] = numbers.pop(0)
    if HEIGHT in found and WEIGHT not in found and numbers and 35 <= numbers[0] <= 260:
        found[WEIGHT] = _jin(numbers[0], "")


def _jin(number: float, unit: str) -> float:
    """A weight without a unit is 斤, unless it would be a child's."""
    kilograms = unit.lower() in ("kg", "kgs", "公斤", "千克") or (not unit and number < 80)
    return number * 2 if kilograms else number


def _metres(match: re.Match[str]) -> float:
    rest = match[1]
    return 100 + float(rest) * (10 if len(rest) == 1 else 1)


def _centimetres(match: re.Match[str]) -> float:
    """70, 2尺1."""
    if match[1]:
        return round((float(match[1]) + float(match[2] or 0) / 10) * _CHI_CM, 1)
    return float(match[3])


def _foot(match: re.Match[str]) -> float:
    """25.5, or 255 millimetres."""
    number = float(match[1])
    return number / 10 if number > 100 else number


_TAPE = rf"\D{{0,3}}?(?:(\d)尺(\d)?|{_NUMBER})\s*(?:cm|厘米|公分)?"
_SAID: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], float | str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE), value)
    for name, pattern, value in (
        (WAIST, r"(?:腰围?|waist)" + _TAPE, _centimetres),
        (CHEST, r"(?:胸围?|bust|chest)" + _TAPE, _centimetres),
        (FOOT, rf"(?:脚长?|foot)\D{{0,4}}?{_NUMBER}\s*(?:cm|mm|厘米|公分|毫米)?", _foot),
        (AGE, r"(?<!\d)(\d{1,2})\s*个半?月", lambda m: float(m[1])),
        (AGE, r"半岁", lambda m: 6.0),
        (
            USUAL,
            r"(?:平时|平常|一般|通常|日常|以前|一直|usually wear|size)\D{0,5}?(XX?S|[SML]|X{1,3}L|\d?XL|[2-4]\d)(?![\dA-Z.])",
            lambda m: m[1].upper(),
        ),
        (WEIGHT, rf"(?:体重|weigh)\D{{0,3}}?{_NUMBER}\s*(kgs?|公斤|千克|斤)?", lambda m: _jin(float(m[1]), m[2] or "")),
        (WEIGHT, rf"(?<!\d){_NUMBER}\s*(kgs?|公斤|千克|斤)", lambda m: _jin(float(m[1]), m[2])),
        (HEIGHT, r"1[米m.](\d{1,2})(?!\d)\s*(?:米|m)?", _metres),
        (HEIGHT, r"身高\D{0,3}?(\d{2,3}(?:\.\d)?)\s*(?:cm|厘米|公分)?", lambda m: float(m[1])),
        (HEIGHT, r"(?<!\d)(\d{2,3}(?:\.\d)?)\s*(?:cm|厘米|公分)", lambda m: float(m[1])),
    )
)
