"""When the courier may come, as a shopper says it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.orders import place_in
from actions.turn import Turn

_SELF = re.compile(r"自己(寄|送|叫)|自行寄|不(用|要|需要)?(上门|取件|约)|send it myself", re.IGNORECASE)
_HOUR = re.compile(r"(\d{1,2})\s*[点:：]")


def sends_it_themselves(turn: Turn) -> bool:
    return bool(_SELF.search(turn.text))


def windows_meant(turn: Turn, slots: Sequence[str]) -> list[str]:
    """The windows that a tap, a position in the list, or a day and a time of day name; all of a day when only the day is said."""
    said = turn.value("pickup") or turn.text.strip()
    if said in slots:
        return [said]
    position = place_in(turn.text)
    if position:
        return list(slots[position - 1 : position])
    hour = _HOUR.search(turn.text)
    hours = f" {int(hour[1]) + (12 if '下午' in turn.text and int(hour[1]) < 12 else 0):02d}:" if hour else None
    days = [f"{int(day[5:7])}月{int(day[8:10])}日" for day in turn.values("date")]
    if not days and not hours:
        return []
    meant = [s for s in slots if not days or any(s.startswith(day) for day in days)]
    if hours:
        return [s for s in meant if hours in s]
    half = "上午" in turn.text or "早上" in turn.text, "下午" in turn.text
    return [s for s in meant if half == (False, False) or (int(s.split(" ")[1][:2]) < 12) == half[0]]
