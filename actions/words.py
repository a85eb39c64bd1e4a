"""Words on buttons, on cards and inside sentences, in the shopper's language (`words.yml`); put into words where they are said."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

CHINESE, ENGLISH = "zh", "en"
_FILE = Path(__file__).with_name("words.yml")


@dataclass(frozen=True)
class Word:
    """A word by its name in `words.yml` (`want.request_return`); `values` fill its placeholders and may be words."""

    name: str
    values: Mapping[str, Any] = field(default_factory=dict)


def word(group: str, name: Any, otherwise: str) -> Word | str:
    """A word of a group, such as `order_status`; `otherwise`, the shop's own text, for what the shop added to it."""
    return Word(f"{group}.{name}") if f"{group}.{name}" in words() else otherwise


def moment(at: datetime) -> Word:
    return Word("moment", {"month": at.month, "day": at.day, "time": f"{at:%H:%M}", "month_name": f"{at:%b}"})


def on_day(day: date) -> Word:
    """A day with its weekday, as it is said to somebody who waits for it."""
    weekday = Word(f"weekday.{day.weekday()}")
    return Word("day", {"month": day.month, "day": day.day, "weekday": weekday, "month_name": f"{day:%b}"})


def in_language(value: Any, language: str) -> Any:
    """The same value, and every word inside it in a language; whoever writes neither Chinese nor English reads English."""
    if isinstance(value, Word):
        text = words()[value.name][CHINESE if language.startswith(CHINESE) else ENGLISH]
        return text.format(**{name: in_language(inner, language) for name, inner in value.values.items()})
    if isinstance(value, Mapping):
        return {name: in_language(inner, language) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [in_language(inner, language) for inner in value]
    return value


@functools.lru_cache(maxsize=1)
def words() -> dict[str, dict[str, str]]:
    """Every word by its full name: its text by language."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    groups = {name for name, entry in read.items() if CHINESE not in entry}
    alone = {name: entry for name, entry in read.items() if name not in groups}
    return {**alone, **{f"{group}.{name}": entry for group in groups for name, entry in read[group].items()}}
