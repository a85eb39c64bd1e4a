"""The normalised value of an entity whose span a dictionary or the tagger found (contract: intents.md, Entities)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from bot.nlu.entities import dates as day_rules
from bot.nlu.entities.numbers import compact, plain_number, to_number

_CN_NUMBER = re.compile(r"[零〇一二两三四五六七八九十百千万]+(?:点[零一二三四五六七八九十]+)?")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?[百千万]?|[零〇一二两三四五六七八九十百千万]+(?:点[零一二三四五六七八九十]+)?|俩|仨")
_FULL_MARKS = {"满分": "5", "好评": "5", "差评": "1"}


def value_of(entity: str, typed: str, *, today: date) -> str:
    """`typed` is the span as the shopper wrote it; a value that cannot be read as its type is returned as written (NFKC)."""
    text = unicodedata.normalize("NFKC", typed).strip()
    lowered = text.lower()
    if entity in ("order_id", "tracking_no", "tax_no"):
        return compact(text)
    if entity == "phone":
        digits = compact(text)
        return digits[-11:] if re.fullmatch(r"(\+?86|0086)?1\d{10}", digits) else digits
    if entity == "amount":
        return _amount(lowered) or text
    if entity == "quantity":
        number = _first_number(lowered)
        return text if number is None else plain_number(number)
    if entity == "rating":
        return _FULL_MARKS.get(lowered) or _rating(lowered) or text
    if entity == "date":
        found = day_rules.dates(lowered, today)
        return found[0].value if found else text
    if entity == "sku_option":
        return option_value(text)
    return text


def option_value(text: str) -> str:
    """Half-width, Latin in upper case, Chinese numerals as digits, no trailing 的: 四十二码 → 42码, xl的 → XL, 500ml → 500ML."""
    value = unicodedata.normalize("NFKC", text).upper().removesuffix("的").strip()

    def digits(match: re.Match[str]) -> str:
        number = to_number(match[0])
        return match[0] if number is None else plain_number(number)

    return _CN_NUMBER.sub(digits, value) if re.search(r"码|号|斤|升|米|寸|抽|只|件|片|支|包|盒|瓶|袋|人", value) else value


def _amount(text: str) -> str | None:
    yuan_jiao = re.fullmatch(r"(\d+)块(\d)", text)
    if yuan_jiao:
        return f"{yuan_jiao[1]}.{yuan_jiao[2]}0"
    number = _first_number(text)
    if number is None:
        return None
    return f"{number * (0.1 if re.search('[毛角]', text) else 1):.2f}"


def _rating(text: str) -> str | None:
    number = _first_number(text)
    return None if number is None else plain_number(number)


def _first_number(text: str) -> float | None:
    match = _NUMBER.search(text)
    return to_number(match[0]) if match else None
