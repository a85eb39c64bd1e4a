"""When the courier may come, as a shopper says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.places import place_in
from actions.turn import Turn

NOON = 12
_SELF = re.compile(r"自己(寄|送|叫)|自行寄|不(用|要|需要)?(上门|取件|约)|send it myself", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2}|十[一二]?|[一二两三四五六七八九])\s*[点:：]")
_NUMERALS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10, "十一": 11, "十二": 12}
_AFTERNOON, _MORNING = (
    re.compile(r"下午|晚上|傍晚|\bpm\b|afternoon", re.IGNORECASE),
    re.compile(r"上午|早上|早晨|\bam\b|morning", re.IGNORECASE),
)


def sends_it_themselves(turn: Turn) -> bool:
    return bool(_SELF.search(turn.text))


def names_time(turn: Turn) -> bool:
    return bool(turn.values("date") or _hour(turn.text) is not None or _AFTERNOON.search(turn.text) or _MORNING.search(turn.text))


def windows_meant(turn: Turn, slots: Sequence[str]) -> list[str]:
    """The windows that a tap, a position in the list, or a day and a time of day name; all of a day when only the day is said."""
    said = turn.value("pickup") or turn.text.strip()
    if said in slots or turn.value("pickup"):
        return [slot for slot in slots if slot == said]
    position = place_in(turn.text)
    if position:
        return list(slots[position - 1 : position])
    if not names_time(turn):
        return []
    days = [f"{int(day[5:7])}月{int(day[8:10])}日" for day in turn.values("date")]
    return [slot for slot in slots if (not days or any(slot.startswith(day) for day in days)) and _at_the_hour(turn.text, slot)]


def _at_the_hour(text: str, slot: str) -> bool:
    """Whether a window (11月22日 09:00-11:00) holds the hour that is said, or lies in the half of the day that is."""
    opens, closes = (int(clock[:2]) for clock in slot.split(" ")[1].split("-"))
    hour = _hour(text)
    if hour is not None:
        return opens <= hour < closes
    afternoon, morning = bool(_AFTERNOON.search(text)), bool(_MORNING.search(text))
    return afternoon == morning or (opens < NOON) == morning


def _hour(text: str) -> int | None:
    found = _HOUR.search(text)
    if found is None:
        return None
    hour = _NUMERALS.get(found[1]) or int(found[1])
    return hour + NOON if hour < NOON and _AFTERNOON.search(text) else hour
